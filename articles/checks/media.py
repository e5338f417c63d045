"""Can pictures and tables be understood without being seen?"""

from collections.abc import Iterator
from itertools import zip_longest

from articles.checks.finding import Finding, Severity
from articles.checks.places import as_text, field, name_of, path_of
from articles.document.draft import Draft, Section
from articles.record.vocabulary import SectionKind

PICTURED = (SectionKind.FIGURE, SectionKind.MECHANISM)


def image_without_alt(draft: Draft) -> Iterator[Finding]:
    """A picture that says nothing to those who cannot see it, and is not marked as decorative.
    Source: WCAG 2.2, success criterion 1.1.1."""
    for path, name, alt in _images(draft):
        if not as_text(alt):
            message = f"Write alternative text for {name}, for people who cannot see it, or mark it as decorative."
            yield Finding(Severity.BLOCKING, path, message)


def figure_without_image(draft: Draft) -> Iterator[Finding]:
    """A figure that shows nothing: no picture is chosen, or it was deleted. Source: design, section 4 (figure)."""
    for section in draft.of_kind(SectionKind.FIGURE):
        if _image_key(section) not in draft.images:
            message = f"Choose a picture for {name_of(section)}, or remove the section."
            yield Finding(Severity.BLOCKING, path_of(section, "figure", "image"), message)


def table_without_header(draft: Draft) -> Iterator[Finding]:
    """Cells that a screen reader cannot name. Source: WCAG 2.2, success criterion 1.3.1; H51 (table markup)."""
    for section in draft.of_kind(SectionKind.TABLE):
        table = field(section, "table")
        if not isinstance(table, dict) or not table.get("data"):
            continue
        if not table.get("first_row_is_table_header") and not table.get("first_col_is_header"):
            message = f"Mark the header row or the header column of the table in {name_of(section)}."
            yield Finding(Severity.WARNING, path_of(section, "table"), message)


def empty_header_cell(draft: Draft) -> Iterator[Finding]:
    """A column or row with values and without a name; the corner may stay empty, and merged cells are not read.
    Source: WCAG 2.2, success criterion 1.3.1; technique H63 (scope of headers)."""
    for section in draft.of_kind(SectionKind.TABLE):
        table = field(section, "table")
        if not isinstance(table, dict) or table.get("mergeCells"):
            continue
        if found := next(_unnamed(table), ""):
            message = f"Fill the empty header cell of {found} of the table in {name_of(section)}."
            yield Finding(Severity.WARNING, path_of(section, "table"), message)


def _unnamed(table: dict) -> Iterator[str]:
    data = table.get("data")
    rows = [row for row in data if isinstance(row, list) and row] if isinstance(data, list) else []
    if table.get("first_row_is_table_header"):
        for index, column in enumerate(zip_longest(*rows)):
            if index and not _says(column[0]) and any(map(_says, column)):
                yield f"column {index + 1}"
    if table.get("first_col_is_header"):
        for index, row in enumerate(rows):
            if index and not _says(row[0]) and any(map(_says, row)):
                yield f"row {index + 1}"


def _says(cell: object) -> bool:
    return cell is not None and bool(str(cell).strip())


def _images(draft: Draft) -> Iterator[tuple[str, str, object]]:
    """(path, name, alternative text) of each picture that is to say something."""
    if draft.hero and not draft.hero_decorative:
        yield "hero/alt", "the hero image", draft.hero_alt
    if draft.social_image:
        yield "social_image/alt", "the social image", draft.social_image_alt
    for section in draft.of_kind(*PICTURED):
        figure = field(section, "figure")
        if _image_key(section) in draft.images and not figure.get("decorative"):
            yield path_of(section, "figure", "alt"), f"the picture in {name_of(section)}", figure.get("alt")


def _image_key(section: Section) -> int:
    """The picture's key; 0 where none is chosen."""
    figure = field(section, "figure")
    key = figure.get("image") if isinstance(figure, dict) else None
    return key if isinstance(key, int) else 0


CHECKS = (image_without_alt, figure_without_image, table_without_header, empty_header_cell)

"""Tables of a page: the grid of their cells, merged cells written out. Layout is no table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from articles.intake.readers.page.tree import elements

MAX_CELLS = 20_000
MAX_COLUMNS = 100
PROSE = 400  # characters in a cell; a table of such cells arranges text

_TEXTS = ("h1", "h2", "h3", "h4", "h5", "h6", "table", "article", "section", "figure", "dl")


@dataclass(frozen=True)
class Grid:
    """`rows` repeat a merged cell in each place that it covers; `lines` say its words once. `header`: see Block."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]
    header: str


def is_data(table: HtmlElement) -> bool:
    """Whether rows and columns mean something, and do not only arrange a page."""
    if table.get("role", "").lower() in ("presentation", "none"):
        return False
    if any(each is not table for each in elements(table, *_TEXTS)):
        return False
    rows = [list(_cells(row)) for row in _rows(table)]
    widest = max(map(len, rows), default=0)
    return len([row for row in rows if row]) >= 2 and widest >= 2 and sum(map(len, rows)) <= MAX_CELLS


def read_grid(table: HtmlElement, read: Callable[[HtmlElement], str]) -> Grid | None:
    """None where the cells hold prose, or there are too many. `read` gives the words of a cell."""
    rows: list[list[str]] = []
    lines: list[str] = []
    below: dict[int, tuple[int, str]] = {}  # column -> (rows still to fill, text)
    texts = 0
    for row in _rows(table):
        cells = [(cell, read(cell)) for cell in _cells(row)]
        texts = max([texts, *(len(text) for _, text in cells)])
        made = _filled(cells, below)
        if len(rows) * max(1, len(made)) > MAX_CELLS:
            return None
        if any(text for _, text in cells):
            rows.append(made)
            lines.append(" | ".join(text for _, text in cells))
    width = max(map(len, rows), default=0)
    is_prose = texts > PROSE and not any(True for _ in elements(table, "th")) and width <= 2
    if width < 2 or len(rows) < 2 or is_prose:
        return None
    squared = tuple(tuple(row + [""] * (width - len(row))) for row in rows)
    return Grid(squared, tuple(lines), _header(table))


def _filled(cells: list[tuple[HtmlElement, str]], below: dict[int, tuple[int, str]]) -> list[str]:
    """One row of the grid. A cell as wide as the whole row is a heading in the table: it is said once."""
    made: list[str] = []
    spans_row = len(cells) == 1 and not below

    def fill_from_above() -> None:
        while len(made) in below:
            left, text = below[len(made)]
            if left > 1:
                below[len(made)] = (left - 1, text)
            else:
                del below[len(made)]
            made.append(text)

    for cell, text in cells:
        fill_from_above()
        width, height = _span(cell, "colspan"), _span(cell, "rowspan")
        for column in range(width):
            if height > 1:
                below[len(made)] = (height - 1, text)
            made.append(text if column == 0 or not spans_row else "")
    fill_from_above()
    return made[:MAX_COLUMNS]


def _span(cell: HtmlElement, name: str) -> int:
    written = cell.get(name, "1").strip()
    return max(1, min(int(written), MAX_COLUMNS)) if written.isascii() and written.isdigit() and len(written) < 9 else 1


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    return elements(table, "tr")


def _cells(row: HtmlElement) -> Iterator[HtmlElement]:
    return (cell for cell in row if cell.tag in ("td", "th"))


def _header(table: HtmlElement) -> str:
    rows = [row for row in (list(_cells(row)) for row in _rows(table)) if row]
    in_head = next(elements(table, "thead"), None) is not None
    has_row = in_head or all(cell.tag == "th" for cell in rows[0])
    has_column = len(rows) > 1 and all(row[0].tag == "th" for row in rows[1:])
    return "both" if has_row and has_column else "row" if has_row else "column" if has_column else ""

"""Does a section say anything beside its headings? Used by the checks of structure."""

import re
from collections.abc import Iterator

from articles.checks.places import LISTS, as_text, field, plain_text
from articles.document.draft import Section
from articles.record.vocabulary import SectionKind

SUBHEADING = re.compile(r"<h([34])\b[^<>]*>((?:(?!</?h[34]\b).)*)</h\1>", re.IGNORECASE | re.DOTALL)
DEFAULTED = {"system", "action", "support", "frequency", "severity", "route", "level", "subjects", "certainty"}


def has_content(section: Section) -> bool:
    """Whether a reader finds something below its headings."""
    rich = as_text(field(section, "text"))
    return bool(plain_text(SUBHEADING.sub("", rich))) or has_fields(section)


def has_fields(section: Section) -> bool:
    """Whether what its kind has beside the text is filled."""
    match section.kind:
        case SectionKind.TABLE:
            return _is_filled(field(section, "table"), "data")
        case SectionKind.MECHANISM if _is_filled(field(section, "figure"), "image"):
            return True
        case SectionKind.SEEK_HELP:
            return any(says(field(section, name)) for name in ("signs", "action"))
    return any(says(field(section, name)) for name in LISTS.get(section.kind, {}))


def empty_subheadings(section: Section) -> Iterator[str]:
    """Sub-headings with nothing before the next of their level; below the last, the section's lists may stand."""
    rich = as_text(field(section, "text"))
    found = list(SUBHEADING.finditer(rich))
    for index, heading in enumerate(found):
        end = next((later for later in found[index + 1 :] if later[1] <= heading[1]), None)
        below = rich[heading.end() : end.start() if end else len(rich)]
        if not plain_text(SUBHEADING.sub("", below)) and (end or not has_fields(section)):
            yield plain_text(heading[2])


def _is_filled(value: object, name: str) -> bool:
    return isinstance(value, dict) and says(value.get(name))


def says(value: object) -> bool:
    """Whether there is a word or a number anywhere in it; choices have defaults and say nothing by themselves."""
    if isinstance(value, dict):
        return any(says(item) for name, item in value.items() if name not in DEFAULTED)
    if isinstance(value, list):
        return any(says(item) for item in value)
    return bool(plain_text(value)) if isinstance(value, str) else value is not None and value is not False

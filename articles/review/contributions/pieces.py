"""The pieces of a text whose writers are remembered: each section, and each field beside the sections. Pure.

A piece has two marks. `exact` changes with every comma. `loose` is of its letters and digits alone, so that words which
come back with other white space, capitals or punctuation are known again. A section or summary is known again in any
article, as long as it says more than a few words; everything else only where it stood.
"""

import html
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from articles.record.vocabulary import DocumentKind
from articles.review.contributions import rich, states
from articles.review.review import MEDICAL, NOTE, PRESENTATION

LEAST = 20  # letters and digits that are no coincidence
LENGTH = 32  # hexadecimal digits of a mark
LONGEST_NAME = 80
SECTIONS = "sections"
FREE = ("summary",)  # beside the sections; titles of a few words are no one's own


class Piece(NamedTuple):
    exact: str
    loose: str


def pieces_of(part: str, content: dict[str, Any], *, subject: str) -> dict[str, Piece]:
    """{name: piece} of an article's part, of its note to readers, or of a component; only what says something."""
    found = {name: _field(name, value, subject) for name, value in _fields(part, content) if not _is_empty(value)}
    return found | (_sections(content, subject) if part == MEDICAL else {})


def _fields(part: str, content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if part == MEDICAL:
        yield from states.medical_fields(content).items()
    elif part == PRESENTATION:
        yield from states.presentation_fields(content).items()
    elif part == NOTE:
        yield "change_note", content.get("change_note")
    elif part in (DocumentKind.OFFER, DocumentKind.DISCLAIMER):
        yield from states.component_state(content, kind=part).items()


def _field(name: str, value: Any, subject: str) -> Piece:
    return Piece(_mark([name, value]), _loose(name, value, subject, is_free=name in FREE))


def _sections(content: dict[str, Any], subject: str) -> dict[str, Piece]:
    """Each section by its block, and their arrangement: who left a section out answers for that, too."""
    found: dict[str, Piece] = {}
    for place, (block, section) in enumerate(states.sections(content)):
        name = f"section {block}"[:LONGEST_NAME]
        name = f"{name} {place}" if name in found else name  # two may share an id
        found[name] = Piece(_mark(section), _loose("section", section[1], subject, is_free=True))
    arranged = _mark([SECTIONS, [piece.exact for piece in found.values()]])
    return found | ({SECTIONS: Piece(arranged, _mark([subject, arranged]))} if found else {})


def _loose(name: str, value: Any, subject: str, *, is_free: bool) -> str:
    letters = _letters(value)
    if is_free and len(letters) >= LEAST:
        return _mark(letters)
    return _mark([subject, name, letters if letters and isinstance(value, str) else value])


def _letters(value: Any) -> str:
    """The letters and digits of all its texts, without case, accents and what stands between."""
    text = unicodedata.normalize("NFKD", "".join(_texts(value))).casefold()
    return "".join(character for character in text if character.isalnum())


def _texts(value: Any) -> Iterator[str]:
    """Fields in the order of their names, since forms and importers store them in orders of their own; no tags."""
    if isinstance(value, str):
        yield html.unescape(value)
    elif isinstance(value, dict):
        for name, item in sorted(value.items()):
            yield from _texts(item) if name != rich.TAGS else ()
    elif isinstance(value, list | tuple):
        yield from (text for item in value for text in _texts(item))


def _mark(value: Any) -> str:
    return states.hash_of(value)[:LENGTH]


def _is_empty(value: Any) -> bool:
    return states.said(value) in states.NOTHING

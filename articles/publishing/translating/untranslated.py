"""Which places of a translation still have words of the original. Pure; reads rendered documents alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from articles.record.compare.values import is_coded, label, section_name

FEWEST, FEWEST_OF_TITLE = 3, 2  # words: a name may be the same in two languages
FIELDS = ("title", "summary", "synonyms", "sponsorship", "hero", "seo")
# Ids and coded values; and citations, whose quote and place are those of the source, in its language.
SKIPPED = {"id", "kind", "citations", "sha256", "code", "system", "display", "references", "_type", "_key", "markDefs"}


@dataclass(frozen=True)
class Place:
    """A field (`section` is "") or a section."""

    name: str
    section: str = ""


def untranslated(originals: Iterable[dict[str, Any]], own: dict[str, Any]) -> list[Place]:
    """The places of the translation with a sentence, item or heading that is, word for word, one of the original's.

    `originals`: the medical part of the original, as it was and as it is; `own`: that of the translation.
    """
    before = {text for each in originals for part in (_fields(each), each.get("sections")) for text in _texts(part)}
    fields = [Place(label(key)) for key, value in _fields(own).items() if before & set(_texts(value, key))]
    sections = [row for row in own.get("sections") or [] if before & set(_texts(row))]
    return [*fields, *(Place(section_name(row), row["id"]) for row in sections)]


def _fields(document: dict[str, Any]) -> dict[str, Any]:
    return {key: document[key] for key in FIELDS if document.get(key)}


def _texts(value: Any, key: str = "") -> Iterator[str]:
    """Every text of at least so many words; a paragraph of rich text is one."""
    if isinstance(value, dict) and value.get("_type") == "block":
        value = "".join(span.get("text", "") for span in value.get("children") or [])
    if isinstance(value, str):
        text = " ".join(value.split())
        fewest = FEWEST_OF_TITLE if key == "title" else FEWEST
        if not is_coded(key, value) and len(text.split()) >= fewest:
            yield text
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in SKIPPED:
                yield from _texts(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, key)

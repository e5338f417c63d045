"""The words that readers see in an article, each with the section and the field where they stand. Pure.

The same texts as search reads, without the numbers of citations, and what is shown beside them; not those of offers.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from articles.record.documents import RICH_TEXT, SECTION, SECTIONS, Maybe
from articles.record.search.said import NOT_READ, paragraph

Json = dict[str, Any]


class Text(NamedTuple):
    """`field` as a path: `title`, `items[0].answer`, `notices[0].text`. Only running text has several paragraphs."""

    section: Json | None
    field: str
    paragraphs: Sequence[str]


def texts_of(article: Json) -> Iterator[Text]:
    content = article["content"]
    yield Text(None, "title", [content["title"]])
    yield Text(None, "summary", [content["summary"]])
    for section in content["sections"]:
        yield from texts_in(section)
    for at, notice in enumerate(article["notices"]):
        yield Text(None, f"notices[{at}].text", [notice["text"]])
    yield Text(None, "sponsorship", [content["sponsorship"] or ""])
    for at, disclaimer in enumerate(content["disclaimers"]):
        yield Text(None, f"disclaimers[{at}].text", [paragraph(block) for block in disclaimer["text"]])


def texts_in(section: Json) -> Iterator[Text]:
    for field, paragraphs in _walk(section, SECTION | SECTIONS.get(section["kind"], {}), ""):
        yield Text(section, field, paragraphs)


def _walk(value: Any, shape: Any, path: str) -> Iterator[tuple[str, list[str]]]:
    """A shape says "" where people write; closed lists have None."""
    match shape:
        case "":
            yield from [(path, [str(value)])] if value else []
        case []:
            yield from ((f"{path}[{at}]", [str(item)]) for at, item in enumerate(value) if item)
        case Maybe(inner):
            yield from _walk(value, inner, path) if value else ()
        case [inner] if inner is RICH_TEXT[0]:
            yield from [(path, [paragraph(block) for block in value])] if value else []
        case [inner]:
            for at, item in enumerate(value):
                yield from _walk(item, inner, f"{path}[{at}]")
        case dict():
            for name, inner in shape.items():
                if name not in NOT_READ:
                    yield from _walk(value[name], inner, f"{path}.{name}" if path else name)

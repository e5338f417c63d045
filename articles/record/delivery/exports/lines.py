"""Lines of our own as Portable Text, so that one writer escapes them: fixed words, names, values. Pure."""

from collections.abc import Iterator
from typing import Any

from articles.record import words
from articles.record.delivery.content.portable_text import Block, Shown

Json = dict[str, Any]
Span = tuple[str, str | Json]  # words, and a mark by its name or by its definition; "" for none


def line(*spans: Span, **block: Any) -> Block:
    """A paragraph; with `listItem` an item, with `style` a heading. Spans without words are left out."""
    said = [(text, mark) for text, mark in spans if text]
    definitions = {f"m{at}": mark for at, (_, mark) in enumerate(said) if isinstance(mark, dict)}
    children = [
        {"text": text, "marks": [f"m{at}"] if f"m{at}" in definitions else [mark] if mark else []}
        for at, (text, mark) in enumerate(said)
    ]
    return {"children": children, "markDefs": [{"_key": key} | mark for key, mark in definitions.items()]} | block


def lines(*given: list[Span]) -> Iterator[Block]:
    """A paragraph for each that says something."""
    return (line(*spans) for spans in given if any(text for text, _ in spans))


def item_of(*spans: Span, kind: str = "bullet") -> Block:
    return line(*spans, listItem=kind)


def link(text: str, href: str) -> Span:
    return text, {"_type": "link", "href": href}


def cited(item: Json) -> Span:
    """A citation's words are its numbers; it has none where nothing is cited."""
    citations = item["citations"]
    return ("1" if citations else ""), {"_type": "citation", "citations": citations}


def word(name: str, value: str | None, shown: Shown) -> str:
    return words.label(name, value, shown.language).text if value else ""


def say(key: str, shown: Shown, **given: object) -> str:
    return words.sentence(key, shown.language, **given).text


def sentence(text: str) -> Span:
    return (f". {text}" if text else ""), ""

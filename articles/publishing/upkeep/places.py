"""Where words, a source or an offer stand in a stored draft, and each place made anew.

A place knows how to make itself in the content of the draft. The order is that of the editor.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import count
from typing import Any

from django.db.models import QuerySet

from articles.authoring.components import Offer
from articles.document import stored
from articles.document.replacing import Replacing
from articles.errors import DomainError
from articles.review.passages import passages_of
from articles.review.responses.fields import WORDS as FIELDS
from articles.review.responses.fields import section_name
from articles.review.responses.suggestion_text import SpansMarkup, put
from articles.sources.models import Source

AROUND = 40  # characters that are shown on either side of a place
_HREF = re.compile(r'(?<=\shref=")[^"]*(?=")')
WORDS, SOURCE, OFFER = "words", "source", "offer"
Content = dict[str, Any]
Make = Callable[[Content], Content]
RECORDS: dict[str, Callable[[], QuerySet[Any]]] = {
    SOURCE: lambda: Source.objects.prefetch_related("merged"),
    OFFER: Offer.objects.all,
}


class CannotReplace(DomainError):
    """Nothing is chosen, or what is asked for changes nothing."""

    code = "cannot-replace"
    title = "Nothing was replaced."
    status = 422


@dataclass(frozen=True)
class Replacement:
    """`before` and `after` are words, or the primary keys of two sources or two offers, as `kind` says."""

    kind: str
    before: str
    after: str

    def __post_init__(self) -> None:
        if not self.before or self.before == self.after:
            raise CannotReplace("Say what is to be replaced, and by what else.")

    @cached_property
    def records(self) -> list[Any]:
        """The two sources or offers, the one that goes first; nothing if one is not there. Asked for once."""
        rows = RECORDS[self.kind]().in_bulk([int(self.before), int(self.after)])
        return [rows[int(self.before)], rows[int(self.after)]] if len(rows) == 2 else []


@dataclass(frozen=True)
class Place:
    """One place in a draft. `problem` says why it cannot be replaced from outside the editor."""

    where: str
    before: str
    after: str
    make: Make = field(compare=False, repr=False)
    problem: str = ""


def places_in(content: Content, replacement: Replacement) -> list[Place]:
    """In order. Each can be made as long as none before it was: a place does not move those before it."""
    before, after = replacement.before, replacement.after
    if replacement.kind == WORDS:
        return [*_in_fields(content, before, after), *_in_sections(content, before, after)]
    find = _offers if replacement.kind == OFFER else _citations
    return list(find(content, *replacement.records)) if replacement.records else []


def _in_fields(content: Content, before: str, after: str) -> Iterator[Place]:
    for name, label in FIELDS.items():
        text = str(content.get(name) or "")
        for start in _starts(text, before):
            yield Place(label, *_shown(text, start, before, after), partial(_make_field, name, start, before, after))


def _make_field(name: str, start: int, before: str, after: str, content: Content) -> Content:
    text = content[name]
    return content | {name: text[:start] + after + text[start + len(before) :]}


def _in_sections(content: Content, before: str, after: str) -> Iterator[Place]:
    for index, block in enumerate(stored.stream(content.get("body"))):
        if block.get("type") in stored.KNOWN:
            yield from _in_text(block, index, before, after)
            yield from _in_links(block, index, before, after)


def _in_text(block: Content, index: int, before: str, after: str) -> Iterator[Place]:
    kind, value = stored.kind_of(block["type"]), block.get("value") or {}
    for number, passage in enumerate(passages_of(kind, value)):
        for start in _starts(passage.text, before):
            make, problem = partial(_make_text, number, start, before, after), ""
            try:
                make(block)
            except SpansMarkup:
                problem = "It starts and ends in different formatting. Replace it in the editor."
            where = f"{section_name(block)}, {passage.label}"
            shown = _shown(passage.text, start, before, after)
            yield Place(where, *shown, partial(_make_section, index, make), problem)


def _make_section(index: int, make: Make, content: Content) -> Content:
    body = stored.stream(content["body"])
    body[index] = make(body[index])
    return content | {"body": json.dumps(body)}


def _make_text(number: int, start: int, before: str, after: str, block: Content) -> Content:
    passage = passages_of(stored.kind_of(block["type"]), block["value"])[number]
    return put(block, passage, start, before, after)


def _in_links(block: Content, index: int, before: str, after: str) -> Iterator[Place]:
    """Addresses that have the words, and telephone links with the same digits however they are written."""
    for number, address in enumerate(_addresses(block)):
        if (made := _readdressed(address, before, after)) != address:
            where = f"{section_name(block)}, address of a link"
            yield Place(where, address, made, partial(_make_section, index, partial(_make_link, number, made)))


def _addresses(block: Content) -> list[str]:
    texts = stored.strings_of(block.get("value"))
    return [html.unescape(match[0]) for text in texts for match in _HREF.finditer(text)]


def _readdressed(address: str, before: str, after: str) -> str:
    if before in address:
        return address.replace(before, after)
    old, new = _digits(before), _digits(after)
    is_number = address.lower().startswith("tel:") and len(old) >= 3 and new
    return f"tel:{new}" if is_number and _digits(address) == old else address


def _digits(text: str) -> str:
    """The number as it is dialled: digits, after a plus sign if there is one."""
    return ("+" if "+" in text else "") + "".join(character for character in text if character in "0123456789")


def _make_link(number: int, made: str, block: Content) -> Content:
    seen = count()
    return block | {
        "value": _each_string(block["value"], lambda text: _HREF.sub(partial(_nth, seen, number, made), text))
    }


def _nth(seen: Iterator[int], number: int, made: str, match: re.Match[str]) -> str:
    return html.escape(made) if next(seen) == number else match[0]


def _each_string(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _each_string(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_each_string(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


def _citations(content: Content, before: Source, after: Source) -> Iterator[Place]:
    """One place for each article: its citations of one work change together."""
    found = Replacing(before.keys, after.pk, after.keys)
    found.body(stored.stream(content.get("body")))
    if number := found.citations + found.listed:
        where = f"{number} citations" if number > 1 else "One citation"
        quoted = ", with quotes of the old source to check" if found.quotes else ""
        yield Place(f"{where}{quoted}", str(before), str(after), partial(_make_citations, before, after))


def _make_citations(before: Source, after: Source, content: Content) -> Content:
    made = Replacing(before.keys, after.pk, after.keys).body(stored.stream(content["body"]))
    return content | {"body": json.dumps(made)}


def _offers(content: Content, before: Offer, after: Offer) -> Iterator[Place]:
    for index, block in enumerate(stored.stream(content.get("body"))):
        if (block.get("value") or {}).get("offer") == before.pk:
            make = partial(_make_section, index, partial(_make_offer, after.pk))
            yield Place(section_name(block), str(before), str(after), make)


def _make_offer(after: int, block: Content) -> Content:
    return block | {"value": block["value"] | {"offer": after}}


def _starts(text: str, before: str) -> list[int]:
    """Where the words stand by themselves: “face” is not in “surface”."""
    begin, end = (r"(?<!\w)" if before[0].isalnum() else ""), (r"(?!\w)" if before[-1].isalnum() else "")
    return [match.start() for match in re.finditer(begin + re.escape(before) + end, text)]


def _shown(text: str, start: int, before: str, after: str) -> tuple[str, str]:
    """The place with some words around it, as it is and as it will be."""
    end = start + len(before)
    head = ("…" if start > AROUND else "") + text[max(0, start - AROUND) : start]
    tail = text[end : end + AROUND] + ("…" if len(text) > end + AROUND else "")
    return f"{head}{before}{tail}", f"{head}{after}{tail}"

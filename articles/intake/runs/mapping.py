"""One step for a migration: what fields, categories, authors and shortcodes of the old system become here. Pure.

`Mapping` is kept with the run as JSON. It is applied when a draft is made, so that it may be changed until then.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from html import unescape
from typing import Any

from django.db.models import TextChoices

from articles.intake.outline import Block, BlockKind, Origin, Outline, Part, Role
from articles.intake.recognize.references import read_reference


class Shortcode(TextChoices):
    """What becomes of [name …] and of the words between [name] and [/name]."""

    AS_WRITTEN = "as-written", "Leave it in the text"
    WORDS = "words", "Keep the words, remove the code"
    LEAVE_OUT = "leave-out", "Leave out the code and its words"


@dataclass(frozen=True)
class Mapping:
    """`reviewer`, `review_date`, `references`: names of custom fields, "" for none. `topics` and `people`: {name in
    the old system: primary key here}. `shortcodes`: {name: a value of Shortcode}."""

    reviewer: str = ""
    review_date: str = ""
    references: str = ""
    topics: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    shortcodes: dict[str, str] = field(default_factory=dict)


def read_mapping(stored: dict[str, Any]) -> Mapping:
    return Mapping(**{name: value for name, value in stored.items() if name in Mapping.__dataclass_fields__})


def mapping_json(mapping: Mapping) -> dict[str, Any]:
    return asdict(mapping)


def apply(mapping: Mapping, outline: Outline, origin: Origin) -> Outline:
    """The outline without shortcodes that are to go, and with the sources of the field that holds them."""
    parts = [part for each in outline.parts for part in _without_shortcodes(each, mapping.shortcodes)]
    return replace(outline, parts=(*parts, *_sources(mapping, origin)))


def reviewed(mapping: Mapping, origin: Origin) -> dict[str, str]:
    """{reviewer, reviewed_on} as the old system says it. It is kept as a note: it is no signature."""
    said = {"reviewer": mapping.reviewer, "reviewed_on": mapping.review_date}
    return {name: origin.fields[held] for name, held in said.items() if held and origin.fields.get(held)}


def topics_of(mapping: Mapping, origin: Origin) -> list[int]:
    """Primary keys of topics, each once."""
    return list(dict.fromkeys(mapping.topics[name] for name in origin.categories if name in mapping.topics))


def people_of(mapping: Mapping, origin: Origin) -> list[int]:
    """Primary keys of the byline, each once."""
    return list(dict.fromkeys(mapping.people[name] for name in origin.authors if name in mapping.people))


# Sources

_BREAK = re.compile(r"\s*(?:\r?\n|<br\s*/?>|</li>|</p>)\s*", re.I)
_TAG = re.compile(r"<[^<>]*>")


def _sources(mapping: Mapping, origin: Origin) -> Iterator[Part]:
    written = origin.fields.get(mapping.references, "") if mapping.references else ""
    reason = f"It is a line of the field “{mapping.references}” of the old system."
    for line in _BREAK.split(written):
        if text := " ".join(unescape(_TAG.sub(" ", line)).split()):
            block = Block(BlockKind.ITEM, text)
            yield Part(Role.SOURCE, (block,), reason, 0.9, reference=read_reference(text))


# Shortcodes

_CODE = re.compile(r"\[(?P<end>/?)(?P<name>[a-z][a-z0-9_-]{1,40})(?P<given>\s[^\[\]]{0,500})?/?\]")
_KNOWN = frozenset({"gallery", "caption", "embed", "audio", "video", "playlist", "toc", "contact-form-7", "button"})


def shortcodes_in(blocks: Iterable[Block]) -> set[str]:
    """Names of the shortcodes in a text: known ones, those with a value, and those that are closed. Not “[sic]”."""
    found = [match for block in blocks for match in _CODE.finditer(block.text)]
    return {
        match["name"] for match in found if match["name"] in _KNOWN or match["end"] or "=" in (match["given"] or "")
    }


def _without_shortcodes(part: Part, rules: dict[str, str]) -> Iterator[Part]:
    """The part as it stays, and what is left out of it as a part of its own."""
    names = [name for name, rule in rules.items() if rule != Shortcode.AS_WRITTEN]
    if not names or part.role is Role.LEFT_OUT:
        yield part
        return
    blocks, gone = [], []
    for block in part.blocks:
        text, removed = _cut(block.text, rules)
        gone += removed
        if text.strip() or not removed:
            blocks.append(replace(block, text=text, html=_cut(block.html, rules)[0]) if removed else block)
    if blocks or part.heading:
        yield replace(part, blocks=tuple(blocks))
    if gone:
        reason = "The mapping of this import says that these shortcodes are left out."
        yield Part(Role.LEFT_OUT, tuple(Block(BlockKind.FURNITURE, text) for text in gone), reason, 1.0)


def _cut(text: str, rules: dict[str, str]) -> tuple[str, list[str]]:
    """(the text as it stays, what was taken out of it)."""
    removed: list[str] = []

    def take(match: re.Match[str]) -> str:
        removed.append(match[0])
        return ""

    for name, rule in rules.items():
        if rule == Shortcode.LEAVE_OUT:
            text = re.sub(rf"\[{re.escape(name)}(?:\s[^\[\]]*)?\].*?\[/{re.escape(name)}\]", take, text, flags=re.S)
        if rule != Shortcode.AS_WRITTEN:
            text = re.sub(rf"\[/?{re.escape(name)}(?:\s[^\[\]]*)?/?\]", take, text)
    return (" ".join(text.split()) if removed else text), removed

"""Markdown (CommonMark, tables, footnotes, front matter) -> blocks: made into HTML, read as HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt

from articles.intake.outline import Block, BlockKind, Manuscript, Origin
from articles.intake.readers.decoding import decode_any
from articles.intake.readers.html import Setting, read_markup

MAX_FIELDS = 100
WIDEST_WRAP = 130  # columns; a file with longer lines does not break them by itself

_FRONT = re.compile(r"\A\s*(-{3}|\+{3})[ \t]*\n(.*?\n)\1[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"([\w][\w .-]{0,60}?)\s*[:=]\s*(.*)")
_ENTRY = re.compile(r"\s*-\s+(.*)|\s+(\S.*)")
_NOTE = re.compile(r"^\[\^([^\]\s]{1,40})\]:[ \t]*(.*(?:\n(?:[ \t]{2,}|\t).*)*)", re.MULTILINE)
_CITED = re.compile(r"\[\^([^\]\s]{1,40})\]")
_LISTS = ("tags", "categories", "category", "authors", "author", "keywords")


@dataclass
class _Front:
    """What stands before the text: {name in lower case: its values}."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def one(self, *names: str) -> str:
        return next((", ".join(self.values[name]) for name in names if self.values.get(name)), "")

    def first(self, *names: str) -> str:
        return next(iter(self.all(*names)), "")

    def all(self, *names: str) -> tuple[str, ...]:
        return tuple(value for name in names for value in self.values.get(name, []))


def read(data: bytes) -> Iterator[Manuscript]:
    """One manuscript. Raises Unreadable."""
    text, warnings = decode_any(data)
    front, body = split_front(text.replace("\r\n", "\n").replace("\r", "\n"))
    found = read_markup(render(body), Setting(is_page=False, breaks=False))
    blocks, fields = _titled(found.blocks, front.one("title"))
    origin = Origin(
        address=front.one("canonical", "permalink", "url"),
        slug=front.one("slug"),
        language=front.one("lang", "language", "locale"),
        status="draft" if front.one("draft").lower() == "true" else "",
        published_at=front.first("date", "created", "published"),
        modified_at=front.first("updated", "lastmod", "modified", "updates"),
        authors=front.all("author", "authors"),
        categories=front.all("categories", "category", "tags"),
        fields=fields | _other_fields(front),
    )
    yield replace(found, blocks=blocks, origin=origin, warnings=(*warnings, *found.warnings), original=data)


def split_front(text: str) -> tuple[_Front, str]:
    """The front matter, simply read (`name: value`, lists by dashes or in brackets), and the text below it."""
    front = _Front()
    found = _FRONT.match(text)
    if not found or not any(_FIELD.match(line) for line in found[2].splitlines()):
        return front, text
    name = ""
    for line in found[2].splitlines():
        if (given := _FIELD.match(line)) and len(front.values) < MAX_FIELDS:
            name = given[1].strip().lower()
            front.values[name] = _values(name, given[2])
        elif name and (entry := _ENTRY.match(line)):
            front.values[name] += _values("", entry[1] or entry[2])
    return front, text[found.end() :]


def render(body: str) -> str:
    """HTML. Lines of a file that does not wrap them are lines of the text."""
    is_wrapped = max(map(len, body.splitlines()), default=0) <= WIDEST_WRAP
    markdown = MarkdownIt("commonmark", {"html": True, "breaks": not is_wrapped}).enable(["table", "strikethrough"])
    text, notes = _without_notes(body)
    numbers = {name: str(number) for number, name in enumerate(notes, start=1)}
    cited = _CITED.sub(lambda found: _link(found[1], numbers) or found[0], text)
    items = "".join(f'<li id="fn-{number}">{markdown.render(notes[name])}</li>' for name, number in numbers.items())
    return markdown.render(cited) + (f"<ol>{items}</ol>" if items else "")


def _without_notes(body: str) -> tuple[str, dict[str, str]]:
    """The text without the notes at its end, and the notes that it cites, in the order of citing."""
    written = {found[1]: re.sub(r"\n[ \t]+", "\n", found[2]) for found in _NOTE.finditer(body)}
    if not written:
        return body, {}
    text = _NOTE.sub("", body)
    cited = [name for name in dict.fromkeys(found[1] for found in _CITED.finditer(text)) if name in written]
    return text, {name: written[name] for name in [*cited, *(name for name in written if name not in cited)]}


def _link(name: str, numbers: dict[str, str]) -> str:
    number = numbers.get(name)
    return f'<a href="#fn-{number}">[{number}]</a>' if number else ""


def _titled(blocks: tuple[Block, ...], title: str) -> tuple[tuple[Block, ...], dict[str, str]]:
    """The text's own title before that of the front matter, which is kept as a field where it differs."""
    own = next((block.text for block in blocks if block.kind is BlockKind.TITLE), "")
    if not title or own == title:
        return blocks, {}
    return (blocks, {"title": title}) if own else ((Block(BlockKind.TITLE, title), *blocks), {})


def _other_fields(front: _Front) -> dict[str, str]:
    known = {"title", "canonical", "permalink", "url", "slug", "lang", "language", "locale", "draft", "date", "created",
             "published", "updated", "updates", "lastmod", "modified", *_LISTS} - {"keywords"}  # fmt: skip
    return {name: ", ".join(values) for name, values in front.values.items() if name not in known and values}


def _values(name: str, written: str) -> list[str]:
    """["a", "b"], a, b where a list is expected, or one value."""
    written = written.strip()
    if written.startswith("[") and written.endswith("]"):
        parts = written[1:-1].split(",")
    else:
        parts = written.split(",") if name in ("tags", "categories", "keywords") else [written]
    found = (part.strip().strip("\"'").strip() for part in parts)
    return [value for value in found if value and value not in ("null", "~")]

"""A post of WordPress, from whatever file -> a manuscript."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from articles.errors import Unreadable
from articles.intake.outline import Block, BlockKind, Manuscript, Origin
from articles.intake.readers.html import Setting, read_markup
from articles.intake.readers.page.blocks import Attachment
from articles.intake.readers.page.tree import parse, text_of
from articles.intake.readers.wordpress.content import read_content

TYPES = ("post", "page")
SKIPPED = ("trash", "auto-draft", "inherit", "revision")
MAX_TEXT = 5_000_000  # characters of one post


@dataclass(frozen=True)
class Post:
    """What both kinds of files say of a post. `title` and `content` are HTML."""

    title: str
    content: str
    origin: Origin
    featured: Attachment | None = None
    original: bytes = b""
    attachments: Mapping[str, Attachment] = field(default_factory=dict)


def read_post(post: Post) -> Manuscript:
    """The manuscript; with an `error` where the post cannot be read."""
    title = words_of(post.title)
    try:
        found = _read(post, title)
    except Unreadable as error:
        named = f"The post “{title or post.origin.slug or post.origin.key}” cannot be read. {error.detail}"
        return Manuscript(origin=post.origin, original=post.original, error=named)
    return replace(found, origin=post.origin, original=post.original)


def _read(post: Post, title: str) -> Manuscript:
    if len(post.content) > MAX_TEXT:
        raise Unreadable("It has more than 5 MB of text. Split it in WordPress, and export it again.")
    content = read_content(post.content, post.attachments)
    if not re.search(r"\w", content.markup):
        raise Unreadable("It has no text. Write it in WordPress, or leave it out of the import.")
    setting = Setting(
        title=title,
        is_page=False,
        has_title=False,
        breaks=content.breaks,
        base=post.origin.address,
        attachments=post.attachments,
    )
    found = read_markup(content.markup, setting)
    at = 1 if title else 0
    blocks = (*found.blocks[:at], *_featured(post.featured), *found.blocks[at:])
    return replace(found, blocks=blocks, warnings=(*found.warnings, *_warnings(content.unknown)))


def _featured(picture: Attachment | None) -> Iterator[Block]:
    if picture and picture.address:
        yield Block(BlockKind.PICTURE, picture.alt, picture=picture.address)
        if picture.caption:
            yield Block(BlockKind.CAPTION, picture.caption)


def _warnings(unknown: list[str]) -> Iterator[str]:
    if unknown:
        yield (
            f"Shortcodes and blocks that WordPress fills in were left out: {', '.join(unknown)}. Write what they "
            "showed where readers need it."
        )


def words_of(written: str) -> str:
    """The words of a title or caption: `Fish &#038; <em>chips</em>` -> Fish & chips."""
    if not re.search(r"[<&]", written):
        return " ".join(written.split())
    if not re.search(r"<[a-zA-Z/!]", written):
        return " ".join(html.unescape(written).split())
    try:
        return text_of(parse(written))
    except Unreadable:
        return ""


def instant(written: str) -> str:
    """WordPress's time in GMT as ISO 8601; "" for its zeros."""
    found = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)", written.strip())
    if not found or found[1] == "0000-00-00":
        return ""
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC).isoformat()
    except ValueError:
        return ""


def key_of(site: str, number: str, guid: str = "") -> str:
    """The same in each export of the site, over whatever interface: "https://blog.example/?p=12"."""
    found = re.match(r"(https?://[^?#]*?)/?\?(?:p|page_id)=\d+$", guid)
    place = urlsplit(site or (found[1] if found else ""))
    base = f"{place.scheme}://{place.netloc}{place.path.rstrip('/')}" if place.netloc else ""
    return f"{base}/?p={number}" if number else guid

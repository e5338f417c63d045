"""Posts as WordPress's REST interface gives them (`/wp-json/wp/v2/posts?_embed`): one, or a list."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from articles.errors import Unreadable
from articles.intake.outline import Manuscript, Origin
from articles.intake.readers.decoding import decode_any, require_size
from articles.intake.readers.page.blocks import Attachment
from articles.intake.readers.wordpress.posts import SKIPPED, Post, instant, key_of, read_post, words_of

MAX_BYTES = 50_000_000
ASK_AGAIN = "Save the answer of /wp-json/wp/v2/posts?_embed=1 again."


def read(data: bytes, skip: int = 0) -> Iterator[Manuscript]:
    """The posts from the one at `skip` on, in order. One that is damaged has an `error`. Raises Unreadable."""
    require_size(data, MAX_BYTES)
    posts = load_posts(decode_any(data, MAX_BYTES)[0])
    if not posts:
        raise Unreadable(f"The file is JSON, but no post of WordPress. {ASK_AGAIN}")
    wanted = (post for post in posts if _text(post.get("status")) not in SKIPPED)
    yield from map(_read, islice(wanted, skip, None))


def load_posts(text: str) -> list[dict[str, Any]]:
    """The posts in a JSON text; [] where there are none. Raises Unreadable for broken JSON."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The file is JSON that is damaged or cut off. {ASK_AGAIN}") from error
    return [each for each in (found if isinstance(found, list) else [found]) if is_post(each)]


def is_post(value: Any) -> bool:
    return isinstance(value, dict) and "title" in value and "content" in value and ("id" in value or "slug" in value)


def _read(post: dict[str, Any]) -> Manuscript:
    original = json.dumps(post, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    return read_post(
        Post(_rendered(post.get("title")), _rendered(post.get("content")), _origin(post), _featured(post), original)
    )


def _origin(post: dict[str, Any]) -> Origin:
    link, guid = _text(post.get("link")), _rendered(post.get("guid"))
    head = post.get("yoast_head_json")
    seo = head if isinstance(head, dict) else {}
    site = link.partition("://")
    return Origin(
        key=key_of(
            "" if "?p" in guid else "://".join([site[0], site[2].partition("/")[0]]), _text(post.get("id")), guid
        ),
        address=link,
        slug=_text(post.get("slug")),
        language=_text(post.get("lang")),
        status=_text(post.get("status")),
        published_at=instant(_text(post.get("date_gmt")) or _text(post.get("date"))),
        modified_at=instant(_text(post.get("modified_gmt")) or _text(post.get("modified"))),
        authors=tuple(name for each in _embedded(post, "author") if (name := _text(each.get("name")))),
        categories=tuple(dict.fromkeys(_terms(post))),
        fields=dict(_fields(post, seo)),
    )


def _fields(post: dict[str, Any], seo: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for group in (post.get("meta"), post.get("acf")):
        for name, value in group.items() if isinstance(group, dict) else ():
            if not str(name).startswith("_") and isinstance(value, str | int) and str(value).strip():
                yield str(name), str(value)
    if excerpt := words_of(_rendered(post.get("excerpt"))):
        yield "excerpt", excerpt
    for name, key in (("title", "title"), ("metadesc", "description"), ("canonical", "canonical")):
        if text := _text(seo.get(key)):
            yield f"_yoast_wpseo_{name}", text


def _terms(post: dict[str, Any]) -> Iterator[str]:
    groups = _within(post, "wp:term")
    for group in groups:
        for each in group if isinstance(group, list) else []:
            is_term = isinstance(each, dict) and each.get("taxonomy") != "author"
            if is_term and (name := words_of(_text(each.get("name")))):
                yield name


def _featured(post: dict[str, Any]) -> Attachment | None:
    for each in _embedded(post, "wp:featuredmedia"):
        if address := _text(each.get("source_url")):
            return Attachment(address, words_of(_text(each.get("alt_text"))), words_of(_rendered(each.get("caption"))))
    address = _text(post.get("jetpack_featured_media_url"))
    return Attachment(address) if address else None


def _embedded(post: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [each for each in _within(post, name) if isinstance(each, dict)]


def _within(post: dict[str, Any], name: str) -> list[Any]:
    embedded = post.get("_embedded")
    found = embedded.get(name) if isinstance(embedded, dict) else None
    return found if isinstance(found, list) else []


def _rendered(value: Any) -> str:
    """`{"rendered": "…"}`, or the text itself."""
    return _text(value.get("rendered") if isinstance(value, dict) else value)


def _text(value: Any) -> str:
    """A number as its digits; anything but text and numbers as ""."""
    return value if isinstance(value, str) else str(value) if isinstance(value, int) and value is not True else ""

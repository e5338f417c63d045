"""An export of WordPress (WXR): thousands of posts in a file, each read by itself, so that a bad one stops no other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from articles.errors import Unreadable
from articles.intake.outline import Manuscript, Origin
from articles.intake.readers.page.blocks import Attachment
from articles.intake.readers.wordpress.posts import SKIPPED, TYPES, Post, instant, key_of, read_post, words_of

MAX_BYTES = 200_000_000
MAX_ITEM = 40_000_000  # bytes of one post with its comments
EXPORT_AGAIN = "Export it again in WordPress under Tools, Export."
CUT = f"The export ends in the middle: it is not complete. The posts before that were read. {EXPORT_AGAIN}"

_CONTROLS = bytes.maketrans(bytes([*range(9), 11, 12, *range(14, 32)]), b" " * 29)
_NAMESPACE = re.compile(rb"""xmlns:([\w.-]+)\s*=\s*(?:"([^"<>&]*)"|'([^'<>&]*)')""")
_TOKEN = re.compile(rb"<!\[CDATA\[|<item(?=[\s>])|</item\s*>")
_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']""")
_ENCODED = re.compile(
    rb"(<(?:content|excerpt):encoded><!\[CDATA\[)(.*?)(\]\]></(?:content|excerpt):encoded>)", re.DOTALL
)
_AMPERSAND = re.compile(rb"<!\[CDATA\[.*?\]\]>|&(?!(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);)", re.DOTALL)
_TIME = re.compile(r"\w{3}, \d{1,2} \w{3} [12]\d{3} ")
_KEPT = "_yoast_wpseo_"  # what search engines were told
_USUAL = {
    b"excerpt": b"http://wordpress.org/export/1.2/excerpt/",
    b"content": b"http://purl.org/rss/1.0/modules/content/",
    b"dc": b"http://purl.org/dc/elements/1.1/",
    b"wp": b"http://wordpress.org/export/1.2/",
    b"wfw": b"http://wellformedweb.org/CommentAPI/",
    b"itunes": b"http://www.itunes.com/dtds/podcast-1.0.dtd",
    b"media": b"http://search.yahoo.com/mrss/",
    b"georss": b"http://www.georss.org/georss",
    b"geo": b"http://www.w3.org/2003/01/geo/wgs84_pos#",
}


@dataclass
class _Site:
    """What the file says beside its posts."""

    head: bytes  # what each post is wrapped in, to be a document of its own
    address: str = ""
    language: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)


def read(data: bytes, skip: int = 0) -> Iterator[Manuscript]:
    """The posts and pages from the one at `skip` on, in the export's order. One that is damaged has an `error`.

    Those before it are looked at only as XML, which takes a tenth of the time. Raises Unreadable.
    """
    data = _as_utf_8(data)
    site = _read_site(data)
    count = 0
    for item in items_of(data):
        if b"attachment" in item:
            _keep_attachment(item, site)
    for item in items_of(data):
        if (found := _read_item(item, site)) is not None:
            count += 1
            if count > skip:
                yield read_post(found) if isinstance(found, Post) else found
    if is_cut(data):
        count += 1
        if count > skip:
            yield Manuscript(error=CUT)
    if not count:
        raise Unreadable(f"The export has no posts and no pages. {EXPORT_AGAIN} Choose “All content”, or “Posts”.")


def items_of(data: bytes) -> Iterator[bytes]:
    """The bytes of each `<item>…</item>`; what stands in CDATA ends none. An item that is cut off is left out."""
    position, start = 0, -1
    while found := _TOKEN.search(data, position):
        position = found.end()
        if found[0].startswith(b"<![CDATA["):
            end = data.find(b"]]>", position)
            if end < 0:
                return
            position = end + 3
        elif found[0].startswith(b"</"):
            if start >= 0:
                yield data[start:position]
            start = -1
        elif start < 0:
            start = found.start()


def is_cut(data: bytes) -> bool:
    return not re.search(rb"</channel\s*>\s*</rss\s*>\s*(?:<!--.*-->\s*)?$", data[-2_000:], re.DOTALL)


def _as_utf_8(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise Unreadable(
            f"The export has {len(data) / 1e6:.0f} MB; the limit is {MAX_BYTES / 1e6:.0f} MB. Export it in parts, for "
            "example by year."
        )
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    found = _ENCODING.match(data[:500])
    if found and found[1].lower() not in (b"utf-8", b"utf8"):
        try:
            data = data.decode(found[1].decode("ascii")).encode("utf-8")
        except (LookupError, UnicodeError) as error:
            raise Unreadable(f"The export is not in the encoding that it names. {EXPORT_AGAIN}") from error
    return data


def _read_site(data: bytes) -> _Site:
    first = next(re.finditer(rb"<item[\s>]", data), None)
    channel = data[: first.start()] if first else data
    if b"<!DOCTYPE" in channel[:100_000] or b"<!ENTITY" in channel:
        raise Unreadable(f"The export defines entities of its own, which can be an attack. {EXPORT_AGAIN}")
    named = {prefix: double or single for prefix, double, single in _NAMESPACE.findall(channel[:20_000])}
    spaces = b" ".join(b'xmlns:%b="%b"' % pair for pair in (_USUAL | named).items() if pair[0] != b"xml")
    site = _Site(b"<item-of " + spaces + b">")
    opened = re.sub(rb"</channel\s*>\s*</rss\s*>\s*$", b"", channel)
    try:
        root = fromstring(opened + b"</channel></rss>", forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return site  # its posts may be whole all the same
    for element in root.iter():
        match _name(element):
            case "base_blog_url":
                site.address = _text(element)
            case "base_site_url" | "link" if not site.address:
                site.address = _text(element)
            case "language" if not site.language:
                site.language = _text(element)
            case "author":
                site.authors[_child(element, "author_login")] = _child(element, "author_display_name")
    return site


def _parsed(item: bytes, site: _Site) -> Element:
    """Raises ParseError, DefusedXmlException or ValueError."""
    cleaned = item.translate(_CONTROLS)
    try:
        return fromstring(site.head + cleaned + b"</item-of>", forbid_dtd=True)[0]
    except ParseError:
        return fromstring(site.head + _mended(cleaned) + b"</item-of>", forbid_dtd=True)[0]


def _mended(item: bytes) -> bytes:
    """What plug-ins write though XML does not allow it: a bare `&`, and `]]>` within a text."""
    whole = _ENCODED.sub(lambda found: found[1] + found[2].replace(b"]]>", b"]]]]><![CDATA[>") + found[3], item)
    return _AMPERSAND.sub(lambda found: b"&amp;" if found[0] == b"&" else found[0], whole)


def _keep_attachment(item: bytes, site: _Site) -> None:
    try:
        element = _parsed(item, site)
    except (ParseError, DefusedXmlException, ValueError):
        return
    if _child(element, "post_type") == "attachment":
        alt = words_of(_meta(element).get("_wp_attachment_image_alt", ""))
        caption = words_of(_encoded(element, "excerpt"))
        site.attachments[_child(element, "post_id")] = Attachment(_child(element, "attachment_url"), alt, caption)


def _read_item(item: bytes, site: _Site) -> Post | Manuscript | None:
    """A manuscript says what is wrong. None for what is no article: an attachment, a menu, what is in the trash."""
    if len(item) > MAX_ITEM:
        return Manuscript(
            error=f"A post of {len(item) / 1e6:.0f} MB is too large. Split it in WordPress.", original=b""
        )
    try:
        element = _parsed(item, site)
    except (ParseError, DefusedXmlException, ValueError) as error:
        return Manuscript(error=_broken(item, error), original=item)
    if _child(element, "post_type") not in (*TYPES, "") or _child(element, "status") in SKIPPED:
        return None
    meta = _meta(element)
    featured = site.attachments.get(meta.get("_thumbnail_id", ""))
    content = _encoded(element, "content")
    return Post(
        _child(element, "title"), content, _origin(element, meta, site), featured, _lasting(item), site.attachments
    )


def _broken(item: bytes, error: Exception) -> str:
    found = re.search(rb"<title>(?:<!\[CDATA\[)?(.{0,200}?)(?:\]\]>)?</title>", item, re.DOTALL)
    title = found[1].decode("utf-8", "replace").strip() if found else ""
    return f"The post “{title or 'without a title'}” is damaged in the export ({error}). {EXPORT_AGAIN}"


def _lasting(item: bytes) -> bytes:
    """What changes only where the post does: without comments, and without who is editing it."""
    without = re.sub(rb"<wp:comment>.*?</wp:comment>", b"", item, flags=re.DOTALL)
    return re.sub(
        rb"<wp:postmeta>\s*<wp:meta_key>(?:<!\[CDATA\[)?_edit_.*?</wp:postmeta>", b"", without, flags=re.DOTALL
    )


def _origin(element: Element, meta: Mapping[str, str], site: _Site) -> Origin:
    guid, number = _child(element, "guid"), _child(element, "post_id")
    link = _child(element, "link")
    fields = {name: value for name, value in meta.items() if not name.startswith("_") or name.startswith(_KEPT)}
    if excerpt := words_of(_encoded(element, "excerpt")):
        fields["excerpt"] = excerpt
    if _child(element, "post_type") == "page":
        fields["post_type"] = "page"
    return Origin(
        key=key_of(site.address, number, guid),
        address=link if link.startswith(("http://", "https://")) else "",
        slug=_child(element, "post_name"),
        language=site.language,
        status=_child(element, "status"),
        published_at=instant(_child(element, "post_date_gmt")) or _published(_child(element, "pubDate")),
        modified_at=instant(_child(element, "post_modified_gmt")),
        authors=_authors(element, site),
        categories=tuple(dict.fromkeys(words_of(_text(each)) for each in element if _is_term(each))),
        fields=fields,
    )


def _published(written: str) -> str:
    """As RSS writes it: "Tue, 02 Jan 2024 03:04:05 +0000"; "" for what is no time."""
    try:
        return parsedate_to_datetime(written).isoformat() if _TIME.match(written) else ""
    except (ValueError, TypeError, IndexError):
        return ""


def _is_term(each: Element) -> bool:
    return (
        _name(each) == "category"
        and each.get("domain") not in ("author", "post_format", "nav_menu")
        and bool(_text(each))
    )


def _authors(element: Element, site: _Site) -> tuple[str, ...]:
    """With those of the plug-in Co-Authors Plus, which keeps them as terms."""
    others = [_text(each) for each in element if _name(each) == "category" and each.get("domain") == "author"]
    login = _child(element, "creator")
    names = others or ([login] if login else [])
    return tuple(dict.fromkeys(site.authors.get(name, "") or name for name in names))


def _meta(element: Element) -> dict[str, str]:
    found = (each for each in element if _name(each) == "postmeta")
    return {_child(each, "meta_key"): _child(each, "meta_value") for each in found}


def _encoded(element: Element, space: str) -> str:
    """`content:encoded` or `excerpt:encoded`: the same name in two namespaces."""
    return next(
        (
            each.text or ""
            for each in element
            if _name(each) == "encoded" and ("excerpt" in str(each.tag)) is (space == "excerpt")
        ),
        "",
    )


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: Element, name: str) -> str:
    return next((_text(each) for each in element if _name(each) == name), "")


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()

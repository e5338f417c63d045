"""Word files -> blocks: checked and bounded, made into HTML by mammoth, read as HTML."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import mammoth
from defusedxml import DefusedXmlException, ElementTree
from lxml import etree

from articles.errors import Unreadable
from articles.intake.outline import Block, BlockKind, Manuscript, Origin, Picture
from articles.intake.readers import word_xml
from articles.intake.readers.archive import AGAIN, OLE, read_archive
from articles.intake.readers.decoding import require_size
from articles.intake.readers.html import Setting, read_markup

MAX_BYTES = 30_000_000
MAX_XML = 30_000_000  # bytes of XML in all, inflated
DOCUMENT = "word/document.xml"
STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Titel'] => h1.title:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='Caption'] => p.caption:fresh
p[style-name='List Bullet'] => ul > li:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Number'] => ol > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
strike => s
"""

_XML = re.compile(r"(?:.*\.(?:xml|rels))", re.IGNORECASE)
_USED = re.compile(
    r"\[Content_Types\]\.xml|_rels/.*|docProps/core\.xml|word/(?!embeddings/|activeX/|fonts/|vbaProject).*"
)
_RIMS = re.compile(r"word/(?:header|footer)\d*\.xml")
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"


def read(data: bytes) -> Iterator[Manuscript]:
    """One manuscript. Raises Unreadable."""
    require_size(data, MAX_BYTES)
    if data.startswith(OLE):
        raise Unreadable(
            "The file is encrypted, or an old .doc file. Open it in Word, remove its password, and save it as .docx."
        )
    parts = read_archive(data, wants=lambda name: bool(_USED.fullmatch(name)))
    if DOCUMENT not in parts:
        raise Unreadable(f"The file is no Word document: it has no part {DOCUMENT}. {AGAIN}")
    _require_plain_xml(parts)
    document, changes = word_xml.prepare(parts[DOCUMENT])
    others = {
        name: word_xml.prepare(parts[name])[0] for name in ("word/footnotes.xml", "word/endnotes.xml") if name in parts
    }
    pictures: dict[str, Picture] = {}
    markup = _converted(parts | others | {DOCUMENT: document}, pictures)
    found = read_markup(markup, Setting(is_page=False, has_title=True))
    rims = [text for name in sorted(parts) if _RIMS.fullmatch(name) for text in word_xml.paragraphs(parts[name])]
    comments = word_xml.paragraphs(parts.get("word/comments.xml", b""))
    furniture = tuple(Block(BlockKind.FURNITURE, text) for text in dict.fromkeys([*rims, *comments]))
    yield replace(
        found,
        blocks=found.blocks + furniture,
        pictures=tuple(pictures.values()),
        origin=_origin(parts.get("docProps/core.xml", b"")),
        warnings=(*_warnings(data, changes, comments), *found.warnings),
        original=data,
    )


def _require_plain_xml(parts: Mapping[str, bytes]) -> None:
    """No entities, no external parts, nothing too deep or too large. Raises Unreadable."""
    texts = {name: content for name, content in parts.items() if _XML.fullmatch(name)}
    if sum(map(len, texts.values())) > MAX_XML:
        raise Unreadable(f"The document has more than {MAX_XML / 1e6:.0f} MB of text and layout. {AGAIN}")
    for name, content in texts.items():
        try:
            _require_shallow(name, content)
        except DefusedXmlException as error:
            raise Unreadable(
                f"The file defines entities of its own in {name}, which can be an attack. {AGAIN}"
            ) from error
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise Unreadable(f"The part {name} of the file is damaged. {AGAIN}") from error


def _require_shallow(name: str, content: bytes) -> None:
    depth = 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > word_xml.MAX_DEPTH:
            raise Unreadable(
                f"The part {name} nests more than {word_xml.MAX_DEPTH} elements in one another; that is no document. "
                + AGAIN
            )
        if event == "end":
            element.clear()


def _converted(parts: Mapping[str, bytes], pictures: dict[str, Picture]) -> str:
    """HTML by mammoth, from a file that holds only what was checked."""
    checked = io.BytesIO()
    with zipfile.ZipFile(checked, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    try:
        made = mammoth.convert_to_html(checked, style_map=STYLES, convert_image=_keep_in(pictures))
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, RecursionError, OSError) as error:
        raise Unreadable(f"The document is damaged: its parts do not fit together. {AGAIN}") from error
    return str(made.value)


def _keep_in(pictures: dict[str, Picture]) -> Any:
    """Keeps each picture once, by its content; one that lies elsewhere has no content, and is named by a warning."""

    def convert(image: Any) -> list[Any]:
        attributes = {"alt": image.alt_text or ""}
        try:
            with image.open() as opened:
                content = opened.read()
        except Exception:
            content = b""
        kind = (image.content_type or "").partition("/")[2].partition("+")[0] or "png"
        same = next((each for each in pictures.values() if each.data == content), None)
        picture = same or Picture(f"picture-{len(pictures) + 1}.{kind.replace('jpeg', 'jpg')}", content)
        if content:
            pictures[picture.name] = picture
        return [mammoth.html.element("img", attributes | {"src": picture.name})]

    return convert


def _origin(core: bytes) -> Origin:
    """Who wrote it, when: the document's properties."""
    if not core:
        return Origin()
    root = etree.fromstring(core, etree.XMLParser(resolve_entities=False, no_network=True))
    text = {each.tag: (each.text or "").strip() for each in root if isinstance(each.tag, str)}
    author = text.get(f"{_DUBLIN}creator", "")
    return Origin(
        language=text.get(f"{_DUBLIN}language", ""),
        published_at=text.get(f"{_TERMS}created", ""),
        modified_at=text.get(f"{_TERMS}modified", ""),
        authors=(author,) if author else (),
    )


def _warnings(data: bytes, changes: word_xml.Changes, comments: list[str]) -> Iterator[str]:
    if changes.deleted or changes.inserted:
        yield (
            f"The document has tracked changes: {changes.deleted} deletions were left out, and {changes.inserted} "
            "insertions were kept. Compare the draft with the document."
        )
    if comments:
        yield "The document has comments. They were left out of the draft, and stand at the end of the report."
    if b"vbaProject" in data:
        yield "The document has macros. They were ignored."

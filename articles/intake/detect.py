"""Which format is this file? Its content decides; its name only helps where the content allows several."""

import codecs
import re
from pathlib import Path

from articles.errors import Unreadable
from articles.intake.readers.archive import OLE, names_of

TEXT, HTML, MARKDOWN, DOCX, WORDPRESS = "text", "html", "markdown", "docx", "wordpress"
SUFFIXES = {
    TEXT: frozenset({".txt", ".text"}),
    HTML: frozenset({".html", ".htm", ".xhtml"}),
    MARKDOWN: frozenset({".md", ".markdown", ".mdown", ".mkd"}),
    DOCX: frozenset({".docx", ".docm", ".dotx"}),
    WORDPRESS: frozenset({".xml", ".json", ".wxr"}),
}
HEAD = 200_000  # bytes that are looked at

_BY_SUFFIX = {
    ".pdf": "It has pages and no paragraphs. Ask for the document it was made from, or copy its text into a text file.",
    ".doc": "It is an old Word file. Open it in Word and save it as .docx.",
    ".odt": "Open it in LibreOffice and save it as .docx.",
    ".rtf": "Open it in Word or LibreOffice and save it as .docx.",
    ".pages": "Open it in Pages and export it as Word.",
    ".xlsx": "A spreadsheet is no article. Copy its table into a Word file, or leave it out.",
    ".xls": "A spreadsheet is no article. Copy its table into a Word file, or leave it out.",
    ".csv": "A table is no article. Copy it into a Word file, or leave it out.",
    ".pptx": "Slides are no article. Copy their text into a Word file, or leave them out.",
    ".epub": "It is a book. Copy the article's text into a .txt file.",
}
_PICTURE = "A picture is no article. Upload it to the image library, or leave it out."
_PICTURES = frozenset(
    {".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff", ".heic", ".avif"}
)
_SIGNS = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
)
_ZIPPED = (("xl/", ".xlsx"), ("ppt/", ".pptx"), ("META-INF/container.xml", ".epub"), ("content.xml", ".odt"))

_TEXTS = frozenset(SUFFIXES[TEXT] | SUFFIXES[HTML] | SUFFIXES[MARKDOWN])

_EXPORT = re.compile(r"<rss\b|wordpress\.org/export/", re.IGNORECASE)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_XML = re.compile(r"\s*<(?:\?xml|!DOCTYPE|!ENTITY)\b", re.IGNORECASE)
_TAG = re.compile(
    r"</(?:p|div|h[1-6]|ul|ol|li|table|tr|td|section|article|blockquote|figure|main)\s*>|<br\s*/?>", re.IGNORECASE
)
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BEGINS_WITH_TAG = re.compile(r"\s*<(?:p|div|h[1-6]|ul|ol|table|section|article|main|figure|!--)\b", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\[\s*)?\{\s*\"", re.DOTALL)
_FRONT = re.compile(r"\A\s*(-{3}|\+{3})[ \t]*\r?\n(?:.*\r?\n){1,80}?\1[ \t]*(?:\r?\n|\Z)")
_HEADING = re.compile(r"^ {0,3}#{1,6} +\S", re.MULTILINE)
_MARKED = re.compile(
    r"(?<![*\w])\*\*(?=[^\s*])[^*\n]{1,300}[^\s*]\*\*(?![*\w])|(?<!\w)__(?=[^\s_])[^_\n]{1,300}__(?!\w)|!?\[[^\]\n]{1,300}\]\((?:https?://|/|#)[^)\s]+\)"
    r"|^\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t:|-]*$|^```",
    re.MULTILINE,
)


def detect(data: bytes, name: str) -> str:
    """The format's name. Raises Unreadable for what no reader can read, with what to do."""
    suffix = Path(name).suffix.lower()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _detect_zipped(data, name)
    if data.startswith(OLE):
        return DOCX if suffix in SUFFIXES[DOCX] else _refuse(name, ".doc")
    if found := next((kind for sign, kind in _SIGNS if data.startswith(sign)), ""):
        _refuse(name, found)
    if found := _detect_text(head_of(data), suffix):
        return found
    if suffix in _BY_SUFFIX or suffix in _PICTURES:
        _refuse(name, suffix)
    return _by_suffix(suffix, name)


def require_plain(data: bytes, name: str) -> None:
    """Raises Unreadable where `--format text` would make an article of markup."""
    found = detect(data, name if Path(name).suffix else f"{name}.txt") if data else TEXT
    if found not in (TEXT, MARKDOWN):
        raise Unreadable(f"The file “{name}” is not plain text but {found}. Use --format auto or --format {found}.")


def head_of(data: bytes) -> str:
    """The first characters; what cannot be decoded is of no interest here."""
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    return data[:HEAD].decode(encoding, "replace").removeprefix("\ufeff")


def _detect_text(text: str, suffix: str) -> str:
    """By the marks in the text; "" where it has none that are certain."""
    if _PAGE.match(text):
        return HTML
    if text.lstrip().startswith("<") and _EXPORT.search(text[:20_000]):
        return WORDPRESS
    if suffix in SUFFIXES[MARKDOWN]:
        return MARKDOWN
    if suffix in SUFFIXES[HTML] and _ANY_TAG.search(text):
        return HTML
    if _JSON.match(text) and (suffix != ".txt" or '"rendered"' in text):
        return WORDPRESS
    if _OTHER_XML.match(text) or (suffix and suffix not in _TEXTS):
        return ""
    if _FRONT.match(text) and re.search(r"(?m)^\w[\w -]*\s*[:=]", text[:2_000]):
        return MARKDOWN
    tags = len(_TAG.findall(text))
    if tags >= 2 and (_BEGINS_WITH_TAG.match(text) or tags * 400 >= len(text) or tags >= 10):
        return HTML
    return MARKDOWN if _is_markdown(text) else ""


def _is_markdown(text: str) -> bool:
    """Headings with text below them. Bold words or a list of # alone are plain text, whose lines must stay apart."""
    lines = [line for line in text.splitlines() if line.strip()]
    headings = [at for at, line in enumerate(lines) if _HEADING.match(line)]
    heading = [at for at in headings if at + 1 < len(lines) and not _HEADING.match(lines[at + 1])]
    return bool(heading) and (len(heading) > 1 or headings[0] == 0 or bool(_MARKED.search(text)))


def _by_suffix(suffix: str, name: str) -> str:
    if suffix in SUFFIXES[WORDPRESS]:
        raise Unreadable(
            f"The file “{name}” is no export of WordPress. Export the posts in WordPress under Tools, Export, or save "
            "the article as HTML or Word."
        )
    if suffix == "" or suffix in SUFFIXES[TEXT] or suffix in SUFFIXES[HTML]:
        return TEXT
    if suffix in SUFFIXES[DOCX]:
        raise Unreadable(f"The file “{name}” is damaged, or no Word file. Open it in Word and save it again as .docx.")
    known = ", ".join(sorted(each for suffixes in SUFFIXES.values() for each in suffixes))
    raise Unreadable(f"“{suffix}” files cannot be read. Rename the file to end in one of {known}, or use --format.")


def _detect_zipped(data: bytes, name: str) -> str:
    names = names_of(data)
    if "word/document.xml" in names or (not names and Path(name).suffix.lower() in SUFFIXES[DOCX]):
        return DOCX
    if found := next((kind for start, kind in _ZIPPED if any(each.startswith(start) for each in names)), ""):
        _refuse(name, found)
    raise Unreadable(
        f"“{name}” is a zip file. Unpack it, and import the files in it. If it was a Word file, save it again as .docx."
    )


def _refuse(name: str, kind: str) -> str:
    """Raises Unreadable for a kind of file that nobody reads, named by its suffix."""
    what = _PICTURE if kind in _PICTURES else _BY_SUFFIX[kind]
    raise Unreadable(f"“{name}” is a {kind} file, which cannot be read. {what}")

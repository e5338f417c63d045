"""Small writers of each format, for round trips: an article as a list of pieces -> the bytes of a file."""

# ruff: noqa: E501 - markup in one line reads better than wrapped

import html
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WXR = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Blog</title>'
    "<wp:base_site_url>https://blog.example</wp:base_site_url>"
)
END = "</channel></rss>"


@dataclass(frozen=True)
class Piece:
    """A heading, a paragraph, a list or a table: `texts` are its words, row by row."""

    kind: str
    texts: tuple[str, ...]
    mark: str = ""


def as_html(title: str, pieces: list[Piece]) -> bytes:
    body = "".join(map(_html, pieces))
    page = f"<!DOCTYPE html><html><body><article><h1>{html.escape(title)}</h1>{body}</article></body></html>"
    return page.encode()


def _html(piece: Piece) -> str:
    texts = [html.escape(text) for text in piece.texts]
    match piece.kind:
        case "heading":
            return f"<h2>{texts[0]}</h2>"
        case "list":
            return f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"
        case "table":
            rows = "".join(f"<tr><td>{text}</td><td>{text}</td></tr>" for text in texts)
            return f"<table>{rows}</table>"
    return f"<p><{piece.mark}>{texts[0]}</{piece.mark}></p>" if piece.mark else f"<p>{texts[0]}</p>"


def as_markdown(title: str, pieces: list[Piece]) -> bytes:
    return "\n\n".join([f"# {_escaped(title)}", *map(_markdown, pieces)]).encode()


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|~&+.()!=-])", r"\\\1", text)


def _markdown(piece: Piece) -> str:
    texts = [_escaped(text) for text in piece.texts]
    match piece.kind:
        case "heading":
            return f"## {texts[0]}"
        case "list":
            return "\n".join(f"- {text}" for text in texts)
        case "table":
            return "\n".join([f"| {texts[0]} | {texts[0]} |", "| --- | --- |", *(f"| {t} | {t} |" for t in texts[1:])])
    return texts[0]


def as_wxr(title: str, pieces: list[Piece]) -> bytes:
    content = "".join(map(_html, pieces)).replace("]]>", "]]]]><![CDATA[>")
    return f"{WXR}{item(html.escape(title), content)}{END}".encode()


def item(title: str, content: str, number: int = 1, more: str = "", kind: str = "post", status: str = "publish") -> str:
    return (
        f"<item><title>{title}</title><link>https://blog.example/a-{number}/</link>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>{more}</item>"
    )


def as_docx(title: str, pieces: list[Piece]) -> bytes:
    body = paragraph(title, "Title") + "".join(map(_docx, pieces))
    return docx(body)


def paragraph(text: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{html.escape(text, quote=False)}</w:t></w:r>'


def _docx(piece: Piece) -> str:
    match piece.kind:
        case "heading":
            return paragraph(piece.texts[0], "Heading1")
        case "list":
            return "".join(paragraph(text, "ListBullet") for text in piece.texts)
        case "table":
            return table([(text, text) for text in piece.texts])
    return paragraph(piece.texts[0])


def table(rows: list[tuple[str, ...]]) -> str:
    made = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{made}</w:tbl>"


def docx(body: str, others: dict[str, str | bytes] | None = None, relations: str = "") -> bytes:
    """A Word file with these paragraphs; `others` are further parts by name."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (("Title", "Title"), ("Heading1", "heading 1"), ("ListBullet", "List Bullet"))
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.'
        'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/styles" Target="styles.xml"/>{relations}</Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "word/document.xml": document(body),
    }
    return zipped(parts | (others or {}))


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def document(body: str, root: str = "document") -> str:
    inner = f"<w:body>{body}<w:sectPr/></w:body>" if root == "document" else body
    return (
        f'<w:{root} xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:mc='
        '"http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/'
        f'word/2010/wordprocessingShape" xmlns:r="{OFFICE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        f'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">{inner}</w:{root}>'
    )

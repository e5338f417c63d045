"""The parts of sections that are not prose: figures, tables, offers, the reference list."""

import re
from html import escape
from typing import Any

from articles.record.citations.addresses import address_of
from articles.record.delivery.content.portable_text import Shown, status_html, text_as_html
from articles.record.vocabulary import SourceStatus

Json = dict[str, Any]
# How a target of each type may read; what reads otherwise is shown as words, never linked.
TARGETS = {
    "https": ("", re.compile(r"(?i:https://)[^\s\x00-\x1f]+")),
    "tel": ("tel:", re.compile(r"\+[\d ().-]+")),
    "mailto": ("mailto:", re.compile(r"[^\s:@<>]+@[^\s:@<>]+")),
    "app": (
        "",
        re.compile(r"(?!(?:javascript|vbscript|data|blob|file|filesystem|about|view-source):)[a-z][a-z0-9+.-]*://\S+"),
    ),
}
WEBP = "image/webp"


def figure_html(figure: Json | None) -> str:
    """`<figure>` with the prepared files; without any, its words alone."""
    if not figure:
        return ""
    caption = " ".join(filter(None, [text_as_html(figure["caption"]), _credit(figure["credit"])]))
    return f"<figure>{picture_html(figure)}<figcaption>{caption}</figcaption></figure>"


def picture_html(image: Json) -> str:
    files = image.get("renditions") or []
    fallback = [row for row in files if row["type"] != WEBP]
    if not fallback:
        return ""
    largest = max(fallback, key=lambda row: row["width"])
    webp = ", ".join(f"{escape(row['url'])} {row['width']}w" for row in files if row["type"] == WEBP)
    source = f'<source type="{WEBP}" srcset="{webp}" sizes="(max-width: 42rem) 100vw, 42rem">' if webp else ""
    size = f'width="{largest["width"]}" height="{largest["height"]}"'
    img = f'<img src="{escape(largest["url"])}" alt="{escape(image["alt"])}" {size} loading="lazy">'
    return f"<picture>{source}{img}</picture>"


def table_html(table: Json) -> str:
    """Header cells with their scope, so that it can be read aloud."""
    if not table["rows"]:
        return ""
    rows = "".join(_row(row, table, index == 0) for index, row in enumerate(table["rows"]))
    caption = f"<caption>{text_as_html(table['caption'])}</caption>" if table["caption"] else ""
    return f"<table>{caption}<tbody>{rows}</tbody></table>"


def offer_html(offer: Json | None) -> str:
    if not offer:
        return ""
    label, href = text_as_html(offer["label"]), offer_href(offer["target"])
    link = f'<a class="button" href="{escape(href)}" rel="sponsored noopener">{label}</a>' if href else label
    disclosure = f'<p class="disclosure">{text_as_html(offer["disclosure"])}</p>' if offer["disclosure"] else ""
    return f'<aside class="offer"><p>{text_as_html(offer["text"])}</p><p>{link}</p>{disclosure}</aside>'


def limited_offer_html(offer: Json, shown: Shown) -> str:
    """An offer with the markets that it is limited to, for those who review it: readers elsewhere do not get it."""
    markets = f'<p class="markets">{shown.sentence("only-in-markets", markets=", ".join(offer["markets"]))}</p>'
    return f"{markets}{offer_html(offer)}"


def offer_href(target: Json) -> str:
    """The address of `{type, value}` for a browser; "" if the value is none of its type."""
    prefix, form = TARGETS.get(target["type"], ("", None))
    return prefix + target["value"] if form and form.fullmatch(target["value"]) else ""


def references_html(references: list[Json], shown: Shown) -> str:
    items = "".join(f'<li id="reference-{row["number"]}">{_reference(row, shown)}</li>' for row in references)
    return f'<ol class="references">{items}</ol>' if items else ""


def _reference(reference: Json, shown: Shown) -> str:
    """Its line in AMA style, links to it, and its status first where a reader has to know it."""
    links = [_link(href, shown.sentence(key)) for key, href in reference_links(reference)]
    status = status_html(reference["source_status"], shown).strip()
    return " ".join(filter(None, [status, text_as_html(reference["text"]["ama"]), *links]))


def reference_links(reference: Json) -> list[tuple[str, str]]:
    """[(key of the fixed words, address)]: by DOI and PMID, else the source's own address; and what says its status."""
    at = (("full-text", address_of(reference["doi"])), ("pubmed", address_of(reference["pmid"])))
    links = [(key, address) for key, address in at if address]
    if not links and reference["url"].startswith(("https://", "http://")):
        links.append(("web-page", reference["url"]))
    if notice := reference.get("source_status_url"):
        is_newer = reference["source_status"] == SourceStatus.SUPERSEDED
        links.append(("newer-version" if is_newer else "publishers-notice", notice))
    return links


def _link(href: str, words: str) -> str:
    return f'<a href="{escape(href)}" rel="noopener">{words}</a>'


def _row(cells: list[str], table: Json, is_first: bool) -> str:
    return "<tr>" + "".join(_cell(cell, table, is_first, at == 0) for at, cell in enumerate(cells)) + "</tr>"


def _cell(cell: str, table: Json, first_row: bool, first_column: bool) -> str:
    if first_row and table["header_row"]:
        return f'<th scope="col">{text_as_html(cell)}</th>'
    if first_column and table["header_column"]:
        return f'<th scope="row">{text_as_html(cell)}</th>'
    return f"<td>{text_as_html(cell)}</td>"


def _credit(credit: str) -> str:
    return f"<small>{text_as_html(credit)}</small>" if credit else ""

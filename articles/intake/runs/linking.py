"""Links between the articles of an old site: in a draft they lead to the article here.

A link is one of the old site's own if it is relative, or names the host at which the article itself stood. Articles
that get their draft later are linked when the run has made all drafts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.db.models import Q

from articles.intake.models import ImportedArticle
from articles.intake.outline import Block, Origin, Outline
from articles.intake.runs.legacy import path_of

_LINK = re.compile(r'<a href="([^"]*)">')


def links_of(blocks: Iterable[Block], origin: Origin) -> list[str]:
    """The paths of the old site to which the text links, each once, in its order."""
    hrefs = (href for block in blocks for href in _LINK.findall(block.html))
    return list(dict.fromkeys(path for href in hrefs if (path := _own_path(href, origin))))


def pages_of(paths: Iterable[str]) -> dict[str, int]:
    """{path: primary key of the draft that was made of the article with this address or key}."""
    wanted = set(paths)
    if not wanted:
        return {}
    named = Q(address__in=wanted)
    for path in wanted:
        named |= Q(key__endswith=path) if "?" in path else Q()
    rows = ImportedArticle.objects.filter(named, draft__isnull=False).order_by("pk")
    found: dict[str, int] = {}
    for address, key, page in rows.values_list("address", "key", "draft"):
        found |= {path: page for path in (address, path_of(key)) if path in wanted}
    return found


def paths_here() -> set[str]:
    """Every path by which an article that has a draft may be linked."""
    rows = ImportedArticle.objects.filter(draft__isnull=False).values_list("address", "key")
    return {path for address, key in rows.iterator() for path in (address, path_of(key)) if path}


def link(outline: Outline, origin: Origin, pages: Mapping[str, int]) -> Outline:
    """The outline with links to these pages in place of those to their old addresses; no word changes."""

    def linked(found: re.Match[str]) -> str:
        page = pages.get(_own_path(found[1], origin))
        return f'<a linktype="page" id="{page}">' if page else found[0]

    def changed(block: Block) -> Block:
        return replace(block, html=_LINK.sub(linked, block.html)) if block.html else block

    parts = (replace(part, blocks=tuple(map(changed, part.blocks))) for part in outline.parts)
    return replace(outline, parts=tuple(parts)) if pages else outline


def _own_path(href: str, origin: Origin) -> str:
    """The path of a link within the old site; "" for any other, and for one to the article itself."""
    try:
        here = urlsplit(origin.address)
        found = urlsplit(urljoin(origin.address, unescape(href)))
    except ValueError:  # such as an IPv6 address without its end
        return ""
    is_own = bool(here.hostname) and found.scheme in ("http", "https") and _bare(found.hostname) == _bare(here.hostname)
    path = path_of(found.geturl()) if is_own else ""
    return path if path != path_of(origin.address) else ""


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.")

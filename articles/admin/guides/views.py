"""The guides of docs/, to be read in the admin by those for whom they are written."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import TemplateView
from markdown_it import MarkdownIt
from markdown_it.token import Token
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

FOLDER = Path(__file__).resolve().parents[3] / "docs"
NAMES = ("editors", "reviewers", "leads", "translating", "intake", "sources", "rules")
GUIDES = {name: (FOLDER / f"{name}.md").open(encoding="utf-8").readline().lstrip("# ").rstrip() for name in NAMES}
PICTURE = re.compile(r"images/([a-z0-9-]+\.png)")


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    """One guide, for everyone who works here. Raises Http404 if there is none of this name."""

    template_name = "admin/guides/guide.html"
    header_icon = "help"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["name"] not in GUIDES:
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return GUIDES[self.kwargs["name"]]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"guide": as_html(self.kwargs["name"])}


def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of a guide. Raises Http404."""
    path = FOLDER / "images" / f"{name}.png"
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/png")


@cache
def as_html(name: str) -> SafeString:
    """The guide without its first heading, which the page has already. Links to files that are no guides are text."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = markdown.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))[3:]
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(tokens[at + 1].content))
        token.children = list(_led(token.children or [])) if token.type == "inline" else token.children
        token.content = PICTURE.sub(_picture, token.content) if token.type.startswith("html_") else token.content
    return mark_safe(markdown.renderer.render(tokens, markdown.options, {}))


def anchor(heading: str) -> str:
    """The id that GitHub gives a heading, so that links to it work in both places."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _led(children: list[Token]) -> Iterator[Token]:
    """The pieces of a paragraph with the addresses that they have in the admin."""
    dropped = False
    for child in children:
        if child.type == "image":
            child.attrSet("src", PICTURE.sub(_picture, str(child.attrGet("src"))))
        elif child.type == "html_inline":
            child.content = PICTURE.sub(_picture, child.content)
        elif child.type == "link_open":
            address = _address(str(child.attrGet("href")))
            dropped = not address
            child.attrSet("href", address)
        if child.type in ("link_open", "link_close") and dropped:
            dropped = child.type == "link_open"
            continue
        yield child


def _address(href: str) -> str:
    """Where a link of a guide leads in the admin; "" for what is not there."""
    if href.startswith(("#", "https://")):
        return href
    file, _, place = href.partition("#")
    name = file.removesuffix(".md")
    return f"{reverse('articles_guide', args=[name])}{'#' if place else ''}{place}" if name in GUIDES else ""


def _picture(found: re.Match[str]) -> str:
    return reverse("articles_guide_picture", args=[found[1].removesuffix(".png")])

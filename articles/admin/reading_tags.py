"""The template library `reading`: what the reading page needs to show a composed article or a draft of one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from articles.admin.reading import read_draft
from articles.authoring.models import ArticlePage
from articles.document.draft import Section
from articles.document.gather import gather_page
from articles.document.render import render, render_section
from articles.document.stored import kind_of, plain
from articles.errors import DomainError
from articles.record import vocabulary
from articles.record.delivery.content.section_media import picture_html
from articles.record.delivery.content.sections import section_html

register = template.Library()
Json = dict[str, Any]


@dataclass(frozen=True)
class PageReading:
    """A composed draft, or why there is none."""

    article: Json | None = None
    problem: str = ""


@register.simple_tag
def read_page(page: ArticlePage) -> PageReading:
    """The page as it is in memory, saved or not, as readers would get it."""
    try:
        draft = gather_page(page)
        return PageReading(read_draft(draft, render(draft)).article)
    except DomainError as error:
        return PageReading(problem=error.detail)


@register.simple_tag
def section_preview(value: Any) -> SafeString:
    """A block's preview value as readers would see such a section."""
    block = value.block
    section = Section("preview", kind_of(block.name), 0, plain(block.get_prep_value(value)))
    shown = render_section(section)
    extra = {"offer": None} if shown["kind"] == "cta" else {}
    return mark_safe(section_html(shown | extra, address=lambda article: None, references=[]))


@register.simple_tag
def picture(image: Json) -> SafeString:
    return mark_safe(picture_html(image))


@register.simple_tag
def label(name: str, value: str) -> str:
    """The words for a value of a closed list: `{% label "ArticleType" "treatment" %}`."""
    choices = getattr(vocabulary, name)
    return choices(value).label if value in choices.values else value


@register.filter
def iso_date(text: str) -> str:
    """2026-11-23 as 23 November 2026."""
    return f"{date.fromisoformat(text):%-d %B %Y}" if text else ""

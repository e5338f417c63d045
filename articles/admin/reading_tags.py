"""The template library `reading`: what the reading page needs to show a composed article or a draft of one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils import formats, translation
from django.utils.safestring import SafeString, mark_safe

from articles.admin.passkeys import Offer, offer
from articles.admin.reading import read_draft
from articles.authoring.models import ArticlePage
from articles.document.draft import Section
from articles.document.gather import gather_page
from articles.document.render import render, render_section
from articles.document.stored import kind_of, plain
from articles.errors import DomainError
from articles.record import words
from articles.record.delivery.content.portable_text import Shown
from articles.record.delivery.content.section_media import picture_html
from articles.record.delivery.content.sections import section_html
from articles.review.review import Review

register = template.Library()
Json = dict[str, Any]


@dataclass(frozen=True)
class PageReading:
    """A composed draft, or why there is none."""

    article: Json | None = None
    problem: str = ""


@register.simple_tag(takes_context=True)
def ways_to_confirm(context: dict[str, Any], review: Review, way: Any) -> Offer:
    """How the person can confirm a signature on the parts of this way."""
    return offer(context["request"], way.role, [review.policies[part.name] for part in way.parts])


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
    return mark_safe(section_html(shown | extra, Shown(words.DEFAULT), references=[]))


@register.simple_tag
def picture(image: Json) -> SafeString:
    return mark_safe(picture_html(image))


@register.simple_tag(takes_context=True)
def label(context: Json, name: str, value: str) -> SafeString:
    """The words for a value of a closed list in the article's language: `{% label "article-type" "treatment" %}`."""
    language = _language(context)
    return mark_safe(words.label(name, value, language).in_html(language))


@register.simple_tag(takes_context=True)
def said(context: Json, key: str, **given: Any) -> SafeString:
    """A fixed sentence in the article's language: `{% said "minutes" minutes=4 %}`."""
    language = _language(context)
    return mark_safe(words.sentence(key, language, **given).in_html(language))


@register.simple_tag(takes_context=True)
def day(context: Json, iso: str) -> str:
    """2026-11-23 as people write it in the article's language: 23 November 2026."""
    with translation.override(_language(context)):
        return formats.date_format(date.fromisoformat(iso), "DATE_FORMAT") if iso else ""


def _language(context: Json) -> str:
    article = context.get("article")
    return article["content"]["language"] if article else words.DEFAULT

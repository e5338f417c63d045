"""Refusals in words: what was kept, what to do, and a link to each block that has to be fixed."""

from django.contrib.messages import add_message, get_messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages

from articles.admin.outcome import outcome
from articles.authoring.models import ArticlePage
from articles.checks.finding import Finding, Severity
from articles.errors import BlockedByFindings, DomainError
from articles.review.opening import load_article

SEARCH = "presentation-search_engines_and_social_networks"
PANELS = {
    "title": "article-title",
    "summary": "article-summary",
    "synonyms": "article-synonyms",
    "body": "article-body",
    "codes": "facts-codes",
    "substances": "facts-substances",
    "sponsorship": "facts-sponsorship",
    "ai_use": "facts-use_of_ai",
    "change_note": "facts-what_changes_for_readers",
    "hero": "presentation-hero_image",
    "disclaimers": "presentation-disclaimers",
    "slug": "filing-slug",
    "seo_title": SEARCH,
    "search_description": SEARCH,
    "social_image": SEARCH,
    "seo": SEARCH,
    "article_type": "facts-kind",
    "audience": "facts-kind",
    "authors": "presentation-byline",
    "related": "presentation-related_articles",
}


def say_submitted(request: HttpRequest, page: ArticlePage) -> None:
    """In place of Wagtail's last message, which says “submitted” of a text that was published at once, too."""
    for message in list(get_messages(request))[:-1]:
        add_message(request, message.level, message.message, extra_tags=message.extra_tags)
    edit = messages.button(edit_url(page), "Edit")
    messages.success(request, outcome(f"“{page.draft_title}” was submitted", load_article(page)), buttons=[edit])


def say_refusal(request: HttpRequest, error: DomainError, page: ArticlePage) -> None:
    """An admin message with links to the places where something is to do."""
    if not isinstance(error, BlockedByFindings):
        place = anchor_of(Finding(Severity.BLOCKING, error.field, ""))
        buttons = [messages.button(f"{edit_url(page)}#{place}", "Show the field")] if place else None
        messages.error(request, f"Saved, but not submitted. {error.detail}", buttons=buttons)
        return
    items = format_html_join(
        "", '<li><a href="{}">{}</a></li>', ((link_to(page, row), row.message) for row in error.findings)
    )
    messages.error(request, format_html("Saved, but not submitted. Fix these first:<ul>{}</ul>", items))


def link_to(page: ArticlePage, finding: Finding) -> str:
    """The edit view at the block or the panel that the finding is about."""
    return f"{edit_url(page)}#{anchor_of(finding)}" if anchor_of(finding) else edit_url(page)


def edit_url(page: ArticlePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def anchor_of(finding: Finding) -> str:
    """The fragment by which Wagtail's editor knows a block, or the panel of a field."""
    if finding.block:
        return f"block-{finding.block}-section"
    panel = PANELS.get(finding.path.split("/")[0])
    return f"panel-child-{panel}-section" if panel else ""

"""Refusals in words: what was kept, what to do, and a link to each block that has to be fixed."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages

from articles.authoring.models import ArticlePage
from articles.checks.finding import Finding
from articles.errors import BlockedByFindings, DomainError

SEARCH = "presentation-search_engines_and_social_networks"
PANELS = {
    "title": "article-title",
    "summary": "article-summary",
    "synonyms": "article-other_names",
    "body": "article-body",
    "codes": "facts-codes",
    "substances": "facts-substances",
    "sponsorship": "facts-sponsorship",
    "change_note": "facts-change_note",
    "hero": "presentation-hero_image",
    "seo_title": SEARCH,
    "search_description": SEARCH,
    "social_image": SEARCH,
}


def say_refusal(request: HttpRequest, error: DomainError, page: ArticlePage) -> None:
    """An admin message; for blocking findings a list whose items lead to the blocks."""
    if not isinstance(error, BlockedByFindings):
        messages.error(request, f"Saved, but not submitted. {error.detail}")
        return
    items = format_html_join(
        "", '<li><a href="{}">{}</a></li>', ((link_to(page, row), row.message) for row in error.findings)
    )
    messages.error(request, format_html("Saved, but not submitted. Fix these first:<ul>{}</ul>", items))


def link_to(page: ArticlePage, finding: Finding) -> str:
    """The edit view at the block or the panel that the finding is about."""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return f"{url}#{anchor_of(finding)}" if anchor_of(finding) else url


def anchor_of(finding: Finding) -> str:
    """The fragment by which Wagtail's editor knows a block, or the panel of a field."""
    if finding.block:
        return f"block-{finding.block}-section"
    panel = PANELS.get(finding.path.split("/")[0])
    return f"panel-child-{panel}-section" if panel else ""

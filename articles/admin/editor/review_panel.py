"""The editor's side panel *Review*: what readers get, who has to sign, what the checks and the import say."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import AbstractUser as User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import get_text_list
from wagtail.admin.ui.side_panels import BaseSidePanel

from articles.admin import publication_status, review_history
from articles.admin.editor.messages import anchor_of
from articles.admin.editor.translating.panel import translations_of
from articles.authoring.models import ArticlePage
from articles.checks import engine
from articles.checks.finding import Finding
from articles.errors import DomainError
from articles.intake.models import ImportedArticle
from articles.publishing.scheduling import waiting
from articles.publishing.upkeep import correcting
from articles.record.models import SignOff
from articles.review import blocking
from articles.review.opening import load_article
from articles.review.responses.comments import open_of
from articles.review.signing import signatures
from articles.review.workflow import sign_off_url

UNSURE = 0.6  # below, a guess of the import deserves a look


@dataclass(frozen=True)
class Row:
    """A finding and the fragment that leads to its place."""

    finding: Finding
    anchor: str


class ReviewPanel(BaseSidePanel):
    """Empty at first: panel.js asks for its content, so that nobody waits for the checks to see the text."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Toggle review"
        icon_name = "clipboard-list"
        counter_classname = "w-bg-critical-200"

    name = "review"
    title = "Review"
    template_name = "admin/editor/panel.html"
    order = 150

    def get_context_data(self, parent_context):
        return super().get_context_data(parent_context) | {"page": self.object}


def panel_of(page: ArticlePage, user: User) -> dict[str, Any]:
    """The panel's content for this person, from the latest saved revision. A draft that cannot be rendered says why."""
    said: dict[str, Any] = {
        "page": page,
        "readers_get": publication_status.of_article(page.article_id),
        "sign_off_url": sign_off_url(page),
        "set_aside": correcting.set_aside(page),
        "guesses": guesses(page),
        "imported": ImportedArticle.objects.filter(draft=page, outline__isnull=False)
        .values_list("pk", flat=True)
        .last(),
    }
    try:
        review = load_article(page)
    except DomainError as error:
        return said | {"problem": error.detail} | translations_of(page, user)
    assert review.draft is not None  # an article has one
    findings = engine.run(review.draft)
    rows = [Row(finding, anchor_of(finding)) for finding in findings]
    signed = [row for part in review.documents for row in review.counting(part)]
    missing = [] if review.is_current else signatures.missing(review)
    return said | {
        "rows": rows,
        "signed": signed,
        "missing": missing,
        "costs": "" if review.is_current else what_a_change_costs(page, signed),
        "blocking": len(blocking.new(review, findings)),
        "unverified": len({row.id for row in review.draft.sources.values() if not row.is_verified}),
        "change": review.change,
        "is_current": review.is_current,
        "requests": review_history.requests(review),
        "suggestions": review_history.open_suggestions(page),
        "comments": open_of(review),
        "accepted": review_history.accepted_suggestions(review),
        "scheduled": waiting.said_of(review),
        **translations_of(page, user, review),
    }


def what_a_change_costs(page: ArticlePage, signed: list[SignOff]) -> str:
    """Said before anybody changes a text that people sign or read: empty for a draft that nobody was asked about."""
    names = [*dict.fromkeys(row.name for row in signed)]
    if names:
        who = get_text_list(names, "and")
        return f"{who} signed this text. If you change what they signed, their signatures no longer count for it."
    if page.workflow_in_progress:
        return "This text is in review. You can change it: whoever reviews it then reads the changed text."
    return ""


def guesses(page: ArticlePage) -> list[dict[str, Any]]:
    """How the import classified each part, least sure first; empty for an article written here."""
    parts = [part for part in page.intake.get("parts", []) if part["role"] in ("section", "left-out")]
    shown = [
        part | {"is_unsure": part["confidence"] < UNSURE, "percent": round(part["confidence"] * 100)} for part in parts
    ]
    return sorted(shown, key=lambda part: part["confidence"])


def refresh(request: HttpRequest, pk: int, *, problem: str = "") -> HttpResponse:
    """The panel, asked for when the editor is shown and after each autosave. `problem`: why its button did nothing."""
    page = get_object_or_404(ArticlePage, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise Http404
    said = panel_of(page, cast(User, request.user)) | {"mark_problem": problem}
    return render(request, "admin/editor/_panel.html", said)

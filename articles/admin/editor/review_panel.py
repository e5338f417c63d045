"""The editor's side panel *Review*: what readers get, who has to sign, what the checks and the import say."""

from collections.abc import Iterator
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
    requests, comments = review_history.requests(review, user), open_of(review)
    suggested = review_history.open_suggestions(page)
    return said | {
        "rows": rows,
        "signed": signed,
        "missing": missing,
        "above": [
            *what_waits(requests, len(suggested), len(comments)),
            *([] if review.is_current else what_a_change_costs(page, signed, user)),
        ],
        "blocking": len(blocking.new(review, findings)),
        "unverified": len({row.id for row in review.draft.sources.values() if not row.is_verified}),
        "change": review.change,
        "is_current": review.is_current,
        "requests": requests,
        "suggestions": suggested,
        "comments": comments,
        "accepted": review_history.accepted_suggestions(review),
        "scheduled": waiting.said_of(review),
        **translations_of(page, user, review),
    }


def what_waits(requests: list[review_history.Request], suggestions: int, comments: int) -> Iterator[str]:
    """Said above the text, since nobody opens the panel to learn that reviewers answered."""
    if names := [*dict.fromkeys(row.by for row in requests if not row.is_answered)]:
        yield f"{get_text_list(names, 'and')} asked for changes. The Review panel (the clipboard) says which."
    counted = [(suggestions, "suggestion"), (comments, "comment")]
    if told := [f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counted if count]:
        yield f"Reviewers left {' and '.join(told)}. The Review panel (the clipboard) shows them."


def what_a_change_costs(page: ArticlePage, signed: list[SignOff], user: User) -> Iterator[str]:
    """Said before anybody changes a text that people sign or read: nothing of a draft that nobody was asked about."""
    if names := [*dict.fromkeys("you" if row.user == user.pk else row.name for row in signed)]:
        who = get_text_list(names, "and")
        who = f"{who[:1].upper()}{who[1:]}"
        yield f"{who} signed this text. If you change it, a signature on what changed no longer counts."
    elif page.workflow_in_progress:
        yield "This text is in review. You can change it: whoever reviews it then reads the changed text."


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

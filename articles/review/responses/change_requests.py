"""Requests for changes, with a reason and comments on sections, which the author sees in the editor.

An article in the workflow goes back to its author. An offer or a disclaimer has no workflow, so its request stays open.
"""

from collections.abc import Collection, Mapping

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.document.characters import names_of, unreadable_signs
from articles.document.stored import stream
from articles.errors import DomainError
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from articles.review import roles
from articles.review.models import ChangeRequest
from articles.review.needs.table import write_needs
from articles.review.opening import load
from articles.review.responses.comments import put
from articles.review.review import Review, Target

MAX_REASON, MAX_COMMENT = 4000, 2000  # characters


class CannotRequestChanges(DomainError):
    """No signature of this person is requested, or no reason was given."""

    code = "cannot-request-changes"
    title = "The changes were not requested."


@transaction.atomic
def ask(*, target: Target, by: User, reason: str, comments: Mapping[str, str] | None = None) -> None:
    """Request changes with a reason; `comments` are {block's id: words} for the author. Raises CannotRequestChanges."""
    reason = reason.strip()
    said = {key: text.strip() for key, text in (comments or {}).items() if text.strip()}
    if not reason:
        raise CannotRequestChanges("Say what should change; the author sees your comment.")
    if len(reason) > MAX_REASON or any(len(text) > MAX_COMMENT for text in said.values()):
        raise CannotRequestChanges(
            f"Shorten the text. A reason may have up to {MAX_REASON} characters, a comment {MAX_COMMENT}."
        )
    if found := unreadable_signs("".join([reason, *said.values()])):
        raise CannotRequestChanges(f"The text contains invisible characters ({names_of(found)}). Type it again.")
    if isinstance(target, ArticlePage):
        _comment(target, by, said)
        _send_back(target, by, reason)
    else:
        review = load(target)
        note(review, by=by, among=roles_in(review, by), reason=reason)
        write_needs(review)


def roles_in(review: Review, user: User) -> set[str]:
    """The roles of the person that the text needs, whoever has the turn: whoever can sign can ask for changes."""
    needed = {role for rules in review.rules.values() for role in rules.signatures()}
    return roles.roles_of(user, on=timezone.now().date()) & needed


def note(review: Review, *, by: User, among: Collection[str], reason: str) -> ChangeRequest:
    """Store the request, in the first role of `among`. Raises CannotRequestChanges if there is none."""
    if not among:
        raise CannotRequestChanges("No signature in your role is requested, so there is nothing to send back.")
    return ChangeRequest.objects.create(
        subject_kind=review.kind,
        subject=review.id,
        user_id=by.pk,
        role=min(among, key=Role.values.index),
        reason=reason[:MAX_REASON],
        digests=review.digests,
        at=timezone.now(),
    )


def open_of(review: Review) -> list[ChangeRequest]:
    """Requests since the latest edition that no later signature in the same role has settled, oldest first."""
    rows = ChangeRequest.objects.filter(subject=review.id).select_related("user")
    if review.since:
        rows = rows.filter(at__gt=review.since)
    signed = SignOff.objects.filter(subject=review.id).values_list("role", "signed_at")
    latest: dict[str, object] = {}
    for role, at in signed:
        latest[role] = max(latest.get(role, at), at)  # type: ignore[call-overload]
    return [row for row in rows if row.role not in latest or latest[row.role] < row.at]  # type: ignore[operator]


def is_answered(request: ChangeRequest, review: Review) -> bool:
    """Whether the text has changed since the request."""
    return request.digests != review.digests


def _send_back(page: ArticlePage, by: User, reason: str) -> None:
    state = page.current_workflow_task_state
    if state is None:
        raise CannotRequestChanges("No signature is requested for this article, so there is nothing to send back.")
    try:
        state.task.specific.on_action(state, by, "reject", comment=reason)
    except PermissionDenied as error:
        raise CannotRequestChanges(
            "No signature in your role is requested for this article, so there is nothing to send back."
        ) from error


def _comment(page: ArticlePage, by: User, comments: Mapping[str, str]) -> None:
    known = {block.get("id") for block in stream(page.get_latest_revision().content.get("body"))}
    for section, text in comments.items():
        if section not in known:
            raise CannotRequestChanges("A section that you commented on no longer exists. Reload the page.")
        put(page, by, section, "", text)

"""Suggested wordings, which an editor accepts or rejects. An accepted suggestion counts as the editor's change.

Its revision is saved in the editor's name, so the reviewer has not contributed and may still sign.
"""

import json
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.document.characters import names_of, unreadable_signs
from articles.document.stored import stream
from articles.errors import DomainError
from articles.record.vocabulary import SuggestionState
from articles.review import draft_readers, roles
from articles.review.models import Suggestion
from articles.review.opening import lock
from articles.review.responses.suggestion_text import NotThere, locate, narrow, replace

MAX_WORDS, MAX_COMMENT = 10_000, 1000  # characters


class CannotSuggest(DomainError):
    """The suggestion changes nothing or is not valid, or the person may not suggest."""

    code = "cannot-suggest"
    title = "The suggestion was not sent."


class CannotDecide(DomainError):
    """The suggestion was decided already, or this person may not decide it."""

    code = "cannot-decide"
    title = "The suggestion was not changed."


class Outdated(DomainError):
    """The passage is no longer there."""

    code = "suggestion-outdated"
    title = "The text has changed since."


def suggest(*, page: ArticlePage, by: User, section: str, before: str, after: str, comment: str = "") -> Suggestion:
    """Suggest a wording for a passage of the latest saved text, which does not change. For readers of the draft who
    have a signing role.

    `before` must occur once in the readable text of the section (a block's id). Raises CannotSuggest, NotThere.
    """
    before, after, comment = (_lines(text) for text in (before, after, comment))
    if not roles.roles_of(by, on=timezone.now().date()):
        raise CannotSuggest("Only people with a signing role can suggest a wording. Ask a medical lead for a role.")
    if not draft_readers.may_read(page, by):
        raise CannotSuggest("This draft is private until it is submitted for review. You can suggest a wording then.")
    if len(before) > MAX_WORDS or len(after) > MAX_WORDS or len(comment) > MAX_COMMENT:
        raise CannotSuggest(f"Shorten it. A passage may have up to {MAX_WORDS} characters, a comment {MAX_COMMENT}.")
    if found := set(unreadable_signs(after + comment)) - set(before):
        raise CannotSuggest(f"It contains invisible characters ({names_of(sorted(found))}). Type it again.")
    if before == after:
        raise CannotSuggest("Change at least one word. This is the current text.")
    block = _block(page, section)
    locate(block, before)
    before, after = narrow(block, before, after)
    return Suggestion.objects.create(
        article=page.article_id,
        section=section,
        before=before,
        after=after,
        comment=comment,
        user_id=by.pk,
        at=timezone.now(),
    )


def accept(*, suggestion: Suggestion, by: User) -> None:
    """Save the suggestion as a revision by `by`, who becomes a contributor; the reviewer does not.

    Raises CannotDecide, SpansMarkup, Outdated; an outdated suggestion is marked as such.
    """
    try:
        with transaction.atomic():
            page, row = _open(suggestion, by)
            if row.user_id == by.pk:
                raise CannotDecide("This is your own suggestion. Another editor must accept it.")
            _apply(page, row, by)
            _decide(row, SuggestionState.ACCEPTED, by)
    except NotThere as error:
        _mark_outdated(suggestion, by)
        raise Outdated("The text has changed since, so the passage is no longer there. Nothing was changed.") from error


def reject(*, suggestion: Suggestion, by: User) -> None:
    """Reject; the suggestion stays on record. Raises CannotDecide."""
    with transaction.atomic():
        _, row = _open(suggestion, by)
        _decide(row, SuggestionState.REJECTED, by)


def may_decide(page: ArticlePage, user: User) -> bool:
    """Whether the user has the permission to edit the article. Being asked to sign it is not enough."""
    if not user.is_active or user.is_superuser:
        return user.is_active
    held = page.permissions_for_user(user).permissions
    return "change" in held or ("add" in held and page.owner_id == user.pk)


def open_of(page: ArticlePage) -> list[Suggestion]:
    """The open suggestions, oldest first."""
    return list(Suggestion.objects.filter(article=page.article_id, state=SuggestionState.OPEN).select_related("user"))


def stands(suggestion: Suggestion, body: list[dict[str, Any]]) -> bool:
    """Whether the passage still exists; `body` is the stored stream."""
    block = next((block for block in body if block.get("id") == suggestion.section), None)
    try:
        return block is not None and bool(locate(block, suggestion.before))
    except DomainError:
        return False


def body_of(page: ArticlePage) -> list[dict[str, Any]]:
    """The stored blocks of the latest saved text."""
    return stream(page.get_latest_revision().content.get("body"))


def _open(suggestion: Suggestion, by: User) -> tuple[ArticlePage, Suggestion]:
    """The page and the suggestion, locked."""
    page = lock(ArticlePage.objects.get(article_id=suggestion.article))
    row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if not may_decide(page, by):
        raise CannotDecide("Only people who may edit the article can decide on suggestions.")
    if page.permissions_for_user(by).page_locked():
        raise CannotDecide("The article is locked. Unlock it first.")
    if row.state != SuggestionState.OPEN:
        raise CannotDecide(f"This suggestion is closed already: {row.get_state_display().lower()}.")
    return page, row


def _apply(page: ArticlePage, row: Suggestion, by: User) -> None:
    body = body_of(page)
    if not any(block.get("id") == row.section for block in body):
        raise NotThere("The section no longer exists.")
    made = [replace(block, row.before, row.after) if block.get("id") == row.section else block for block in body]
    draft = page.get_latest_revision_as_object()
    draft.body = json.dumps(made)
    draft.save_revision(user=by, log_action=True)


def _decide(row: Suggestion, state: str, by: User) -> None:
    row.state, row.decided_by_id, row.decided_at = state, by.pk, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _mark_outdated(suggestion: Suggestion, by: User) -> None:
    row = Suggestion.objects.get(pk=suggestion.pk)
    if row.state == SuggestionState.OPEN:
        _decide(row, SuggestionState.OUTDATED, by)


def _block(page: ArticlePage, section: str) -> dict[str, Any]:
    block = next((block for block in body_of(page) if block.get("id") == section), None)
    if block is None:
        raise CannotSuggest("The section no longer exists. Reload the sign-off page.")
    return block


def _lines(text: str) -> str:
    """The text with normalized line endings, without surrounding space."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()

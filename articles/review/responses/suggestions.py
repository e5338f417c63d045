"""Suggested changes, which an editor accepts or rejects. An accepted suggestion counts as the editor's change.

Its revision is saved in the editor's name, so the reviewer has not contributed and may still sign (own_words).
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from articles.authoring.characters import clean
from articles.authoring.models import ArticlePage
from articles.document.characters import names_of, unreadable_signs
from articles.document.stored import stream
from articles.errors import DomainError, NotRepresentable
from articles.record.vocabulary import SuggestionState
from articles.review import draft_readers, roles
from articles.review.logins import with_other_logins
from articles.review.models import Suggestion
from articles.review.opening import lock
from articles.review.passages import passages_in
from articles.review.responses.applying import field_of, made_with, rendered
from articles.review.responses.fields import STREAMS, Content, Place, fields_of, opened
from articles.review.responses.missing import find_missing, new_id
from articles.review.responses.suggestion_text import NotThere, locate, narrow

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


def suggest(
    *, page: ArticlePage, by: User, section: str, before: str, after: str, comment: str = "", key: str = ""
) -> Suggestion:
    """Suggest another value for a field of the latest saved text, which does not change. For readers of the draft who
    have a signing role.

    Of words, `before` is a passage that occurs once in the field; of a choice, a number or a tick, the value as its
    form posts it. Without `key`, the field of the section is the one that has the words.

    Raises CannotSuggest, NotThere, SpansMarkup, DoesNotFit.
    """
    before, after, comment = (_lines(text) for text in (before, after, comment))
    _require_allowed(page, by, [before, after], comment)
    if found := set(unreadable_signs(after)) - set(before):
        raise CannotSuggest(f"It contains invisible characters ({names_of(sorted(found))}). Type it again.")
    content = content_of(page)
    place = field_of(content, section, key, before)
    row = Suggestion(section=section, key=place.key, where=place.where)
    if place.is_words:
        after = clean(" ".join(after.replace("\t", " ").splitlines()) if place.is_one_line else after)
        row.before, row.after = before, after
        if before:
            passages = passages_in(place.block, place.stored)
            locate(passages, before)
            row.before, row.after = narrow(passages, before, after)
    else:
        row.before, row.after = place.in_words(before), place.in_words(after)
        row.data = {"from": before, "to": after}
    if before == after:
        raise CannotSuggest("Change at least one word. This is the current text.")
    return _keep(page, by, row, content, comment)


def suggest_missing(
    *, page: ArticlePage, by: User, section: str, key: str, values: Mapping[str, str], comment: str = ""
) -> Suggestion:
    """Suggest what the draft lacks: an item, a paragraph or a section (responses.missing).

    `values` are those that a form posts. Raises CannotSuggest, OneTooMany.
    """
    said = {name: _lines(text) for name, text in values.items()}
    _require_allowed(page, by, said.values(), comment)
    if found := unreadable_signs("".join(said.values())):
        raise CannotSuggest(f"It contains invisible characters ({names_of(sorted(found))}). Type it again.")
    content = content_of(page)
    missing = find_missing(content, section, key)
    if missing is None:
        raise CannotSuggest("The place where this was to be added no longer exists. Reload the page.")
    try:
        made = missing.clean({name: clean(text) for name, text in said.items()})
    except ValidationError as error:
        raise CannotSuggest(" ".join(error.messages)) from error
    row = Suggestion(section=section, key=key, where=missing.where, after=missing.in_words(made))
    row.data = {"add": made, "id": new_id()}
    return _keep(page, by, row, content, _lines(comment))


def accept(*, suggestion: Suggestion, by: User) -> None:
    """Save the suggestion as a revision by `by`, who becomes a contributor; the reviewer does not.

    Raises CannotDecide, SpansMarkup, DoesNotFit, OneTooMany, Outdated; an outdated suggestion is marked as such.
    """
    try:
        with transaction.atomic():
            page, row = _open(suggestion, by)
            if by.pk in with_other_logins({row.user_id or 0}):
                raise CannotDecide("This is your own suggestion. Another editor must accept it.")
            _apply(page, row, by)
            _decide(row, SuggestionState.ACCEPTED, by)
    except NotThere as error:
        _mark_outdated(suggestion, by)
        raise Outdated(f"The text has changed since. {error.detail} Nothing was changed.") from error


def reject(*, suggestion: Suggestion, by: User) -> None:
    """Reject, or take one's own back; the suggestion stays on record. Raises CannotDecide."""
    with transaction.atomic():
        _, row = _open(suggestion, by, is_own=suggestion.user_id == by.pk)
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


def stands(suggestion: Suggestion, content: Content) -> bool:
    """Whether it can still be accepted; `content` is opened."""
    try:
        return bool(made_with(content, suggestion))
    except DomainError:
        return False


def content_of(page: ArticlePage) -> Content:
    """The opened content of the latest saved text."""
    return opened(page.get_latest_revision().content)


def body_of(page: ArticlePage) -> list[dict[str, Any]]:
    """The stored blocks of the latest saved text."""
    return stream(page.get_latest_revision().content.get("body"))


def _open(suggestion: Suggestion, by: User, *, is_own: bool = False) -> tuple[ArticlePage, Suggestion]:
    """The page and the suggestion, locked. Whoever made a suggestion can take it back (`is_own`)."""
    page = lock(ArticlePage.objects.get(article_id=suggestion.article))
    row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if not (is_own or may_decide(page, by)):
        raise CannotDecide("Only people who may edit the article can decide on suggestions.")
    if page.permissions_for_user(by).page_locked():
        raise CannotDecide("The article is locked. Unlock it first.")
    if row.state != SuggestionState.OPEN:
        raise CannotDecide(f"This suggestion is closed already: {row.get_state_display().lower()}.")
    return page, row


def _require_allowed(page: ArticlePage, by: User, texts: Iterable[str], comment: str) -> None:
    if not roles.roles_of(by, on=timezone.now().date()):
        raise CannotSuggest("Only people with a signing role can suggest a change. Ask a medical lead for a role.")
    if not draft_readers.may_read(page, by):
        raise CannotSuggest("This draft is private until it is submitted for review. You can suggest a change then.")
    if any(len(text) > MAX_WORDS for text in texts) or len(comment) > MAX_COMMENT:
        raise CannotSuggest(f"Shorten it. A text may have up to {MAX_WORDS} characters, a reason {MAX_COMMENT}.")
    if found := unreadable_signs(comment):
        raise CannotSuggest(f"The reason contains invisible characters ({names_of(found)}). Type it again.")


def _keep(page: ArticlePage, by: User, row: Suggestion, content: Content, comment: str) -> Suggestion:
    """Store it, once it was tried: a draft with it can be shown and signed."""
    try:
        rendered(page.get_latest_revision(), made_with(content, row))
    except NotRepresentable as error:
        raise CannotSuggest(error.detail) from error
    row.article, row.comment, row.user_id, row.at = page.article_id, comment, by.pk, timezone.now()
    row.save()
    return row


def _apply(page: ArticlePage, row: Suggestion, by: User) -> None:
    content = content_of(page)
    made = made_with(content, row)
    draft = page.get_latest_revision_as_object()
    for name in {name for name in made if made[name] != content.get(name)}:
        setattr(draft, name, json.dumps(made[name]) if name in STREAMS else made[name])
    try:
        draft.save_revision(user=by, log_action=True)
    except ValidationError as error:
        raise CannotDecide(f"The draft cannot be saved with it. {' '.join(error.messages)}") from error
    if not row.is_missing:
        _follow(row, fields_of(content), fields_of(made))


def _follow(accepted: Suggestion, before: list[Place], after: list[Place]) -> None:
    """Where an accepted suggestion renamed an item, open suggestions for the same fields go by its new name."""
    pairs = zip(before, after, strict=True)
    moved = {(old.section, old.key): new for old, new in pairs if (old.key, old.where) != (new.key, new.where)}
    rows = Suggestion.objects.filter(article=accepted.article, state=SuggestionState.OPEN).exclude(pk=accepted.pk)
    for row in rows if moved else ():
        if new := moved.get((row.section, row.key)):
            row.key, row.where = new.key, new.where
            row.save(update_fields=["key", "where"])


def _decide(row: Suggestion, state: str, by: User) -> None:
    row.state, row.decided_by_id, row.decided_at = state, by.pk, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _mark_outdated(suggestion: Suggestion, by: User) -> None:
    row = Suggestion.objects.get(pk=suggestion.pk)
    if row.state == SuggestionState.OPEN:
        _decide(row, SuggestionState.OUTDATED, by)


def _lines(text: str) -> str:
    """The text with normalized line endings, without surrounding space."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()

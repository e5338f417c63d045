"""Replaces the same words, the same source or the same offer in many articles, or a source in one draft.

Articles that readers have as they are drafted are changed and submitted, so that one session signs them all. An
unfinished draft is changed too, and not submitted. What is under review or locked is left out, and named.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import WorkflowState

from articles.authoring.models import ArticlePage
from articles.document.replacing import Replacing
from articles.errors import DomainError
from articles.publishing.scheduling.schedule import schedule_publication
from articles.publishing.upkeep.places import CannotReplace, Place, Replacement, places_in
from articles.review.opening import lock
from articles.review.responses.fields import WORDS
from articles.review.responses.suggestions import body_of, may_decide
from articles.review.submit import submit
from articles.review.unpublished import differing, is_as_published
from articles.sources.models import Source

MOST = 200  # articles in one act
_UNDER_REVIEW = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


@dataclass(frozen=True)
class Found:
    """`revision`: the key of the draft that was looked at. `problem`: why the article is left out."""

    page: ArticlePage
    revision: int
    places: list[Place]
    is_published: bool
    problem: str = ""


@dataclass
class Done:
    """Titles: of articles that were submitted, of drafts that were changed, and of those left out, with the reason."""

    submitted: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def find(replacement: Replacement, *, by: User) -> list[Found]:
    """The drafts that have a place for it, by title, of those that the person may edit."""
    pages = ArticlePage.objects.exclude(latest_revision=None).select_related("latest_revision")
    found: list[tuple[ArticlePage, list[Place]]] = []
    for page in pages.order_by("draft_title", "pk").iterator(chunk_size=100):
        places = places_in(page.latest_revision.content, replacement)
        if places and may_decide(page, by):
            found.append((page, places))
    differs = differing(page.article_id for page, _ in found)
    return [
        Found(page, page.latest_revision_id, places, differs.get(page.article_id) is False, _problem(page, by))
        for page, places in found
    ]


def replace(
    replacement: Replacement,
    chosen: Mapping[int, tuple[int, Collection[int]]],
    *,
    note: str,
    by: User,
    at: tuple[datetime, str] | None = None,
) -> Done:
    """Replace at the chosen places: {page: (revision that was shown, numbers of places)}. Each article in a transaction
    of its own. `note`: what readers are told; without one the change is proposed as editorial. `at`: (instant, zone) at
    which the submitted articles are published if they have all signatures by then.

    Raises CannotReplace if nothing is chosen.
    """
    done = Done()
    if not chosen:
        raise CannotReplace("Tick at least one place.")
    for page in ArticlePage.objects.filter(pk__in=list(chosen)[:MOST]).order_by("draft_title", "pk"):
        revision, numbers = chosen[page.pk]
        try:
            with transaction.atomic():
                is_submitted = _replace_in(page, replacement, revision, numbers, note, by, at)
        except DomainError as error:
            done.left_out.append((page.draft_title, error.detail))
        except ValidationError as error:
            done.left_out.append((page.draft_title, " ".join(error.messages)))
        else:
            (done.submitted if is_submitted else done.drafts).append(page.draft_title)
    return done


@transaction.atomic
def replace_source(page: ArticlePage, old: Source, new: Source, *, by: User) -> Replacing:
    """Save one revision of the latest draft, in which `new` stands wherever `old` stood. It is not submitted.

    Raises CannotReplace.
    """
    page = lock(page)
    if not may_decide(page, by):
        raise CannotReplace("You may not edit it.")
    if page.permissions_for_user(by).page_locked():
        raise CannotReplace("The article is locked. Unlock it first.")
    if old == new:
        raise CannotReplace("Choose another source: this is the same one.")
    replacing = Replacing(old.keys, new.pk, new.keys)
    body = replacing.body(body_of(page))
    if not replacing.citations and not replacing.listed:
        raise CannotReplace(f"The draft does not name “{old}” any more.")
    draft = page.get_latest_revision_as_object()
    draft.body = json.dumps(body)
    draft.save_revision(user=by, log_action=True)
    return replacing


def _replace_in(
    page: ArticlePage,
    replacement: Replacement,
    revision: int,
    numbers: Collection[int],
    note: str,
    by: User,
    at: tuple[datetime, str] | None,
) -> bool:
    """Returns whether the article was submitted. Raises DomainError; then nothing was saved."""
    page = lock(page)
    if problem := _problem(page, by):
        raise CannotReplace(problem)
    if page.latest_revision_id != revision:
        raise CannotReplace("Somebody has changed it meanwhile. Search again.")
    is_clean = is_as_published(page.article_id)
    content = page.latest_revision.content
    for number, place in reversed(list(enumerate(places_in(content, replacement)))):
        if number in numbers and not place.problem:
            content = place.make(content)
    draft = page.get_latest_revision_as_object()
    for name in (*WORDS, "body"):
        setattr(draft, name, content.get(name) or "")
    if is_clean:
        draft.change_note, draft.is_editorial, draft.is_correction = note, not note, False
    draft.clean_fields(exclude={column.name for column in draft._meta.fields} - set(WORDS))
    draft.save_revision(user=by, log_action=True)
    if is_clean:
        page = ArticlePage.objects.get(pk=page.pk)
        submit(page=page, by=by)
        if at:
            schedule_publication(page=page, at=at[0], zone=at[1], by=by)
    return is_clean


def _problem(page: ArticlePage, by: User) -> str:
    if not may_decide(page, by):
        return "You may not edit it."
    state = page.current_workflow_state
    if state and state.status in _UNDER_REVIEW:
        return "It is under review. Replace it there, or wait."
    return "It is locked. Unlock it first." if page.permissions_for_user(by).page_locked() else ""

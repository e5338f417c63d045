"""Rewrites the table of open needs after changes that no review act covers: a saved text, a changed source, image,
person or policy, and once a day. It runs after the commit, so that an error here undoes no change."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from wagtail.models import Revision, WorkflowState

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.record.models import SignOff
from articles.review.needs import rules, table
from articles.review.opening import lock
from articles.sources.models import Source


def rewrite_locked(key: UUID) -> None:
    """`rewrite` in its own transaction, with the text locked between reading and writing."""
    with transaction.atomic():
        if target := rules.find_target(key):
            lock(target)
        table.rewrite(key)


def tell_of_people() -> None:
    """Unassign signatures from people who can no longer give them, and notify the leads if no one else can."""
    with transaction.atomic():
        table.tell(list(table.open_rows().select_for_update()))


def after_revision(instance: Revision, raw: bool = False, **signal) -> None:
    """A text was saved. Articles count only if they are in the workflow or have open needs."""
    model = instance.content_type.model_class()
    if raw or model not in (ArticlePage, Offer, Disclaimer):
        return
    key = UUID(str(instance.content["article_id" if model is ArticlePage else "component_id"]))
    if model is not ArticlePage or table.open_of(key).exists() or rules.current_step(key):
        _rewrite_later([key])


def after_deletion(instance: ArticlePage | Offer | Disclaimer, **signal) -> None:
    key = instance.article_id if isinstance(instance, ArticlePage) else instance.component_id
    table.close(table.open_of(key))


def after_leaving(instance: WorkflowState, **signal) -> None:
    """The workflow was cancelled, or changes were requested."""
    for key in ArticlePage.objects.filter(pk=instance.object_id).values_list("article_id", flat=True):
        table.rewrite(key)


def after_material(instance: Source | Image, raw: bool = False, **signal) -> None:
    """A source or an image was changed, which may change the texts that use it and their contributors."""
    if not raw:
        _rewrite_using(str(instance.source_id if isinstance(instance, Source) else instance.sha256))


def after_person(instance: Person, raw: bool = False, **signal) -> None:
    """A person was changed: bylines may differ, and the person's signatures may no longer count."""
    if not raw:
        _rewrite_using(str(instance.person_id))
        _after_people(Q(person=instance.person_id))


def after_login(instance: User, raw: bool = False, update_fields: Iterable[str] | None = None, **signal) -> None:
    """A login was saved, and may have been deactivated."""
    if not raw and set(update_fields or ()) != {"last_login"}:
        _after_people(Q(user=instance.pk))


def after_groups(instance: User | Group, action: str, **signal) -> None:
    """A login's groups changed, on which the role of editor depends."""
    if action.startswith("post_") and not isinstance(instance, Group):
        _after_people(Q(user=instance.pk))


def after_policy(**signal) -> None:
    """A policy was changed, so every text with open needs may need other signatures."""
    _rewrite_later(table.open_rows().values_list("subject", flat=True))


def write_all() -> int:
    """Rewrite the needs of all texts that have any, or whose review has fallen due. For the daily job; may run twice.

    Returns the number of texts.
    """
    due = rules.due_articles().order_by("next_review_on", "article").values_list("article", flat=True)
    keys = dict.fromkeys([*table.open_rows().values_list("subject", flat=True), *due])
    for key in keys:
        rewrite_locked(key)
    return len(keys)


def _after_people(theirs: Q) -> None:
    """Rewrite the needs of texts with pending signatures of these people, and check who can still sign."""
    signed = SignOff.objects.filter(theirs, subject__in=table.open_rows().values("subject"))
    _rewrite_later(signed.values_list("subject", flat=True))
    transaction.on_commit(tell_of_people, robust=True)


def _rewrite_using(used: str) -> None:
    _rewrite_later(key for key, uses in table.open_rows().values_list("subject", "uses") if used in uses)


def _rewrite_later(keys: Iterable[UUID]) -> None:
    for key in set(keys):
        transaction.on_commit(partial(rewrite_locked, key), robust=True)

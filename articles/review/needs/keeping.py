"""Writes the table of open needs where no act on a text does: after a text was saved, when something that it uses or
whoever signed it changed, and once a day. It happens after the commit, so that nothing fails by it."""

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
    """`rewrite` in a transaction of its own, in which no act on the text can come between reading and writing."""
    with transaction.atomic():
        if target := rules.find_target(key):
            lock(target)
        table.rewrite(key)


def tell_of_people() -> None:
    """What people can sign no more goes back to the pool, and the leads hear of what nobody can sign."""
    with transaction.atomic():
        table.tell(list(table.open_rows().select_for_update()))


def after_revision(instance: Revision, raw: bool = False, **signal) -> None:
    """A text was saved. Of articles only those matter that are in the workflow or asked for."""
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
    """A source or an image was changed: texts that use it may be other texts, with other contributors."""
    if not raw:
        _rewrite_using(str(instance.source_id if isinstance(instance, Source) else instance.sha256))


def after_person(instance: Person, raw: bool = False, **signal) -> None:
    """A byline may say something else, and what the person signed may have stopped counting."""
    if not raw:
        _rewrite_using(str(instance.person_id))
        _after_people(Q(person=instance.person_id))


def after_login(instance: User, raw: bool = False, update_fields: Iterable[str] | None = None, **signal) -> None:
    """It may have been deactivated."""
    if not raw and set(update_fields or ()) != {"last_login"}:
        _after_people(Q(user=instance.pk))


def after_groups(instance: User | Group, action: str, **signal) -> None:
    """A login was put into a group, or taken out: editors sign by theirs."""
    if action.startswith("post_") and not isinstance(instance, Group):
        _after_people(Q(user=instance.pk))


def after_policy(**signal) -> None:
    """Other signatures may be asked for, of every text that lacks one."""
    _rewrite_later(table.open_rows().values_list("subject", flat=True))


def write_all() -> int:
    """Every text that is asked for, or whose review fell due by the clock. For the daily job; may run twice.

    How many texts these are.
    """
    due = rules.due_articles().order_by("next_review_on", "article").values_list("article", flat=True)
    keys = dict.fromkeys([*table.open_rows().values_list("subject", flat=True), *due])
    for key in keys:
        rewrite_locked(key)
    return len(keys)


def _after_people(theirs: Q) -> None:
    """Signatures of `theirs` that are not in force may have stopped counting; and nobody may be left who can sign."""
    signed = SignOff.objects.filter(theirs, subject__in=table.open_rows().values("subject"))
    _rewrite_later(signed.values_list("subject", flat=True))
    transaction.on_commit(tell_of_people, robust=True)


def _rewrite_using(used: str) -> None:
    _rewrite_later(key for key, uses in table.open_rows().values_list("subject", "uses") if used in uses)


def _rewrite_later(keys: Iterable[UUID]) -> None:
    for key in set(keys):
        transaction.on_commit(partial(rewrite_locked, key), robust=True)

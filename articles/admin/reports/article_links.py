"""Where the title of an article leads in a list: to the page on which this person works with it, or reads it."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState

from articles.admin.names import signing_url
from articles.admin.reports.review_state import Facts
from articles.authoring.models import ArticlePage
from articles.record.site import this_site
from articles.review.needs.table import asked_of
from articles.review.policies import leads
from articles.review.roles import roles_of


def urls_of(pages: Iterable[ArticlePage], facts: dict[UUID, Facts], user: User) -> dict[UUID, str]:
    """{article: address, or ""} of pages from `names.titled`, in a fixed number of queries.

    The editor for people who may edit it; where a signature is missing, for people who can give it; else what readers
    get; else the draft, for people who may read it (draft_readers.may_read).
    """
    rest = [page for page in pages if not page.may_edit]
    asked = {row.subject: signing_url(row) for row in asked_of(user, subjects=[page.article_id for page in rest])}
    drafts = _readable(rest, facts, user)
    found = {page.article_id: reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in pages if page.may_edit}
    for page in rest:
        key = page.article_id
        found[key] = asked.get(key) or _published(facts.get(key)) or (_draft(page) if key in drafts else "")
    return found


def _published(facts: Facts | None) -> str:
    return this_site().page_url(facts.slug, facts.locale) if facts and facts.is_readable else ""


def _draft(page: ArticlePage) -> str:
    return reverse("articles_sign_off", args=["article", page.pk])


def _readable(pages: list[ArticlePage], facts: dict[UUID, Facts], user: User) -> set[UUID]:
    """Articles that were never published, whose draft the person may read: leads what was submitted, as all of these
    were; people with a signing role what is in the workflow."""
    new = [page for page in pages if page.article_id not in facts]
    if leads.is_lead(user):
        return {page.article_id for page in new}
    if not new or not roles_of(user, on=timezone.now().date()):
        return set()
    states = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    keys = set(states.filter(object_id__in=[str(page.pk) for page in new]).values_list("object_id", flat=True))
    return {page.article_id for page in new if str(page.pk) in keys}

"""Where the title of an article leads in a list: to the page on which this person works with it, or reads it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState

from articles.admin.names import signing_url
from articles.admin.reports.review_state import Facts
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_EMERGENCY
from articles.record.models import SignOff
from articles.record.site import this_site
from articles.review.needs.table import asked_of
from articles.review.policies import leads
from articles.review.roles import roles_of


def urls_of(pages: Sequence[ArticlePage], facts: dict[UUID, Facts], user: User) -> dict[UUID, str]:
    """{article: address} of pages from `names.titled`, in a fixed number of queries.

    The editor for people who may edit it. Else the draft while it is in review, for people who may read it, and the
    published text after it: where people with a signing role review it again, and all others as readers get it. Of
    what readers no longer get: the timeline.
    """
    rest = {page: facts.get(page.article_id) for page in pages if not page.may_edit}
    gone = [page for page, known in rest.items() if known and not known.is_readable]
    found = {page.article_id: reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in pages if page.may_edit}
    signs = bool(rest) and _has_role(user)
    for page, known in rest.items():
        if known and known.is_readable:
            again = reverse("articles_reaffirm", args=[page.pk])
            found[page.article_id] = again if signs else this_site().page_url(known.slug, known.locale)
    for page in _remembered(gone, user):
        found[page.article_id] = reverse("articles_timeline", args=[page.pk])
    for page in _submitted(rest, user):
        found[page.article_id] = reverse("articles_sign_off", args=["article", page.pk])
    for row in asked_of(user, subjects=[page.article_id for page in rest]):
        found[row.subject] = signing_url(row)
    return found


def _remembered(pages: list[ArticlePage], user: User) -> list[ArticlePage]:
    """Of articles that were published once: those whose timeline the person may read (may_read_history)."""
    if leads.is_lead(user) or user.has_perm(MAY_EMERGENCY):
        return pages
    if not pages or not _has_role(user):
        return []
    signed = SignOff.objects.filter(user=user.pk, subject__in=[page.article_id for page in pages])
    keys = set(signed.values_list("subject", flat=True))
    return [page for page in pages if page.article_id in keys]


def _submitted(rest: Mapping[ArticlePage, Facts | None], user: User) -> list[ArticlePage]:
    """Those whose draft the person may read (may_read): it is in review, or a lead's and was never published."""
    pages = list(rest)
    new = [page for page, known in rest.items() if known is None] if leads.is_lead(user) else []
    if not pages or not _has_role(user):
        return new
    states = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    keys = set(states.filter(object_id__in=[str(page.pk) for page in pages]).values_list("object_id", flat=True))
    return [page for page in pages if page in new or str(page.pk) in keys]


def _has_role(user: User) -> bool:
    return bool(roles_of(user, on=timezone.now().date()))

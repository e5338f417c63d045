"""The admin's start page: what waits for my signature, oldest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from articles.admin.desk import ways_of
from articles.authoring.components import Disclaimer, Offer
from articles.errors import DomainError
from articles.record.models import ComponentPublication
from articles.review import roles, tasks
from articles.review.models import SignOffTask
from articles.review.subjects import Target, load


@dataclass(frozen=True)
class Waiting:
    """`parts` names what there is to sign; `since` is when it began to wait."""

    title: str
    url: str
    parts: str
    since: datetime


class WaitingForMe(Component):
    name = "waiting_for_me"
    template_name = "admin/home_waiting.html"
    order = 100

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        is_signer = bool(roles.roles_of(user, on=timezone.now().date()))
        return {"waiting": waiting_for(user) if is_signer else [], "is_signer": is_signer}


def waiting_for(user: User) -> list[Waiting]:
    """Articles and components that this person can sign now, the longest waiting first."""
    found = [row for target, since in _candidates(user) if (row := _waiting(target, user, since))]
    return sorted(found, key=lambda row: row.since)


def _candidates(user: User) -> Iterator[tuple[Target, datetime]]:
    for task in SignOffTask.objects.filter(active=True):
        states = tasks.waiting_for(task, user).select_related("workflow_state").order_by("started_at")
        yield from ((page, state.started_at) for state in states if (page := _page(state)))
    yield from _changed_components()


def _page(state: TaskState):
    page = state.workflow_state.content_object
    return page.specific if page else None


def _changed_components() -> Iterator[tuple[Target, datetime]]:
    """Components whose working copy was saved after their current edition."""
    published = dict(ComponentPublication.objects.values_list("component", "published_at"))
    for model in (Offer, Disclaimer):
        for row in model.objects.select_related("latest_revision").order_by("pk"):
            saved = row.latest_revision.created_at if row.latest_revision else None
            if saved and (row.component_id not in published or saved > published[row.component_id]):
                yield row, saved


def _waiting(target: Target, user: User, since: datetime) -> Waiting | None:
    try:
        subject = load(target)
    except DomainError:
        return None
    ways, _ = ways_of(subject, user)
    parts = dict.fromkeys(part.label for way in ways for part in way.parts)
    kind = subject.kind
    url = reverse("articles_sign_off", args=[kind, target.pk])
    return Waiting(subject.name, url, ", ".join(parts), since) if parts else None

"""Report: which systems have heard of a withdrawal, by how far each key has read the sync feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from api.models import ApiKey, Purged, Scopes
from api.protocol.caching import PROMISED_S
from api.purging import changed
from articles.record.models import Event, Publication
from articles.record.vocabulary import EventKind, PublicationState, SubjectKind

MAY_REPORT = "articles.report_article"  # the permission to see reports
ON_A_PAGE = 50


@dataclass(frozen=True)
class Withdrawal:
    """`heard` and `not_heard` are names of keys."""

    number: int
    at: datetime
    title: str
    is_back: bool
    heard: list[str]
    not_heard: list[str]


class WithdrawalsView(WagtailAdminTemplateMixin, TemplateView):
    """The oldest first: what has waited longest is the most urgent. `?all=1` also lists what every key has heard of."""

    template_name = "admin/api_keys/withdrawals.html"
    page_title = "Who has heard of a withdrawal"
    header_icon = "no-view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).has_perm(MAY_REPORT):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys, is_all = synced_keys(), "all" in self.request.GET
        found = events() if is_all else waiting(keys)
        page = Paginator(found, ON_A_PAGE).get_page(self.request.GET.get("p", 1))
        said = {"keys": keys, "is_all": is_all, "page": page, "rows": rows_of(list(page.object_list), keys)}
        said["query"], said["caches"] = "all=1" if is_all else "", state_of_caches()
        return super().get_context_data(**kwargs) | said


def synced_keys() -> list[ApiKey]:
    """Keys that work and are noted."""
    lasting = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return list(ApiKey.objects.filter(lasting, scopes=Scopes.SYNC, revoked_at=None).order_by("name"))


def state_of_caches() -> dict[str, Any] | None:
    """What the page says of the caches in front; None without one."""
    if not settings.PURGE:
        return None
    row, end = Purged.objects.first() or Purged(), changed.end()
    is_behind = row.epoch != end.epoch or row.sent < end.number or row.failures > 0
    said = {"number": row.sent, "failures": row.failures, "failure": row.failure}
    return said | {"is_behind": is_behind, "promised_s": PROMISED_S}


def events() -> QuerySet[Event]:
    """All withdrawals of articles, the oldest first."""
    return Event.objects.filter(kind=EventKind.WITHDRAWN, subject_kind=SubjectKind.ARTICLE).order_by("number")


def waiting(keys: Sequence[ApiKey]) -> QuerySet[Event]:
    """Withdrawals of which some key has not heard. A key that never read the feed holds no copy that we know of."""
    read = [key.last_event for key in keys if key.last_event is not None]
    return events().filter(number__gt=min(read)) if read else events().none()


def rows_of(found: list[Event], keys: Sequence[ApiKey]) -> list[Withdrawal]:
    """With one query more."""
    rows = Publication.objects.filter(article__in={row.subject for row in found})
    known = {article: (title, state) for article, title, state in rows.values_list("article", "title", "state")}
    reading = [(key.name, key.last_event) for key in keys if key.last_event is not None]
    made = []
    for row in found:
        title, state = known.get(row.subject, ("", ""))
        heard = [name for name, last in reading if last >= row.number]
        lagging = [name for name, last in reading if last < row.number]
        is_back = state == PublicationState.PUBLISHED
        made.append(Withdrawal(row.number, row.at, title or "a deleted article", is_back, heard, lagging))
    return made

"""The pages “Publish later” and “Withdraw later”. They list the current schedules, which can be cancelled."""

from datetime import date, datetime, time
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from articles.admin.publishing.forms import MomentForm, WithdrawLaterForm
from articles.admin.publishing.views import VerbView, said_of
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_SCHEDULE, MAY_WITHDRAW
from articles.errors import DomainError
from articles.publishing.models import Schedule
from articles.publishing.scheduling import schedule, waiting
from articles.publishing.scheduling.instants import instant_in


class ScheduleView(VerbView):
    """The base of both pages: the time, and the current schedules."""

    template_name = "admin/publishing/schedule.html"
    permissions: tuple[str, ...] = (MAY_SCHEDULE,)
    header_icon = "calendar"
    rule = ""
    is_publication = False

    def get_initial(self):
        return {"zone": zone_of(self.request)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "waiting": waiting.waiting_of(self.page.article_id),
            "rule": self.rule,
        }

    def act(self, given: dict[str, Any], by: User) -> str:
        day, at, zone = cast(date, given["day"]), cast(time, given["at"]), given["zone"]
        return self.act_later(instant_in(zone, day, at), zone, given, by)

    def act_later(self, at: datetime, zone: str, given: dict[str, Any], by: User) -> str:
        """Call the service and return its outcome as a message. Raises DomainError."""
        raise NotImplementedError


class PublishLaterView(ScheduleView):
    form_class = MomentForm
    page_title = "Publish later"
    submit_label = "Publish later"
    is_publication = True
    rule = "The article is published only if this exact text has all its signatures at that time."

    def act_later(self, at: datetime, zone: str, given: dict[str, Any], by: User) -> str:
        made = schedule.schedule_publication(page=self.page, at=at, zone=zone, by=by)
        return (
            f"“{self.page.title}” will be published on {made.moment} if this exact text has all its signatures by then."
        )


class WithdrawLaterView(ScheduleView):
    form_class = WithdrawLaterForm
    permissions = (MAY_SCHEDULE, MAY_WITHDRAW)
    page_title = "Withdraw later"
    submit_label = "Withdraw later"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def act_later(self, at: datetime, zone: str, given: dict[str, Any], by: User) -> str:
        made = schedule.schedule_withdrawal(page=self.page, at=at, zone=zone, by=by, **said_of(given, self.request))
        return f"“{self.page.title}” will be withdrawn on {made.moment}."


@require_POST
def cancel(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Cancel a waiting schedule."""
    user = cast(User, request.user)
    if not user.has_perm(MAY_SCHEDULE):
        raise PermissionDenied
    page = get_object_or_404(ArticlePage, pk=pk)
    row = get_object_or_404(Schedule, pk=key, article=page.article_id)
    try:
        schedule.cancel(schedule=row, by=user)
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, said_of_cancelling(row))
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


def said_of_cancelling(row: Schedule) -> str:
    more = " If the text has all its signatures, submitting it publishes it." if row.is_publication else ""
    return f"Cancelled: nothing will happen on {row.moment}.{more}"


def zone_of(request: HttpRequest) -> str:
    """The time zone that the person set in Wagtail, or the site's."""
    profile = getattr(request.user, "wagtail_userprofile", None)
    return profile.get_current_time_zone() if profile else settings.TIME_ZONE

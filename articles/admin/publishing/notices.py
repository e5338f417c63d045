"""The pages of safety notices: give one to everything that a search finds, confirm it as a second person, remove it."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.passkeys import given_in
from articles.admin.publishing.bulk import Group, ManyView
from articles.admin.publishing.forms import NoticeForm
from articles.authoring.permissions import MAY_NOTICE, MAY_WITHDRAW
from articles.errors import DomainError
from articles.publishing import notices
from articles.publishing.recall import active_notices


class NoticesView(ManyView):
    """People who may withdraw articles see the page too: they can be the second person."""

    template_name = "admin/publishing/notices.html"
    page_title = "Safety notices"
    header_icon = "warning"
    button = "Sign the notice and show it now"
    explains = (
        "The notice appears at once above the text of every selected article and its translations, until it is "
        "removed. While an article is withdrawn, readers see only that it was withdrawn. On "
        f"more than {notices.ALONE} articles a second person must confirm it within an hour."
    )

    @classmethod
    def is_for(cls, user: User) -> bool:
        return user.has_perm(MAY_NOTICE) or user.has_perm(MAY_WITHDRAW)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = {"active": active_notices.standing_now(), "may_give": self.user.has_perm(MAY_NOTICE)}
        return super().get_context_data(**kwargs) | said

    def groups(self) -> list[Group]:
        return [self.articles(), self.components(), self.schedules(), self.drafts()]

    def fill(self, posted: QueryDict | None = None) -> forms.Form:
        chosen = self.posted("article") if posted else [row.article for row in self.found.articles]
        return NoticeForm(posted, languages=notices.languages_of(chosen))

    def act(self, form: forms.Form) -> str:
        texts, password = cast(NoticeForm, form).texts, given_in(self.request)
        notice = notices.give(
            articles=self.posted("article"), texts=texts, user=self.user, password=password, request=self.request
        )
        row = next(row for row in active_notices.standing_now() if row.notice == notice)
        said = "The notice is now shown above these articles. It is listed here until it is removed."
        if row.until is None:
            return said
        return f"{said} A second person must confirm it by {localtime(row.until):%H:%M %Z}, or it is removed."


class OneNoticeView(WagtailAdminTemplateMixin, TemplateView):
    """A page about one active notice, with a form."""

    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_for(cast(User, request.user)):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def is_for(self, user: User) -> bool:
        raise NotImplementedError

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = (row for row in active_notices.standing_now() if row.notice == self.kwargs["notice"])
        return super().get_context_data(**kwargs) | {"notice": next(found, None)}

    def post(self, request: HttpRequest, notice: UUID) -> HttpResponse:
        try:
            messages.success(request, self.act(notice, cast(User, request.user)))
        except DomainError as error:
            messages.error(request, error.detail)
            return redirect(request.path)
        return redirect(reverse("articles_notices"))

    def act(self, notice: UUID, by: User) -> str:
        """Call the service and return its outcome as a message. Raises DomainError."""
        raise NotImplementedError


class LiftNoticeView(OneNoticeView):
    template_name = "admin/publishing/lift_notice.html"
    page_title = "Remove a safety notice"

    def is_for(self, user: User) -> bool:
        return user.has_perm(MAY_NOTICE)

    def act(self, notice: UUID, by: User) -> str:
        count = notices.lift(notice=notice, reason=self.request.POST.get("reason", ""), by=by)
        return f"Removed from {count} {'article' if count == 1 else 'articles'}."


class ConfirmNoticeView(OneNoticeView):
    template_name = "admin/publishing/confirm_notice.html"
    page_title = "Confirm a safety notice"

    def is_for(self, user: User) -> bool:
        return NoticesView.is_for(user)

    def act(self, notice: UUID, by: User) -> str:
        password = self.request.POST.get("password", "")
        active_notices.confirm(notice=notice, by=by, password=password, request=self.request)
        return "You confirmed the notice. It stays until it is removed."

"""The pages that act on several articles at once: withdraw them for one reason, or add one safety notice to all."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.publishing.forms import NoticeForm, SearchForm, WithdrawForm
from articles.admin.publishing.views import said_of
from articles.authoring.permissions import MAY_NOTICE, MAY_WITHDRAW
from articles.errors import DomainError
from articles.publishing import notices
from articles.publishing.withdraw import withdraw_many

MOST = 1_000  # articles in one act


class PermittedMenuItem(MenuItem):
    """A menu item shown only to people with the permission."""

    def __init__(self, permission: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


class ManyView(WagtailAdminTemplateMixin, TemplateView):
    """GET with a search lists the matching articles; POST acts on the selected ones."""

    template_name = "admin/publishing/bulk.html"
    permission = ""
    button = ""
    explains = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @cached_property
    def search(self) -> SearchForm:
        return SearchForm(self.request.GET or None, auto_id="search-%s")  # the other form has a `text`, too

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.search.chosen()
        ticked, form = set(self.request.POST.getlist("article")), kwargs.get("form") or self.fill()
        return super().get_context_data(**kwargs) | {
            "search": self.search,
            "is_searched": bool(self.request.GET),
            "found": [(row, not ticked or str(row.article) in ticked) for row in found[:MOST]],
            "more": max(0, len(found) - MOST),
            "form": form,
            "media": form.media,
            "button": self.button,
            "explains": self.explains,
            "others": self.others(),
        }

    def others(self) -> list[dict[str, Any]]:
        return []

    def fill(self, posted: QueryDict | None = None) -> forms.Form:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.fill(request.POST)
        try:
            if form.is_valid():
                said = self.act(read_keys(request.POST.getlist("article")), form.cleaned_data, cast(User, request.user))
                messages.success(request, said)
                return redirect(request.path)
        except DomainError as error:
            form.add_error(None, error.detail)
        return cast(HttpResponse, self.render_to_response(self.get_context_data(form=form), status=422))

    def act(self, articles: list[UUID], given: dict[str, Any], by: User) -> str:
        """Call the service and return its outcome as a message. Raises DomainError."""
        raise NotImplementedError


class WithdrawManyView(ManyView):
    permission = MAY_WITHDRAW
    page_title = "Withdraw articles"
    header_icon = "no-view"
    button = "Withdraw the selected articles"
    explains = (
        "All selected articles are withdrawn together, or none of them. Readers see the reason. "
        "Publishing them again requires new signatures."
    )

    def fill(self, posted: QueryDict | None = None) -> forms.Form:
        return WithdrawForm(posted, user=cast(User, self.request.user))

    def act(self, articles: list[UUID], given: dict[str, Any], by: User) -> str:
        gone = withdraw_many(articles=articles, by=by, request=self.request, **said_of(given))
        return f"Withdrawn: {len(gone)} {'article' if len(gone) == 1 else 'articles'}. Readers see the reason."


class NoticesView(ManyView):
    permission = MAY_NOTICE
    page_title = "Safety notices"
    header_icon = "warning"
    button = "Sign the notice and show it now"
    explains = "The notice appears immediately above every selected article and its translations, until it is removed."

    def others(self) -> list[dict[str, Any]]:
        return notices.standing_now()

    def fill(self, posted: QueryDict | None = None) -> forms.Form:
        return NoticeForm(posted)

    def act(self, articles: list[UUID], given: dict[str, Any], by: User) -> str:
        notices.give(articles=articles, text=given["text"], user=by, password=given["password"], request=self.request)
        return "The notice is now shown above these articles. It is listed below until it is removed."


class LiftNoticeView(WagtailAdminTemplateMixin, TemplateView):
    """The page that asks for a reason and removes the notice from every article."""

    template_name = "admin/publishing/lift_notice.html"
    page_title = "Remove a safety notice"
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_NOTICE):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [row for row in notices.standing_now() if row["notice"] == self.kwargs["notice"]]
        return super().get_context_data(**kwargs) | {"notice": rows[0] if rows else None}

    def post(self, request: HttpRequest, notice: UUID) -> HttpResponse:
        try:
            count = notices.lift(notice=notice, reason=request.POST.get("reason", ""), by=cast(User, request.user))
        except DomainError as error:
            messages.error(request, error.detail)
            return redirect(request.path)
        messages.success(request, f"Removed from {count} {'article' if count == 1 else 'articles'}.")
        return redirect(reverse("articles_notices"))


def read_keys(given: list[str]) -> list[UUID]:
    """The ids of the selected articles. Values that are no ids did not come from our form and are left out."""
    keys = []
    for text in given[:MOST]:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys

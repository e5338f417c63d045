"""The pages on which superusers create and revoke the keys of the API."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from api.admin import keys
from api.admin.forms import KeyForm
from api.models import ApiKey
from api.protocol.auth import KEPT_S


class KeyPage(WagtailAdminTemplateMixin):
    """For superusers, below the list of keys."""

    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).is_superuser:
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        listed = {"url": reverse("api_keys"), "label": "API keys"}
        here = {"url": "", "label": self.get_page_title()}
        return [*super().get_breadcrumbs_items(), *([listed] if here["label"] != listed["label"] else []), here]


class KeyListView(KeyPage, TemplateView):
    """Keys that were revoked stay in the list, below the others."""

    template_name = "admin/api_keys/list.html"
    page_title = "API keys"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = sorted(ApiKey.objects.all(), key=lambda row: row.revoked_at is not None)
        return super().get_context_data(**kwargs) | {"keys": rows}


class CreateKeyView(KeyPage, FormView):
    """Shows the key in the answer to the form. No other page can show it, no redirect carries it, and no
    browser keeps the answer: Wagtail sends `no-store` with all its pages."""

    template_name = "admin/api_keys/create.html"
    form_class = KeyForm
    page_title = "Create an API key"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"media": context["form"].media}

    def form_valid(self, form: KeyForm) -> HttpResponse:
        user = cast(User, self.request.user)
        secret = keys.create(form.instance, by=user.get_full_name() or user.get_username())
        self.template_name = "admin/api_keys/created.html"
        return self.render_to_response(self.get_context_data(key=form.instance, secret=secret))


class RevokeKeyView(KeyPage, TemplateView):
    template_name = "admin/api_keys/revoke.html"
    page_title = "Revoke an API key"

    @property
    def key(self) -> ApiKey:
        return get_object_or_404(ApiKey, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"key": self.key, "seconds": KEPT_S}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        key = self.key
        keys.revoke(key)
        messages.success(request, f"“{key.name}” was revoked. It stops working within {KEPT_S} seconds.")
        return redirect("api_keys")

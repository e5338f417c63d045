"""The page on which a lead voids a sign-off."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.publishing.forms import VoidForm
from articles.authoring.permissions import MAY_VOID
from articles.errors import DomainError
from articles.publishing import void
from articles.record.models import SignOff


class VoidView(WagtailAdminTemplateMixin, FormView):
    """Explains the consequences and asks for a reason."""

    template_name = "admin/publishing/void.html"
    form_class = VoidForm
    page_title = "Void a sign-off"
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_VOID):
            raise PermissionDenied
        self.row = get_object_or_404(SignOff, pk=kwargs["pk"])
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"row": self.row}

    def form_valid(self, form: VoidForm) -> HttpResponse:
        try:
            void.void(signoff=self.row, reason=form.cleaned_data["reason"], by=cast(User, self.request.user))
        except DomainError as error:
            form.add_error(None, error.detail)
            return cast(HttpResponse, self.form_invalid(form))
        messages.success(self.request, f"The signature of {self.row.name} was voided and no longer counts.")
        return redirect(reverse("wagtailadmin_home"))

"""The pages on which editors withdraw a published article or component, or change an article's address and topics."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin import publication_status
from articles.admin.passkeys import AsksPasskey, given_in, offer_of_words
from articles.admin.publishing.forms import ComponentForm, RefileForm, WithdrawForm
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_REFILE, MAY_WITHDRAW
from articles.errors import DomainError
from articles.publishing.recall import returning
from articles.publishing.refile import refile
from articles.publishing.upkeep import correcting
from articles.publishing.withdraw import withdraw, withdraw_component
from articles.record.models import Publication
from articles.review.draft_readers import may_read
from articles.review.mail import recipients


class VerbView(AsksPasskey, WagtailAdminTemplateMixin, FormView):
    """A page with one form that calls one service and reports its outcome."""

    template_name = "admin/publishing/verb.html"
    permissions: tuple[str, ...] = ()
    submit_label = ""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perms(self.permissions):
            raise PermissionDenied
        if not self.is_public and not may_read(self.page, cast(User, request.user)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> ArticlePage:
        return get_object_or_404(ArticlePage, pk=self.kwargs["pk"])

    @cached_property
    def is_public(self) -> bool:
        """Whether the article is or was published. If so, its title is public."""
        return Publication.objects.filter(article=self.page.article_id).exists()

    @cached_property
    def name(self) -> str:
        """The latest published title, or the draft's if the article was never published."""
        return recipients.name_of(self.page)

    def get_page_subtitle(self) -> str:
        return self.name

    def get_breadcrumbs_items(self):
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), here]

    def get_success_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "name": self.name,
            "readers_get": publication_status.of_article(self.page.article_id),
            "submit_label": self.submit_label,
            "back_url": self.get_success_url(),
            "media": self.get_form().media,
            "confirm": offer_of_words(self.request) if "password" in self.get_form_class().base_fields else None,
            "passkey_verb": "Withdraw, and sign your explanation",
        }

    def form_valid(self, form) -> HttpResponse:
        try:
            said = self.act(form.cleaned_data, cast(User, self.request.user))
        except DomainError as error:
            form.add_error(None, error.detail)
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(self.get_success_url())

    def act(self, given: dict[str, Any], by: User) -> str:
        """Call the service and return its outcome as a message. Raises DomainError."""
        raise NotImplementedError


class WithdrawView(VerbView):
    form_class = WithdrawForm
    permissions = (MAY_WITHDRAW,)
    page_title = "Withdraw"
    header_icon = "no-view"
    submit_label = "Withdraw now"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def act(self, given: dict[str, Any], by: User) -> str:
        withdraw(page=self.page, by=by, request=self.request, **said_of(given, self.request))
        can_return = given["reason"] in returning.REASONS
        back = "One clinician can return it unchanged." if can_return else "It returns when it is signed again."
        return f"“{self.name}” is withdrawn. Readers see the reason. {back}"


class WithdrawComponentView(WagtailAdminTemplateMixin, FormView):
    """The page that withdraws an offer or a disclaimer from every article that shows it."""

    template_name = "admin/publishing/withdraw_component.html"
    form_class = ComponentForm
    page_title = "Withdraw"
    header_icon = "no-view"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(MAY_WITHDRAW) or not may_read(self.component, cast(User, request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def component(self) -> Offer | Disclaimer:
        model = {Offer.subject_kind: Offer, Disclaimer.subject_kind: Disclaimer}.get(self.kwargs["kind"])
        if model is None:
            raise Http404
        return get_object_or_404(model, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.component.name

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "component": self.component,
            "readers_get": publication_status.of_component(self.component.component_id),
            "back_url": self.get_success_url(),
        }

    def get_success_url(self) -> str:
        return reverse("articles_sign_off", args=[self.component.subject_kind, self.component.pk])

    def form_valid(self, form) -> HttpResponse:
        user = cast(User, self.request.user)
        try:
            withdraw_component(component=self.component, reason=form.cleaned_data["reason"], by=user)
        except DomainError as error:
            form.add_error(None, error.detail)
            return self.form_invalid(form)
        messages.success(self.request, f"“{self.component.name}” is withdrawn. No article shows it now.")
        return redirect(self.get_success_url())


class CorrectView(VerbView):
    form_class = forms.Form
    page_title = "Correct the published text"
    header_icon = "edit"
    submit_label = "Correct the published text"
    template_name = "admin/publishing/correct.html"

    def act(self, given: dict[str, Any], by: User) -> str:
        correcting.begin(page=self.page, by=by)
        return "This is the text that readers get. Correct it, and submit it. The open draft was kept."


class RefileView(VerbView):
    form_class = RefileForm
    permissions = (MAY_REFILE,)
    page_title = "Change address and topics"
    header_icon = "folder-open-1"
    submit_label = "Change address and topics"

    def get_initial(self):
        topics = [row.topic_id for row in self.page.topics.all()]
        return {"slug": self.page.slug, "topics": topics}

    def act(self, given: dict[str, Any], by: User) -> str:
        refile(page=self.page, slug=given["slug"], topics=list(given["topics"]), by=by)
        return f"The address and topics of “{self.name}” were changed."


def said_of(given: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """{reason, replacement: an article's id or None, explanation, password} from a valid form, for the service."""
    instead = given["replacement"]
    said: dict[str, Any] = {name: given[name] for name in ("reason", "explanation") if name in given}
    if "password" in given:
        said["password"] = given_in(request)
    return said | {"replacement": instead and instead.article_id}

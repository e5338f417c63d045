"""The page on which an editor decides what follows from a source's correction or newer version."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.names import names_of
from articles.authoring.permissions import MAY_QUESTION
from articles.errors import DomainError
from articles.publishing.recompose import SOURCE
from articles.publishing.upkeep.decide import TO_DECIDE, decide
from articles.record.citations.addresses import address_of
from articles.record.citations.styles import format_ama
from articles.record.models import Event, Link
from articles.record.vocabulary import EventKind, SourceDecision, SubjectKind
from articles.sources.models import Source


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=SourceDecision.choices,
        widget=forms.RadioSelect,
        help_text="If they need an update, the review of every published article in which the source supports a claim "
        "is due now.",
    )
    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What did you compare? Reviewers read this. Use at most 500 characters.",
    )
    status = forms.CharField(widget=forms.HiddenInput, required=False)
    notice = forms.CharField(widget=forms.HiddenInput, required=False)


class DecideSourceView(WagtailAdminTemplateMixin, FormView):
    template_name = "admin/library/decide_source.html"
    form_class = DecisionForm
    page_title = "Decide about a source"
    header_icon = "openquote"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_QUESTION):
            raise PermissionDenied
        self.source = get_object_or_404(Source, pk=kwargs["pk"])
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        reports = {"url": reverse("articles_report_sources"), "label": "Changed sources"}
        return [*super().get_breadcrumbs_items(), reports, {"url": "", "label": self.get_page_title()}]

    def get_initial(self) -> dict[str, Any]:
        return {"status": self.source.status, "notice": self.source.status_notice}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.source.source_id
        citing = Link.objects.filter(relation=SOURCE, target=str(key)).values_list("article", flat=True)
        events = Event.objects.filter(subject=key).order_by("number")
        names = names_of([(SubjectKind.ARTICLE, article) for article in citing], cast(User, self.request.user))
        return super().get_context_data(**kwargs) | {
            "source": self.source,
            "reference": format_ama(self.source.csl),
            "address": address_of(self.source.doi or self.source.pmid),
            "notice": address_of(self.source.status_notice),
            "is_open": self.source.status in TO_DECIDE,
            "changed": events.filter(kind=EventKind.SOURCE_STATUS).last(),
            "decided": events.filter(kind=EventKind.SOURCE_DECIDED).last() if self.source.decision else None,
            "articles": sorted(names.values(), key=lambda named: named.name),
        }

    def form_valid(self, form: DecisionForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            decide(
                self.source,
                SourceDecision(given["decision"]),
                given["reason"],
                by=cast(User, self.request.user),
                shown=(given["status"], given["notice"]),
            )
        except DomainError as error:
            form.add_error(None, error.detail)
            return cast(HttpResponse, self.form_invalid(form))
        messages.success(self.request, f"The decision about “{self.source}” was recorded.")
        return redirect("articles_report_sources")

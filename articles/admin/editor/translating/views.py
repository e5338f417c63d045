"""*Translate*: begins a translation of an article, and marks one as up to date with its original."""

from typing import Any, cast

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from articles.admin.editor.review_panel import refresh
from articles.admin.editor.translating.panel import Other, edit_url, others_of
from articles.admin.folders import may_add_articles
from articles.admin.names import titled
from articles.admin.posted import key_of
from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.publishing.translating.original import edition_in_force, may_read_text, name_of
from articles.publishing.translating.translate import languages, mark_up_to_date, translate
from articles.review.responses.suggestions import may_decide


class TranslateView(WagtailAdminTemplateMixin, TemplateView):
    """For people who may add articles, and read this one: choose a language, and write."""

    template_name = "admin/editor/translate.html"
    header_icon = "globe"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.user = cast(User, request.user)
        self.page = get_object_or_404(titled(ArticlePage.objects.all(), self.user), pk=kwargs["pk"])
        if not may_add_articles(self.user) or not may_read_text(self.page, self.user):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_page_title(self) -> str:
        return f"Translate “{self.page.shown_title}”"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        above = {"url": edit_url(self.page, self.user), "label": self.page.shown_title}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edition = edition_in_force(self.page)
        there = self._there()
        known = {self.page.locale.language_code, *there}
        return super().get_context_data(**kwargs) | {
            "article": self.page,
            "text": f"{name_of(edition.number)}, which readers get" if edition else "the latest draft",
            "languages": [(code, name) for code, name in languages().items() if code not in known],
            "all_languages": languages().values(),
            "others": list(there.values()),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A second click opens what the first one made."""
        language = request.POST.get("language", "")
        if (known := self._there().get(language)) and known.url:
            return redirect(known.url)
        try:
            made = translate(page=self.page, language=language, by=self.user)
        except DomainError as error:
            messages.error(request, error.detail)
            return redirect("articles_translate", self.page.pk)
        messages.success(request, said_of(languages()[language]))
        return redirect("wagtailadmin_pages:edit", made.pk)

    def _there(self) -> dict[str, Other]:
        """{language: the article in it}, without this one."""
        return {other.code: other for other in others_of(self.page, self.user)}


class MarkView(View):
    """The button of the panel. A script gets the panel anew, so that nothing that was typed is left."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page, user = get_object_or_404(ArticlePage, pk=pk), cast(User, request.user)
        if not may_decide(page, user):
            raise PermissionDenied
        original = get_object_or_404(ArticlePage, pk=key_of(request.POST.get("original", "")))
        problem = ""
        try:
            mark_up_to_date(page=page, original=original, shown=request.POST.get("shown", ""), by=user)
        except DomainError as error:
            problem = error.detail
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return refresh(request, pk, problem=problem)
        (messages.error if problem else messages.success)(request, problem or "Marked as up to date.")
        return redirect(reverse("wagtailadmin_pages:edit", args=[pk]))


def said_of(language: str) -> str:
    """What there is to do."""
    return (
        f"This is a draft in {language}, with the words of the original. Translate the title, the summary, the other "
        "names, the sections, what pictures show, and the texts for search engines, and choose a slug. Sources, codes "
        "and pictures stay. Choose offers, disclaimers and related articles for readers of this language. The panel "
        "“Review” lists what is still to translate."
    )


def translate_button(page: Page, user: User) -> list[Button]:
    """In the header and the lists, for people who may add articles."""
    article = page.specific if isinstance(page.specific, ArticlePage) else None
    if article is None or not may_add_articles(user):
        return []
    return [Button("Translate", url=reverse("articles_translate", args=[page.pk]), icon_name="globe", priority=47)]

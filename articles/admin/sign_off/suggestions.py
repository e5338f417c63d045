"""The pages for suggesting a change and for deciding on suggestions. They work without JavaScript."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from articles.admin.posted import key_of
from articles.admin.review_history import open_suggestions
from articles.admin.sign_off.answers import others
from articles.admin.sign_off.suggestion_form import added_in, additions_of, changed_in, rows_of
from articles.admin.sign_off.views import get_target, user_of
from articles.authoring.models import ArticlePage
from articles.document.stored import KNOWN
from articles.errors import DomainError
from articles.record.vocabulary import Role
from articles.review.models import Suggestion
from articles.review.needs import rules
from articles.review.needs.missing import Missing
from articles.review.responses import suggestions
from articles.review.responses.fields import section_name
from articles.review.review import MEDICAL
from articles.review.workflow import sign_off_url

OF_THE_ARTICLE = "Title, summary and other facts"


class SuggestView(View):
    """Shows the fields of one section, or of the article itself. Either all that was changed becomes suggestions, or
    nothing does."""

    def get(self, request: HttpRequest, pk: int, section: str) -> HttpResponse:
        return self.show(request, page_of(request, pk), section)

    def post(self, request: HttpRequest, pk: int, section: str) -> HttpResponse:
        page = page_of(request, pk)
        try:
            count = self.suggest(request, page, section)
        except DomainError as error:
            return self.show(request, page, section, error)
        messages.success(request, f"{count} suggestion{'s' if count > 1 else ''} sent. An editor decides.")
        return redirect(sign_off_url(page))

    @transaction.atomic
    def suggest(self, request: HttpRequest, page: ArticlePage, section: str) -> int:
        changed, added = changed_in(request.POST), added_in(request.POST, suggestions.content_of(page))
        if not changed and not added:
            raise suggestions.CannotSuggest("Change at least one field, or say what is missing.")
        given: dict[str, Any] = {"page": page, "by": user_of(request), "comment": request.POST.get("comment", "")}
        for key, before, after in changed:
            suggestions.suggest(section=section, key=key, before=before, after=after, **given)
        for behind, key, values in added:
            suggestions.suggest_missing(section=behind, key=key, values=values, **given)
        return len(changed) + len(added)

    def show(
        self, request: HttpRequest, page: ArticlePage, section: str, error: DomainError | None = None
    ) -> HttpResponse:
        content = suggestions.content_of(page)
        block = next((row for row in content["body"] if row.get("id") == section), None)
        if section and (block is None or block["type"] not in KNOWN):
            raise Http404
        context = {
            "page": page,
            "rows": list(rows_of(content, section, request.POST)),
            "additions": list(additions_of(content, section, request.POST)),
            "error": error,
            "name": section_name(block) if block else OF_THE_ARTICLE,
            "language": page.locale.language_code,
            "comment": request.POST.get("comment", ""),
            "back": f"{sign_off_url(page)}#section-{section}" if section else sign_off_url(page),
        }
        return render(request, "admin/sign_off/suggest.html", context, status=error.status if error else 200)


class SuggestionsView(View):
    """Lists an article's open suggestions. People who may edit the article accept or reject them here."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, editable(request, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = editable(request, pk)
        key = key_of(request.POST.get("suggestion", ""))
        row = get_object_or_404(Suggestion, pk=key, article=page.article_id)
        is_accepted = "accept" in request.POST
        try:
            (suggestions.accept if is_accepted else suggestions.reject)(suggestion=row, by=user_of(request))
        except DomainError as error:
            return self.show(request, page, error)
        said = "Accepted. A new draft with the change was saved in your name." if is_accepted else "Rejected."
        messages.success(request, said)
        return redirect(request.path)

    def show(self, request: HttpRequest, page: ArticlePage, error: DomainError | None = None) -> HttpResponse:
        context = {
            "page": page,
            "rows": open_suggestions(page),
            "others": other_editors(page, user_of(request)),
            "error": error,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
            "back": sign_off_url(page),
        }
        return render(request, "admin/sign_off/suggestions.html", context, status=error.status if error else 200)


def other_editors(page: ArticlePage, user: User) -> list[str]:
    """Who could sign as editor what this person accepts, if the policy asks for an editor: one sentence."""
    review = rules.try_load(page)
    if review is None or Role.EDITOR not in review.rules[MEDICAL].signatures():
        return []
    return others(review, user, [Missing(MEDICAL, Role.EDITOR, 1)])


def page_of(request: HttpRequest, pk: int) -> ArticlePage:
    """The article, for people who may read its sign-off page. Raises Http404, PermissionDenied."""
    page = get_target("article", pk, request.user)
    assert isinstance(page, ArticlePage)
    return page


def editable(request: HttpRequest, pk: int) -> ArticlePage:
    """The article, for people who may decide on its suggestions. Raises Http404, PermissionDenied."""
    page = get_object_or_404(ArticlePage, pk=pk)
    if not suggestions.may_decide(page, user_of(request)):
        raise PermissionDenied
    return page

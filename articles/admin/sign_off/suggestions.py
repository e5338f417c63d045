"""The pages for suggesting a wording and for deciding on suggestions. They work without JavaScript."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from articles.admin.review_history import open_suggestions
from articles.admin.sign_off.views import get_target, user_of
from articles.authoring.models import ArticlePage
from articles.document.stored import KNOWN, kind_of
from articles.errors import DomainError
from articles.record.ledger.sentences import label
from articles.record.vocabulary import SectionKind
from articles.review.models import Suggestion
from articles.review.passages import passages_of
from articles.review.responses import suggestions
from articles.review.workflow import sign_off_url

AFTER, BEFORE = "after-", "before-"
ROW = re.compile(r"after-[0-9]{1,4}")


@dataclass(frozen=True)
class Row:
    """A passage in the form: its current text, and the text that the person entered."""

    number: int
    label: str
    before: str
    after: str

    @property
    def lines(self) -> int:
        """The height of the text area in rows, from the length of the text."""
        return min(12, 1 + len(self.after) // 70)


class SuggestView(View):
    """Shows one section's passages as text areas. Either all changed passages become suggestions, or none does."""

    def get(self, request: HttpRequest, pk: int, section: str) -> HttpResponse:
        return self.show(request, page_of(request, pk), section)

    def post(self, request: HttpRequest, pk: int, section: str) -> HttpResponse:
        page = page_of(request, pk)
        try:
            count = self.suggest(request, page, section)
        except DomainError as error:
            return self.show(request, page, section, error)
        messages.success(request, f"Suggestion sent for {count} passage{'s' if count > 1 else ''}. An editor decides.")
        return redirect(sign_off_url(page))

    @transaction.atomic
    def suggest(self, request: HttpRequest, page: ArticlePage, section: str) -> int:
        changed = changed_in(request.POST)
        if not changed:
            raise suggestions.CannotSuggest("Change at least one word in one of the passages.")
        for before, after in changed:
            suggestions.suggest(
                page=page,
                by=user_of(request),
                section=section,
                before=before,
                after=after,
                comment=request.POST.get("comment", ""),
            )
        return len(changed)

    def show(
        self, request: HttpRequest, page: ArticlePage, section: str, error: DomainError | None = None
    ) -> HttpResponse:
        block = next((row for row in suggestions.body_of(page) if row.get("id") == section), None)
        if block is None or block["type"] not in KNOWN:
            raise Http404
        kind, value = kind_of(block["type"]), block.get("value") or {}
        found = passages_of(kind, value)
        rows = [
            Row(at, row.label, row.text, request.POST.get(f"{AFTER}{at}", row.text)) for at, row in enumerate(found)
        ]
        context = {
            "page": page,
            "rows": rows,
            "error": error,
            "section": {"id": section, "name": value.get("heading") or label(SectionKind, kind)},
            "language": page.locale.language_code,
            "comment": request.POST.get("comment", ""),
            "back": f"{sign_off_url(page)}#section-{section}",
        }
        return render(request, "admin/sign_off/suggest.html", context, status=error.status if error else 200)


class SuggestionsView(View):
    """Lists an article's open suggestions. People who may edit the article accept or reject them here."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, editable(request, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = editable(request, pk)
        key = request.POST.get("suggestion", "")
        row = get_object_or_404(
            Suggestion, pk=int(key) if key.isdecimal() and len(key) < 18 else 0, article=page.article_id
        )
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
            "error": error,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
            "back": sign_off_url(page),
        }
        return render(request, "admin/sign_off/suggestions.html", context, status=error.status if error else 200)


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


def changed_in(posted: Mapping[str, str]) -> list[tuple[str, str]]:
    """(before, after) of each changed passage. Differences in line endings do not count."""
    pairs = [
        (posted.get(BEFORE + name.removeprefix(AFTER), ""), posted[name]) for name in posted if ROW.fullmatch(name)
    ]
    return [(before, after) for before, after in pairs if " ".join(before.split()) != " ".join(after.split())]

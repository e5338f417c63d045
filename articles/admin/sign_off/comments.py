"""The page for a comment on words or on a section. The sign-off page has the same form in a dialog."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from articles.admin.posted import key_of
from articles.admin.sign_off.page import sections_of
from articles.admin.sign_off.suggestions import page_of
from articles.admin.sign_off.views import user_of
from articles.errors import DomainError
from articles.review.opening import load_article
from articles.review.responses import comments
from articles.review.responses.suggestions import may_decide
from articles.review.workflow import sign_off_url


class CommentView(View):
    """GET shows the form; POST comments, or resolves the comment `resolve`. A refused form keeps its entries."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, pk, request.GET)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page, by = page_of(request, pk), user_of(request)
        try:
            if key := request.POST.get("resolve", ""):
                comments.resolve(page=page, key=key_of(key), by=by, is_editor=may_decide(page, by))
                messages.success(request, "Comment resolved.")
                return redirect(f"{sign_off_url(page)}#comments")
            given = {name: request.POST.get(name, "") for name in ("section", "words", "text")}
            made = comments.comment(page=page, by=by, **given)
        except DomainError as error:
            return self.show(request, pk, request.POST, error)
        messages.success(request, "Comment sent. The editors see it in the editor, at these words.")
        return redirect(f"{sign_off_url(page)}#comment-{made.pk}")

    def show(self, request: HttpRequest, pk: int, given: Any, error: DomainError | None = None) -> HttpResponse:
        page = page_of(request, pk)
        context = {
            "page": page,
            "error": error,
            "sections": sections_of(load_article(page)),
            "typed": {name: given.get(name, "") for name in ("section", "words", "text")},
            "back": sign_off_url(page),
        }
        return render(request, "admin/sign_off/comment.html", context, status=error.status if error else 200)

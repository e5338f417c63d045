"""Two pages beside the sign-off page: vouch again for what readers get (vouch_again), and publish in an emergency
(vouch_emergency). This is what they share: the desk of the sign-off page, and one form to sign with."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from articles.admin.sign_off.answers import Part, Way
from articles.admin.sign_off.page import Desk
from articles.admin.sign_off.views import acted, fresh, shown_in, typed, user_of
from articles.authoring.models import ArticlePage
from articles.errors import ContentChanged, DomainError
from articles.review.draft_readers import may_read
from articles.review.review import Review


class VouchView(View):
    """GET shows the whole text and a form; POST signs it. What was refused is said, and nothing was signed."""

    template_name = ""
    title = ""
    explains = ""
    button = ""

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.page = get_object_or_404(ArticlePage, pk=pk)
        self.require_allowed(user_of(request))
        return cast(HttpResponse, super().dispatch(request, pk))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            said = self.act(request)
        except DomainError as error:
            return self.show(request, error)
        messages.success(request, said)
        if not acted(request) and may_read(fresh(self.page), user_of(request)):
            return redirect("articles_sign_off", "article", self.page.pk)
        return redirect("wagtailadmin_home")

    def show(self, request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
        """The desk and the form; after a refusal with what was typed, the password apart."""
        user, is_conflict = user_of(request), isinstance(error, ContentChanged)
        context: dict[str, Any] = {"view": self, "page": self.page, "name": self.name(), "error": error}
        context |= {"is_conflict": is_conflict, "acted": acted(request), "can_read_draft": may_read(self.page, user)}
        context["typed"] = typed(request) | {"why": request.POST.get("why", "")}
        status = error.status if error else 200
        try:
            desk = self.lay_out(user, shown_in(request) if is_conflict else None)
            context |= {"desk": desk} | self.answer(desk, user)
        except DomainError as unreadable:
            context["error"], status = error or unreadable, unreadable.status
        return render(request, self.template_name, context, status=status)

    def answer(self, desk: Desk, user: User) -> dict[str, Any]:
        """{way, parts, refusal}: how this person can sign, with which digests in the form, or why not."""
        try:
            way = self.way(desk.review, user)
        except DomainError as error:
            return {"way": None, "parts": (), "refusal": error.detail}
        return {"way": way, "parts": self.on_screen(desk, way), "refusal": ""}

    def require_allowed(self, user: User) -> None:
        """Raises PermissionDenied, Http404."""
        raise NotImplementedError

    def name(self) -> str:
        raise NotImplementedError

    def lay_out(self, user: User, seen: Mapping[str, str] | None) -> Desk:
        """What the page shows. Raises DomainError: then there is nothing to read, nor to sign."""
        raise NotImplementedError

    def way(self, review: Review, user: User) -> Way:
        """The role, the parts and the sentence above the signature. Raises DomainError with why there is none."""
        raise NotImplementedError

    def on_screen(self, desk: Desk, way: Way) -> tuple[Part, ...]:
        """The parts whose digests the form carries."""
        raise NotImplementedError

    def act(self, request: HttpRequest) -> str:
        """Call the stage; what came of it, in words. Raises DomainError."""
        raise NotImplementedError

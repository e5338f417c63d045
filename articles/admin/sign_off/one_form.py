"""The base view of “Review again” and “Publish in an emergency”: the text to read, and one form to sign it."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from articles.admin.passkeys import AsksPasskey
from articles.admin.sign_off.answers import Part, Way
from articles.admin.sign_off.page import SignOffPage
from articles.admin.sign_off.views import acted, fresh, shown_in, typed, user_of
from articles.authoring.models import ArticlePage
from articles.errors import ContentChanged, DomainError
from articles.review.draft_readers import may_read
from articles.review.review import Review


class OneFormView(AsksPasskey, View):
    """GET shows the whole text and a form; POST signs it. If signing is refused, the page shows the reason."""

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
        """The text and the form. After a refusal the form keeps its entries, except for the password."""
        user, is_conflict = user_of(request), isinstance(error, ContentChanged)
        context: dict[str, Any] = {"view": self, "page": self.page, "name": self.name(), "error": error}
        context |= {"is_conflict": is_conflict, "acted": acted(request), "can_read_draft": may_read(self.page, user)}
        context["typed"] = typed(request) | {"why": request.POST.get("why", "")}
        status = error.status if error else 200
        try:
            sign_off = self.lay_out(user, shown_in(request) if is_conflict else None)
            context |= {"sign_off": sign_off} | self.answer(sign_off, user)
        except DomainError as unreadable:
            context["error"], status = error or unreadable, unreadable.status
        return render(request, self.template_name, context, status=status)

    def answer(self, sign_off: SignOffPage, user: User) -> dict[str, Any]:
        """{way, parts, refusal}: how this person can sign and the digests in the form, or the reason why not."""
        try:
            way = self.way(sign_off.review, user)
        except DomainError as error:
            return {"way": None, "parts": (), "refusal": error.detail}
        return {"way": way, "parts": self.on_screen(sign_off, way), "refusal": ""}

    def require_allowed(self, user: User) -> None:
        """Raises PermissionDenied, Http404."""
        raise NotImplementedError

    def name(self) -> str:
        raise NotImplementedError

    def lay_out(self, user: User, seen: Mapping[str, str] | None) -> SignOffPage:
        """What the page shows. Raises DomainError if there is no text to read or sign."""
        raise NotImplementedError

    def way(self, review: Review, user: User) -> Way:
        """The role, the parts and the sentence above the signature. Raises DomainError if the person cannot sign."""
        raise NotImplementedError

    def on_screen(self, sign_off: SignOffPage, way: Way) -> tuple[Part, ...]:
        """The parts whose digests the form carries."""
        raise NotImplementedError

    def act(self, request: HttpRequest) -> str:
        """Call the service and return its outcome as a message. Raises DomainError."""
        raise NotImplementedError

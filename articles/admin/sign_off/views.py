"""The sign-off page, on which people read exactly what will be published and sign it, request changes, or decline."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from articles.admin.outcome import outcome
from articles.admin.passkeys import AsksPasskey, given_in
from articles.admin.posted import key_of
from articles.admin.sign_off.page import lay_out
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.errors import ContentChanged, DomainError
from articles.publishing.sign import sign
from articles.record.vocabulary import Scope
from articles.review.draft_readers import may_read
from articles.review.models import Suggestion
from articles.review.responses import change_requests, declines, suggestions
from articles.review.review import Review, Target
from articles.review.signing import checklist

KINDS: dict[str, type[Target]] = {"article": ArticlePage, "offer": Offer, "disclaimer": Disclaimer}
DIGEST, COMMENT = "digest-", "comment-"
DECLINE, TAKE_BACK = "decline", "take-back"


class SignOffView(AsksPasskey, View):
    """GET shows the page; POST signs, requests changes, or declines. If this is refused, the page shows the reason."""

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        return self.show(request, get_target(kind, pk, request.user))

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        target = get_target(kind, pk, request.user)
        act = ACTS.get(acted(request), give)
        try:
            said, review = act(request, target)
        except DomainError as error:
            return self.show(request, target, error=error)
        messages.success(request, said)
        may_stay = review is not None or may_read(fresh(target), request.user)  # signers may read what they signed
        return redirect(request.path if may_stay else "wagtailadmin_home")

    def show(self, request: HttpRequest, target: Target, *, error: DomainError | None = None) -> HttpResponse:
        """The page. After a refusal the form keeps its entries, except for the password."""
        status, is_conflict = error.status if error else 200, isinstance(error, ContentChanged)
        given = typed(request)
        context: dict[str, Any] = {"error": error, "is_conflict": is_conflict, "typed": given, "acted": acted(request)}
        try:
            sign_off = lay_out(fresh(target), user_of(request), seen=shown_in(request) if is_conflict else None)
            said = given["comments"]
            context |= {
                "sign_off": sign_off,
                "sections": [row | {"typed": said.get(row["id"], "")} for row in sign_off.sections],
            }
        except DomainError as unreadable:
            context["error"], status = unreadable, unreadable.status
        return render(request, "admin/sign_off/sign_off.html", context, status=status)


def user_of(request: HttpRequest) -> User:
    """The user of the request. Wagtail admits only logged-in users to the admin."""
    return cast(User, request.user)


def fresh(target: Target) -> Target:
    return type(target).objects.get(pk=target.pk)


def get_target(kind: str, pk: int, user) -> Target:
    """The article or component. Raises Http404 if it does not exist, PermissionDenied if the user may not read it."""
    if kind not in KINDS:
        raise Http404
    target = cast(Target, get_object_or_404(KINDS[kind], pk=pk))
    if not may_read(target, user):
        raise PermissionDenied
    return target


def acted(request: HttpRequest) -> str:
    """The name of the button that was pressed: request-changes, decline, or "" for signing."""
    return next((name for name in ACTS if name in request.POST), "")


def shown_in(request: HttpRequest) -> dict[str, str]:
    """{part: digest that was on the screen}, from the posted form."""
    return {key.removeprefix(DIGEST): request.POST[key] for key in request.POST if key.startswith(DIGEST)}


def typed(request: HttpRequest) -> dict[str, Any]:
    """The person's entries in the form, to be shown again."""
    posted = request.POST
    simple = {name: posted.get(name, "") for name in ("role", "scope", "checklist", "comment", "reason", "words")}
    comments = {key.removeprefix(COMMENT): posted[key] for key in posted if key.startswith(COMMENT)}
    return simple | {"comments": comments, "skipped": posted.getlist(checklist.SKIP)}


def give(request: HttpRequest, target: Target) -> tuple[str, Review]:
    """Sign what was shown. Returns the outcome as a message, and the review after signing."""
    review = sign(
        target=target,
        user=user_of(request),
        role=request.POST.get("role", ""),
        shown=shown_in(request),
        password=given_in(request),
        scope=Scope.CHANGES if request.POST.get("scope") == Scope.CHANGES else Scope.WHOLE,
        checklist=checklist.posted(request.POST),
        request=request,
    )
    return outcome("Signed", review), review


def ask(request: HttpRequest, target: Target) -> tuple[str, None]:
    given = typed(request)
    change_requests.ask(target=target, by=user_of(request), reason=given["comment"], comments=given["comments"])
    is_article = isinstance(target, ArticlePage)
    where = "The article went back to its author with your comment." if is_article else "The authors see your comment."
    return f"Changes requested. {where}", None


def say_no(request: HttpRequest, target: Target, *, is_again: bool = False) -> tuple[str, None]:
    given = typed(request)
    declines.decline(
        target=target,
        by=user_of(request),
        role=given["role"],
        reason=given["reason"],
        comment=given["words"],
        is_again=is_again,
    )
    return "Declined. The request goes back to the other people who can sign.", None


def take_back(request: HttpRequest, target: Target) -> tuple[str, None]:
    row = get_object_or_404(Suggestion, pk=key_of(request.POST[TAKE_BACK]), user_id=user_of(request).pk)
    suggestions.reject(suggestion=row, by=user_of(request))
    return "You took your suggestion back.", None


ACTS = {"request-changes": ask, DECLINE: say_no, TAKE_BACK: take_back}

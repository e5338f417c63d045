"""The sign-off page: one page to read exactly what readers will get, and to sign it or ask for changes."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from articles.admin.desk import lay_out
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.errors import ContentChanged, DomainError
from articles.publishing import waiting
from articles.publishing.sign import sign
from articles.record.models import Event, SignOff
from articles.record.vocabulary import EventKind
from articles.review import roles, signoff, tasks
from articles.review.subjects import Target, load

KINDS: dict[str, type[Target]] = {"article": ArticlePage, "offer": Offer, "disclaimer": Disclaimer}
DIGEST = "digest-"


class SignOffView(View):
    """GET shows the desk; POST signs, or asks for changes. What was refused is said, and nothing was signed."""

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        return self.show(request, get_target(kind, pk, request.user))

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        target = get_target(kind, pk, request.user)
        try:
            said = ask(request, target) if "request-changes" in request.POST else give(request, target)
        except DomainError as error:
            return self.show(request, target, error=error)
        messages.success(request, said)
        return redirect(request.path)

    def show(self, request: HttpRequest, target: Target, *, error: DomainError | None = None) -> HttpResponse:
        status = error.status if error else 200
        context: dict[str, Any] = {"error": error, "is_conflict": isinstance(error, ContentChanged)}
        try:
            context["desk"] = lay_out(type(target).objects.get(pk=target.pk), user_of(request))
        except DomainError as unreadable:
            context["error"], status = unreadable, unreadable.status
        return render(request, "admin/sign_off.html", context, status=status)


def user_of(request: HttpRequest) -> User:
    """Wagtail lets nobody in who is not logged in."""
    return cast(User, request.user)


def get_target(kind: str, pk: int, user) -> Target:
    """Raises Http404 for what is not there, PermissionDenied for whom it is not for."""
    if kind not in KINDS:
        raise Http404
    target = cast(Target, get_object_or_404(KINDS[kind], pk=pk))
    if not may_read(target, user):
        raise PermissionDenied
    return target


def may_read(target: Target, user) -> bool:
    """Who may edit it, who is asked to sign it, and who has signed it before."""
    if not isinstance(target, ArticlePage):
        names = [f"articles.{right}_{target.subject_kind}" for right in ("view", "change")]
        return any(user.has_perm(name) for name in names)
    if target.permissions_for_user(user).can_edit():
        return True
    is_asked = target.workflow_in_progress and bool(roles.roles_of(user, on=timezone.now().date()))
    return is_asked or SignOff.objects.filter(subject=target.article_id, user=user.pk).exists()


def give(request: HttpRequest, target: Target) -> str:
    """Sign what was shown; returns what came of it, in words."""
    shown = {key.removeprefix(DIGEST): request.POST[key] for key in request.POST if key.startswith(DIGEST)}
    sign(
        target=target,
        user=user_of(request),
        role=request.POST.get("role", ""),
        shown=shown,
        password=request.POST.get("password", ""),
        request=request,
    )
    return outcome(type(target).objects.get(pk=target.pk))


def outcome(target: Target) -> str:
    """What a signature brought about."""
    subject = load(target)
    if missing := signoff.missing(subject):
        return f"Signed. Still to sign: {'; '.join(map(str, missing))}."
    if subject.is_current and subject.base:
        return f"Signed and published: readers get edition {subject.base.number} now."
    if held := waiting.holding(subject):
        return f"Signed. {waiting.expectation(held, subject)}"
    refusal = Event.objects.filter(subject=subject.id, kind=EventKind.REFUSED).order_by("-number").first()
    return f"Signed. Not published yet: {refusal.data['detail'] if refusal else 'submit it for review.'}"


def ask(request: HttpRequest, target: Target) -> str:
    if not isinstance(target, ArticlePage):
        raise Http404
    tasks.request_changes(target, by=user_of(request), comment=request.POST.get("comment", ""))
    return "Changes requested. The article went back to its author with your comment."

"""Two pages beside the sign-off page: vouch again for what readers get, and publish in an emergency."""

import json
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from articles.admin.desk import checklist_of
from articles.admin.reading import read_draft
from articles.admin.sign_off import fresh, may_read, shown_in, typed, user_of
from articles.authoring.models import ArticlePage
from articles.checks import engine
from articles.checks.finding import Severity
from articles.errors import DomainError
from articles.publishing import emergency, reaffirm
from articles.record.compose import refresh
from articles.record.models import Event, Publication
from articles.record.publications import current_event
from articles.record.vocabulary import SERVED, DocumentKind, Role
from articles.review import checklist, concerned, roles
from articles.review.renewal import parts_to_sign_again, require_standing_sources
from articles.review.statements import in_emergency, statement
from articles.review.subjects import Subject, load_article, load_current

WANTED = (Role.MEDICAL, Role.LEGAL, Role.COMMERCIAL, Role.EDITOR)


class VouchView(View):
    """GET shows the whole text and a form; POST signs it. What was refused is said, and nothing was signed."""

    title = ""
    explains = ""
    button = ""
    asks_reason = False

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.page = get_object_or_404(ArticlePage, pk=pk)
        self.require_allowed(user_of(request))
        return cast(HttpResponse, super().dispatch(request, pk))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            said = self.act(request, shown_in(request), request.POST.get("password", ""))
        except DomainError as error:
            return self.show(request, error)
        messages.success(request, said)
        if may_read(fresh(self.page), user_of(request)):
            return redirect("articles_sign_off", "article", self.page.pk)
        return redirect("wagtailadmin_home")

    def show(self, request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
        kept = typed(request) | {"why": request.POST.get("why", "")}
        context: dict[str, Any] = {"view": self, "page": self.page, "name": self.name(), "error": error, "typed": kept}
        context["can_read_draft"] = may_read(self.page, user_of(request))
        status = error.status if error else 200
        try:
            context |= self.lay_out(user_of(request))
        except DomainError as refusal:
            context["error"], status = error or refusal, status if error else refusal.status
        return render(request, "admin/vouch.html", context, status=status)

    def lay_out(self, user: User) -> dict[str, Any]:
        """What the page shows. Raises DomainError: then there is a text to read, but nothing to sign."""
        subject = self.load()
        refusal = self.refusal(subject, user)
        role = self.role_of(subject, user)
        parts = self.parts(subject, role)
        findings = engine.run(subject.draft) if subject.draft else []
        return {
            "subject": subject,
            "article": self.article(subject),
            "refusal": refusal,
            "role": role,
            "parts": [(part, DocumentKind(part).label, subject.digests[part]) for part in parts],
            "statement": self.statement(role, parts) if parts else "",
            "has_checklist": role == Role.MEDICAL,
            "desk": {"checklist": checklist_of(subject), "findings": findings, "is_article": True},
            "blocking": sum(finding.severity == Severity.BLOCKING for finding in findings),
            "signer": roles.printed(user),
        }

    def given(self, request: HttpRequest, subject: Subject) -> dict[str, Any]:
        return checklist.answers(subject.draft, request.POST, is_article=True)

    def require_allowed(self, user: User) -> None:
        """Raises PermissionDenied."""
        if not may_read(self.page, user):
            raise PermissionDenied

    def name(self) -> str:
        raise NotImplementedError

    def load(self) -> Subject:
        raise NotImplementedError

    def article(self, subject: Subject) -> dict[str, Any]:
        raise NotImplementedError

    def refusal(self, subject: Subject, user: User) -> str:
        raise NotImplementedError

    def role_of(self, subject: Subject, user: User) -> str:
        raise NotImplementedError

    def parts(self, subject: Subject, role: str) -> list[str]:
        raise NotImplementedError

    def statement(self, role: str, parts: list[str]) -> str:
        raise NotImplementedError

    def act(self, request: HttpRequest, shown: dict[str, str], password: str) -> str:
        """Call the stage; what came of it, in words. Raises DomainError."""
        raise NotImplementedError


class ReaffirmView(VouchView):
    """The edition that readers get, whatever the draft says by now."""

    title = "Review again what readers get"
    explains = (
        "This is the edition that readers get now, not the draft. Signing it again, whole, moves its review date; "
        "it changes no word."
    )
    button = "Sign it again"

    def require_allowed(self, user: User) -> None:
        """What readers get is public; who has a role, or may edit it, may open the page. Raises Http404 where readers
        get nothing: the draft of such an article is not for everybody who has a role."""
        if not may_read(self.page, user) and not roles.roles_of(user, on=timezone.now().date()):
            raise PermissionDenied
        if not Publication.objects.filter(article=self.page.article_id, state__in=SERVED).exists():
            raise Http404

    def name(self) -> str:
        return concerned.name_of(self.page)

    def load(self) -> Subject:
        return load_current(self.page)

    def article(self, subject: Subject) -> dict[str, Any]:
        row = Publication.objects.get(article=subject.id)
        return json.loads(refresh(row, timezone.now()).body)

    def role_of(self, subject: Subject, user: User) -> str:
        held = roles.roles_of(user, on=timezone.now().date())
        asked = [role for role in WANTED if role in held and parts_to_sign_again(subject, role)]
        return str(asked[0]) if asked else ""

    def parts(self, subject: Subject, role: str) -> list[str]:
        return parts_to_sign_again(subject, role) if role else []

    def refusal(self, subject: Subject, user: User) -> str:
        role = self.role_of(subject, user)
        if not role:
            return "Nothing of this text needs a signature of yours now; you can read it."
        try:
            require_standing_sources(subject)
            for part in self.parts(subject, role):
                reaffirm.require_may_reaffirm(subject, user=user, role=role, part=part)
        except DomainError as error:
            return error.detail
        return ""

    def statement(self, role: str, parts: list[str]) -> str:
        return statement(role, parts, is_again=True)

    def act(self, request: HttpRequest, shown: dict[str, str], password: str) -> str:
        subject, before = self.load(), current_event(self.page.article_id)
        reaffirm.reaffirm(
            page=self.page,
            user=user_of(request),
            role=request.POST.get("role", ""),
            shown=shown,
            password=password,
            given=self.given(request, subject),
            request=request,
        )
        row = Publication.objects.get(article=self.page.article_id)
        if row.event == before:
            return "Signed. Other signatures are still missing before the review date moves."
        return f"Signed again. The next review is due on {row.next_review_on:%-d %B %Y}."


class EmergencyView(VouchView):
    """The draft, published at once on this clinician's signature."""

    title = "Publish in an emergency"
    explains = (
        "Your signature alone publishes this text now, in place of the full set. Readers are told so. The missing "
        "signatures are asked for at once; without them the policy's consequence follows after 48 hours."
    )
    button = "Sign and publish now"
    asks_reason = True

    def require_allowed(self, user: User) -> None:
        """With the permission of its own; a draft that nobody ever submitted is its writers' alone."""
        was_submitted = Event.objects.filter(subject=self.page.article_id).exists()
        if not user.has_perm(emergency.PERMISSION) or not (was_submitted or may_read(self.page, user)):
            raise PermissionDenied

    def name(self) -> str:
        return str(self.page.draft_title)

    def load(self) -> Subject:
        return load_article(self.page)

    def article(self, subject: Subject) -> dict[str, Any]:
        assert subject.draft is not None
        return read_draft(subject.draft, subject.documents).article

    def role_of(self, subject: Subject, user: User) -> str:
        return Role.MEDICAL.value

    def parts(self, subject: Subject, role: str) -> list[str]:
        return list(subject.documents)

    def refusal(self, subject: Subject, user: User) -> str:
        try:
            emergency.require_possible(subject, user, subject.shown(subject.documents))
        except DomainError as error:
            return error.detail
        return ""

    def statement(self, role: str, parts: list[str]) -> str:
        return in_emergency(parts)

    def act(self, request: HttpRequest, shown: dict[str, str], password: str) -> str:
        edition = emergency.publish_in_emergency(
            page=self.page,
            user=user_of(request),
            shown=shown,
            password=password,
            reason=request.POST.get("why", ""),
            given=self.given(request, self.load()),
            request=request,
        )
        return f"Published in an emergency: readers get edition {edition.number} now, and are told so."

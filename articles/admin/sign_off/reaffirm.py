"""The page for reviewing the published edition again, and for signing it or declining. The draft plays no part."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from articles.admin.passkeys import given_in
from articles.admin.sign_off import answers
from articles.admin.sign_off.answers import Part, Way
from articles.admin.sign_off.one_form import OneFormView
from articles.admin.sign_off.page import SignOffPage
from articles.admin.sign_off.published_text import lay_out_edition
from articles.admin.sign_off.views import DECLINE, acted, say_no, shown_in, user_of
from articles.errors import CannotSign
from articles.publishing import reaffirm
from articles.record.models import Publication
from articles.record.vocabulary import SERVED, Role
from articles.review import roles
from articles.review.draft_readers import may_read, may_read_history
from articles.review.mail import recipients
from articles.review.needs.retracted import require_standing_sources
from articles.review.review import Review
from articles.review.signing import checklist


class ReaffirmView(OneFormView):
    """The page that due letters, the home page and the article's menu link to."""

    template_name = "admin/sign_off/reaffirm.html"
    title = "Review the published version again"
    explains = (
        "This is the published edition, not the draft. Signing the whole text again moves its review date and does not "
        "change the text."
    )
    button = "Sign again"

    def require_allowed(self, user: User) -> None:
        """People with a signing role, and people who may read the article's history, may open the page.

        Raises Http404 if the article is not published, because its draft is not open to everyone with a role.
        """
        if not may_read_history(self.page, user) and not roles.roles_of(user, on=timezone.now().date()):
            raise PermissionDenied
        if not Publication.objects.filter(article=self.page.article_id, state__in=SERVED).exists():
            raise Http404

    def name(self) -> str:
        return recipients.name_of(self.page)

    def lay_out(self, user: User, seen: Mapping[str, str] | None) -> SignOffPage:
        return lay_out_edition(self.page, user, seen=seen)

    def answer(self, sign_off: SignOffPage, user: User) -> dict[str, Any]:
        has_role = bool(roles.roles_of(user, on=timezone.now().date()))
        return super().answer(sign_off, user) | {"may_suggest": has_role and may_read(self.page, user)}

    def way(self, review: Review, user: User) -> Way:
        ways, refusals = answers.ways_of(review, user)
        if not ways:
            nothing = "You don't need to sign this. You can still read it."
            raise CannotSign(" ".join(refusals) or nothing)
        require_standing_sources(review)
        return next((way for way in ways if way.role != Role.EDITOR), ways[0])

    def on_screen(self, sign_off: SignOffPage, way: Way) -> tuple[Part, ...]:
        return way.parts

    def act(self, request: HttpRequest) -> str:
        return say_no(request, self.page, is_again=True)[0] if acted(request) == DECLINE else self.sign(request)

    def sign(self, request: HttpRequest) -> str:
        review = reaffirm.reaffirm(
            page=self.page,
            user=user_of(request),
            role=request.POST.get("role", ""),
            shown=shown_in(request),
            password=given_in(request),
            given=checklist.posted(request.POST),
            request=request,
        )
        if not review.has_changed_for_readers:
            return "Signed. The review date moves when the missing signatures are in."
        row = Publication.objects.get(article=self.page.article_id)
        return f"Signed again. The next review is due on {row.next_review_on:%-d %B %Y}."

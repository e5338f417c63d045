"""The download of an evidence pack, from an article's timeline."""

from datetime import UTC, datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from articles.admin.evidence.pack import make_pack
from articles.admin.evidence.question import NotAnswerable, Question, read_moment
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_REPORT
from articles.errors import DomainError
from articles.review.draft_readers import may_read


def may_download(page: ArticlePage, user: User) -> bool:
    """People who may see reports, and people who may edit the article."""
    return user.has_perm(MAY_REPORT) or page.permissions_for_user(user).can_edit()


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """`?edition=2`, or `?as_of=2026-03-03T12:00` (in UTC), or neither."""
    page, user = get_object_or_404(ArticlePage, pk=pk), cast(User, request.user)
    if not may_download(page, user):
        raise PermissionDenied
    try:
        pack = make_pack(question_of(page, request.GET))
    except DomainError as error:
        messages.error(request, error.detail)
        there = reverse("articles_timeline", args=[page.pk])
        return redirect(there if may_read(page, user) else reverse("wagtailadmin_home"))
    answer = HttpResponse(pack.content, content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, pack.name)
    answer["Cache-Control"] = "no-store"
    return answer


def question_of(page: ArticlePage, given: QueryDict) -> Question:
    """Raises NotAnswerable."""
    edition, moment = given.get("edition", ""), given.get("as_of", "")
    if edition and moment:
        raise NotAnswerable("Choose an edition or a moment, not both.")
    if edition and not (edition.isascii() and edition.isdecimal() and len(edition) < 10):
        raise NotAnswerable(f"“{edition}” is not the number of an edition.")
    at = read_moment(_in_utc(moment), now=timezone.now()) if moment else None
    return Question(page.article_id, int(edition) if edition else None, at)


def _in_utc(text: str) -> str:
    """Reads a time without a zone as UTC, because browsers send no zone and the form asks for UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()

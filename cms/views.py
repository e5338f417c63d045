"""The pages of the whole project that are neither admin nor API: the home page, and the demo's reader."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AbstractUser as User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.static import serve

from articles.admin.editor.media import may_see
from articles.record import words
from articles.record.delivery.compose import row_at
from articles.record.models import Path, Publication
from articles.record.slugs import one_form
from articles.record.vocabulary import AfterGrace, PublicationState

SHOWN = 12
PICTURES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
STEPS = ("a file or a draft", "checks", "an editor's signature", "a clinician's signature", "edition", "JSON")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page: what Vetted is, and where to go from here."""
    rows = served(timezone.now()).order_by("-published_at")
    cards = [json.loads(bytes(card)) for card in rows.values_list("card", flat=True)[:SHOWN]]
    return render(request, "reader/home.html", {"articles": cards, "steps": STEPS})


def served(now: datetime) -> QuerySet[Publication]:
    """What readers get at this moment, whether or not a job has run; the same as in the API (api.v1.reading.lookup)."""
    published = Publication.objects.filter(state=PublicationState.PUBLISHED)
    return published.exclude(after_grace=AfterGrace.WITHHOLD, grace_ends_at__lte=now)


@require_safe
def read(request: HttpRequest, locale: str, slug: str) -> HttpResponse:
    """A published article as a page, as a frontend would show the JSON."""
    path = Path.objects.filter(locale=locale, slug=one_form(slug)).first()
    row = Publication.objects.filter(article=path.article).first() if path else None
    if path is None or row is None:
        raise Http404
    if row.state == PublicationState.WITHDRAWN:
        return gone(request, row, "withdrawn-title", row.notice)
    article = row_at(row, timezone.now()) if is_stale(row) else None
    if row.state == PublicationState.WITHHELD or (article and article.is_withheld):
        return gone(request, row, "withheld-title", None)
    if (row.locale, row.slug) != (locale, slug):
        return HttpResponsePermanentRedirect(reverse("read", args=[row.locale, row.slug]))
    body = article.body if article else bytes(row.body)
    return render(request, "articles/reading_page.html", {"article": json.loads(body)})


def gone(request: HttpRequest, row: Publication, title: str, notice: dict[str, Any] | None) -> HttpResponse:
    """410 as a page: why, in the article's language, and what to read instead."""
    said = words.sentence("withheld-review-overdue", row.locale)
    notice = notice or {"explanation": said.text, "lang": said.lang, "replacement": None}
    other = served(timezone.now()).filter(article=notice["replacement"]).first() if notice["replacement"] else None
    shown = {
        "language": row.locale,
        "title": words.sentence(title, row.locale).text,
        "problem": notice,
        "instead": words.sentence("replacement", row.locale).text,
        "replacement": json.loads(bytes(other.card)) if other else None,
    }
    return render(request, "reader/gone.html", shown, status=HTTPStatus.GONE)


def is_stale(row: Publication) -> bool:
    return row.fresh_until is not None and row.fresh_until <= timezone.now()


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """The pictures that editors upload, for those who work with them or read the draft; never as a page."""
    kind = PICTURES.get(path.rpartition(".")[2].lower())
    if kind is None or not may_see(path, cast(User, request.user)):
        raise Http404
    answer = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if answer.status_code == HTTPStatus.OK:
        answer["Content-Type"] = kind
    answer["Content-Security-Policy"], answer["X-Content-Type-Options"] = "default-src 'none'; sandbox", "nosniff"
    return answer

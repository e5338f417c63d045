"""The text on the sign-off page as readers would see it, with the claims and sources of each section."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles.admin.reading import Reading, read_draft, with_limited_offers
from articles.admin.sign_off.shown.claims import claims_of
from articles.record import words
from articles.record.delivery.compose import row_at
from articles.record.delivery.content.portable_text import Shown, to_html
from articles.record.delivery.content.section_media import offer_html
from articles.record.ledger.sentences import label
from articles.record.models import Publication
from articles.record.vocabulary import DocumentKind, SectionKind
from articles.review.responses.comments import Open
from articles.review.review import MEDICAL, Review, Target


def read(
    target: Target, review: Review, can_suggest: bool, comments: Sequence[Open] = (), user: User | None = None
) -> Reading:
    """The draft as readers would see it, with the claims, sources and open comments of each section."""
    assert review.draft is not None
    reading = read_draft(review.draft, review.documents)
    _put_beside(reading.article, target, review, can_suggest, comments, user)
    return reading


def read_edition(target: Target, review: Review) -> Reading:
    """The published text. Its signed bytes hold the quotes, so no draft is needed."""
    row = Publication.objects.get(article=review.id)
    article = with_limited_offers(json.loads(row_at(row, timezone.now()).body))
    _put_beside(article, target, review, can_suggest=False)
    return Reading(article, unsigned=())


def component_html(review: Review) -> SafeString:
    """The component as articles show it. Both renderers escape HTML."""
    if review.is_article:
        return SafeString("")
    value = review.documents[review.kind].value
    html = offer_html(value) if review.kind == DocumentKind.OFFER else to_html(value["text"], Shown(words.DEFAULT))
    return mark_safe(html)


def _put_beside(
    article: dict[str, Any],
    target: Target,
    review: Review,
    can_suggest: bool,
    comments: Sequence[Open] = (),
    user: User | None = None,
) -> None:
    medical = review.documents[MEDICAL].value
    references = {row["number"]: row for row in medical["references"]}
    for shown, signed in zip(article["content"]["sections"], medical["sections"], strict=True):
        said = {"section": signed, "claims": claims_of(signed, references), "pk": target.pk, "can_suggest": can_suggest}
        said["section_kind"] = label(SectionKind, signed["kind"])
        here = [each for each in comments if each.is_shown_in_place and each.row.section == signed["id"]]
        said |= {"comments": here, "user": user}
        shown["html"] = render_to_string("admin/sign_off/_claims.html", said | {"html": mark_safe(shown["html"])})

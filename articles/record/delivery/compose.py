"""Composes the published article: (edition, component editions, state) -> bytes. Pure: the time is given as `now`."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from articles.record.delivery import notices
from articles.record.delivery.article_json import article_json, omission
from articles.record.delivery.clock import Grace, grace_of, is_withheld, next_change, status_at
from articles.record.delivery.content.sections import section_html
from articles.record.delivery.forms import HTML, in_form, shown_of
from articles.record.delivery.state import Json, State
from articles.record.models import Publication
from articles.record.vocabulary import AfterGrace, NoticeKind

VERSION = 7  # of this code and what it calls: raise it when the same record comes to other bytes
CARD_CONTENT = ("title", "summary", "language", "audience", "reading_minutes", "hero")


@dataclass(frozen=True)
class Composed:
    """The bytes that delivery serves, and until when they are right. `is_withheld`: none of it is served now."""

    article: Json
    body: bytes
    portable: bytes
    card: bytes
    etag: str
    fresh_until: datetime | None
    grace: Grace | None = None
    is_withheld: bool = False

    @property
    def body_gzip(self) -> bytes:
        return gzip.compress(self.body, compresslevel=6, mtime=0)


def compose(state: State, *, now: datetime) -> Composed:
    """The article as it is served at `now`."""
    return _finish(article_json(state), state.grace, now)


def refresh(portable: bytes, grace: Grace | None, now: datetime) -> Composed:
    """A stored article at a later moment than it was composed for."""
    return _finish(json.loads(portable), grace, now)


def row_at(publication: Publication, now: datetime) -> Composed:
    """A row of publications as it is to be served at a moment."""
    return refresh(bytes(publication.portable), grace_of(publication.grace_ends_at, publication.after_grace), now)


def _finish(article: Json, grace: Grace | None, now: datetime) -> Composed:
    review = article["review"]
    review["status"] = status_at(review, now)
    if grace and grace.is_over(now):
        article = _after_grace(article, grace)
    with_html = in_form(article, HTML)
    body = encode(with_html)
    return Composed(
        article=article,
        body=body,
        portable=encode(article),
        card=encode(card_of(with_html)),
        etag=hashlib.sha256(body).hexdigest()[:32],
        fresh_until=next_change(review["next_review_on"], now, grace),
        grace=grace,
        is_withheld=grace is not None and is_withheld(grace, now),
    )


def _after_grace(article: Json, grace: Grace) -> Json:
    """Adds the notice that the review is overdue, and leaves out offers if the policy requires it. May run twice."""
    if not any(notice["kind"] == NoticeKind.REVIEW_OVERDUE for notice in article["notices"]):
        said = notices.overdue(article["content"]["language"], grace.ends_at)
        article = article | {"notices": [*article["notices"], said]}
    return article if grace.after == AfterGrace.BANNER else _without_offers(article)


def _without_offers(article: Json) -> Json:
    content = article["content"]
    dropped = {section["id"]: section["offer"]["id"] for section in content["sections"] if section.get("offer")}
    shown = shown_of(article)

    def emptied(section: Json) -> Json:
        if section["id"] not in dropped:
            return section
        section = section | {"offer": None}
        return section | {"html": section_html(section, shown, references=content["references"])}

    omitted = [omission(offer, section, "review-overdue") for section, offer in dropped.items()]
    kept = [component for component in article["components"] if component["id"] not in dropped.values()]
    sections = [emptied(section) for section in content["sections"]]
    return article | {
        "components": kept,
        "omitted": [*article["omitted"], *omitted],
        "content": content | {"sections": sections},
    }


def card_of(article: Json) -> Json:
    """The article with `content` cut to what a list shows."""
    content = {key: article["content"][key] for key in CARD_CONTENT}
    return {key: value for key, value in article.items() if key != "rich_text"} | {"content": content}


def encode(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

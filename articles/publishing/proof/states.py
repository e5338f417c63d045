"""What the delivery key says that readers get now, with an end: of each article, and of the whole set of the feed.

An act costs one signature for each article that it changed and one for each language. Everything else is signed again
when half of its time is over, so an app that asks has at least half a day.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length

from articles.publishing.proof.private_keys import SigningKey
from articles.record import epoch
from articles.record.canonical import digest_of, exact_bytes
from articles.record.delivery.clock import Grace, grace_of, is_withheld, next_change, status_at
from articles.record.events import instant
from articles.record.models import ArticleState, Counter, Document, Edition, FeedState, KeyRevocation, Publication
from articles.record.site import this_site
from articles.record.tree import growth
from articles.record.vocabulary import AfterGrace, DocumentKind, PublicationState

ARTICLE, FEED = "vetted-state+jwt", "vetted-feed+jwt"
BATCH = 500  # articles in one transaction
MOST = 1000  # articles that are signed again in one call, beside those that changed
WITHDRAWN, ERASED, OVERDUE = "withdrawn", "erased", "review-overdue"
ALL = ""  # the set of all languages
SAID = ("article", "locale", "event", "edition", "state", "notice", "card", "grace_ends_at", "after_grace")
Json = dict[str, Any]


class Signer(NamedTuple):
    """The delivery key, and when its card ends."""

    key: SigningKey
    until: datetime


class Moment(NamedTuple):
    """When it is signed, and the log as it is then."""

    now: datetime
    size: int
    root: str


class Said(NamedTuple):
    """What readers get of an article, and the next moment at which the clock changes that."""

    status: str
    edition: int | None
    digests: dict[str, str]
    reason: str
    changes_at: datetime | None
    withheld_at: datetime | None


def is_behind(now: datetime) -> bool:
    """Whether there is something to sign. One query."""
    latest = Publication.objects.order_by("-event").values("event")[:1]
    lives = Counter.objects.filter(name=epoch.NAME).values("hash")
    whole = FeedState.objects.filter(locale=ALL, renew_at__gt=now, epoch__in=lives).exclude(key__in=_revoked())
    return not whole.filter(event__gte=Coalesce(Subquery(latest), 0)).exists()


def renew(signer: Signer, *, size: int, now: datetime) -> None:
    """Sign what changed until event `size`, and what is due. What changes meanwhile is for the next call."""
    root = growth.root_at(size)
    if root is None:
        return
    moment = Moment(now, size, root)
    due = ArticleState.objects.filter(Q(renew_at__lte=now) | Q(key__in=_revoked())).order_by("renew_at")
    changed = [*_unsigned().filter(event__lte=size).values_list("article", flat=True)]
    articles = [*dict.fromkeys([*changed, *due.values_list("article", flat=True)[:MOST]])]
    for start in range(0, len(articles), BATCH):
        _sign_articles(articles[start : start + BATCH], signer, moment)
    _sign_feed(signer, moment)


def _revoked() -> QuerySet:
    return KeyRevocation.objects.values("key")


def _unsigned() -> QuerySet[Publication]:
    """Those of which nothing was signed, or something else. Up to the last feed's event all are signed."""
    feed = _feed()
    signed = ArticleState.objects.filter(article=OuterRef("article"), event=OuterRef("event"))
    found = Publication.objects.filter(event__gt=feed.event if feed else 0)
    return found.filter(~Exists(signed)).order_by("event")


def _feed() -> FeedState | None:
    """What was signed last of the set of all languages, in this life of the database."""
    return FeedState.objects.filter(locale=ALL, epoch=epoch.current()).first()


@transaction.atomic
def _sign_articles(articles: list[UUID], signer: Signer, moment: Moment) -> None:
    growth.lock()
    rows = list(Publication.objects.filter(article__in=articles, event__lte=moment.size).values(*SAID))
    editions = {(row.subject, row.number): row.digests for row in _editions(rows)}
    rows = [row for row in rows if (row["article"], row["edition"]) in editions]  # others are no publications of ours
    gone = [editions[row["article"], row["edition"]] for row in rows if row["state"] == PublicationState.WITHDRAWN]
    erased = _erased(digest for digests in gone for digest in digests.values())
    made = []
    for row in rows:
        digests = editions[row["article"], row["edition"]]
        made.append(_signed(row, _said(row, digests, erased, moment.now), signer, moment))
    fields = [field.attname for field in ArticleState._meta.concrete_fields if not field.primary_key]
    ArticleState.objects.bulk_create(made, update_conflicts=True, unique_fields=["article"], update_fields=fields)


@transaction.atomic
def _sign_feed(signer: Signer, moment: Moment) -> None:
    """For each language and for all. Not while an article waits for its own: the set would be of two moments."""
    growth.lock()
    feed = _feed()
    if _unsigned().exists() or (feed and feed.event > moment.size):  # another worker was faster
        return
    kept = ArticleState.objects.order_by("article").values_list(
        "locale", "article", "edition", "medical", "presentation", "withheld_at"
    )
    rows = list(kept)
    next_one = ArticleState.objects.order_by("renew_at").values_list("renew_at", flat=True).first()
    for locale in sorted({ALL, *(row[0] for row in rows)}):
        mine = [row for row in rows if locale in (ALL, row[0]) and row[2] is not None]
        listed = sorted([str(article), *of] for _, article, *of, _ in mine)
        until, renew_at = _lease(signer, moment.now, min((row[5] for row in mine if row[5]), default=None))
        value = _head(moment) | {
            "epoch": epoch.current(),
            "locale": locale,
            "event": moment.size,
            "articles": len(listed),
            "digest": digest_of(exact_bytes(listed)),
            "valid_until": instant(until),
        }
        FeedState.objects.update_or_create(
            locale=locale,
            defaults={
                "epoch": value["epoch"],
                "event": moment.size,
                "key": signer.key.id,
                "signed": signer.key.sign(value, typ=FEED),
                "valid_until": until,
                "renew_at": min(renew_at, next_one or renew_at),
            },
        )


def _signed(row: Json, said: Said, signer: Signer, moment: Moment) -> ArticleState:
    until, renew_at = _lease(signer, moment.now, said.changes_at)
    value = _head(moment) | {
        "article": str(row["article"]),
        "locale": row["locale"],
        "status": said.status,
        "edition": said.edition,
        "digests": said.digests,
        "reason": said.reason,
        "event": row["event"],
        "valid_until": instant(until),
    }
    return ArticleState(
        article=row["article"],
        locale=row["locale"],
        event=row["event"],
        edition=said.edition,
        medical=said.digests.get(DocumentKind.MEDICAL.value, ""),
        presentation=said.digests.get(DocumentKind.PRESENTATION.value, ""),
        key=signer.key.id,
        signed=signer.key.sign(value, typ=ARTICLE),
        valid_until=until,
        withheld_at=said.withheld_at,
        renew_at=renew_at,
    )


def _head(moment: Moment) -> Json:
    at = instant(_second(moment.now))
    return {"log": this_site().api_url, "size": moment.size, "root": moment.root, "at": at}


def _lease(signer: Signer, now: datetime, changes_at: datetime | None) -> tuple[datetime, datetime]:
    """(valid until, to be signed again at): never past the card's end, nor the moment at which the clock changes it."""
    at, hours = _second(now), timedelta(hours=settings.STATE_HOURS)
    until = _second(min(filter(None, [at + hours, signer.until, changes_at])))
    return until, min(until, at + hours / 2)


def _said(row: Json, digests: Json, erased: set[str], now: datetime) -> Said:
    if row["state"] == PublicationState.WITHDRAWN:
        status = WITHDRAWN if erased.isdisjoint(digests.values()) else ERASED
        return Said(status, None, {}, row["notice"]["reason"], None, None)
    grace = grace_of(row["grace_ends_at"], row["after_grace"])
    if row["state"] == PublicationState.WITHHELD or (grace and is_withheld(grace, now)):
        return Said(WITHDRAWN, None, {}, OVERDUE, None, None)
    review = json.loads(bytes(row["card"]))["review"]
    parts = {part: digests[part] for part in (DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value)}
    changes_at = next_change(review["next_review_on"], now, grace)
    return Said(status_at(review, now), row["edition"], parts, "", changes_at, _withheld_at(grace))


def _withheld_at(grace: Grace | None) -> datetime | None:
    return grace.ends_at if grace and grace.after == AfterGrace.WITHHOLD else None


def _editions(rows: Iterable[Json]) -> QuerySet[Edition]:
    """The editions of these publications. From the append-only part: what is signed rests on nothing derived."""
    numbers = {row["edition"] for row in rows}
    return Edition.objects.filter(subject__in=[row["article"] for row in rows], number__in=numbers)


def _erased(digests: Iterable[str]) -> set[str]:
    emptied = Document.objects.annotate(size=Length("content")).filter(digest__in=set(digests), size=0)
    return set(emptied.values_list("digest", flat=True))


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)

"""`changes/`: the sync feed. From any cursor, a client that follows it converges to the set that the list shows."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api import noted
from api.protocol import auth, pagination
from api.protocol.caching import MAX_AGE_S, MISSING_S, Caching, Representation, earliest, respond
from api.protocol.parameters import Parameter, Wrong, documented, read, tried
from api.protocol.views import DeliveryView
from api.v1.answers import CACHED, FEED_PROBLEMS
from api.v1.reading import feed, lookup, stored
from api.v1.reading.filters import LOCALE
from api.v1.reading.rich_text import RICH_TEXT_PARAMETER
from api.v1.schemas.collections.changes import ChangesSerializer
from articles.record.delivery.article_json import to_the_second
from articles.record.delivery.compose import encode
from articles.record.events import instant
from articles.record.site import this_site
from articles.record.vocabulary import AfterGrace, PublicationState

ARTICLES = "articles"
PARAMETERS = (
    Parameter("cursor", "Where you stopped: `cursor` of the last answer. Without it, the feed starts with everything."),
    pagination.page_size(largest=500, usual=100),
    Parameter("include", "`articles` embeds each article as its own address serves it.", (ARTICLES,)),
    RICH_TEXT_PARAMETER,
    LOCALE,
)


class ChangeList(DeliveryView):
    @extend_schema(
        operation_id="changes",
        summary="What changed since you last asked",
        parameters=[*documented(PARAMETERS), *CACHED],
        responses={200: ChangesSerializer} | FEED_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Start without a cursor: you get every published article. Follow `next` until it is null, store `cursor`, and
        ask again with it later: you get what changed since, and a tombstone for each article that readers must no
        longer see."""
        asked, now = read(request, PARAMETERS, together=_read_together), timezone.now()
        form = asked["rich_text"] if asked["include"] else None
        locale = asked["locale"] or ""
        head = feed.head(asked["cursor"], locale=locale, now=now)
        place, end = head.place, head.end
        size, found = asked["page_size"], list[feed.Changed]()
        if place.number < end.number:
            found = feed.changed(place, column=form and stored.column(form), limit=size + 1, now=now)
        more, found = len(found) > size, found[:size]
        if found and found[-1].event > end.number:
            head = head._replace(signed=None)  # it changed while we read
        if found and (more or found[-1].event > end.number):
            end = end._replace(number=found[-1].event, hash=found[-1].hash)
        if not more and request.method == "GET":
            noted.note(self.api_key, epoch=end.epoch, number=end.number)
        head = head._replace(end=end)
        return respond(request, _page(request, found, head, more=more, form=form, now=now), now=now)


def _read_together(asked: dict[str, Any], wrong: Wrong) -> None:
    """The cursor, which belongs to a language."""
    locale = asked["locale"] or ""
    asked["cursor"] = tried(wrong, lambda: feed.place_of(asked["cursor"], locale=locale))


def _page(
    request: HttpRequest, found: list[feed.Changed], head: feed.Head, *, more: bool, form: str | None, now: datetime
) -> Representation:
    """The bytes of the articles are joined, not parsed."""
    said = end_of_page(request, feed.cursor_of(head.end), more=more, signed=head.signed, now=now)
    results = b",".join(entry(row, form, now) for row in found)
    content = b'{"results":[%b],%b' % (results, encode(said)[1:])
    moments = (row.clock.fresh_until for row in found)
    until = earliest(
        [*(moment for moment in moments if moment and moment > now), head.valid_until if head.signed else None]
    )
    waits = head.valid_until is not None and not head.signed  # for the worker
    seconds = MISSING_S if waits else MAX_AGE_S
    caching = Caching(max_age_s=seconds, fresh_until=until, surrogate_keys=("changes",))
    # A cache that answered for one key what another fetched would hide from us who has read it.
    return Representation(content, caching=caching, headers={"Vary": auth.VARY})


def end_of_page(request: HttpRequest, cursor: str, *, more: bool, signed: str | None, now: datetime) -> dict[str, Any]:
    """How a client goes on. A copy is good for a while only once it is complete: what was withdrawn may stand on the
    next page."""
    until = now.replace(second=0, microsecond=0) + timedelta(hours=settings.OFFLINE_HOURS)
    return {
        "cursor": cursor,
        "next": pagination.with_cursor(request, cursor) if more else None,
        "has_more": more,
        "valid_until": None if more else to_the_second(instant(until)),
        "state": signed,
    }


def entry(row: feed.Changed, form: str | None, now: datetime) -> bytes:
    head = {"id": row.article, "locale": row.locale, "slug": row.slug, "edition": row.edition}
    head["changed_at"] = to_the_second(instant(row.changed_at))
    if row.state != PublicationState.PUBLISHED:
        return encode({"change": "tombstone"} | head | lookup.reason(row.notice, locale=row.locale, new=row.new))
    ends_at = row.clock.grace_ends_at if row.clock.after_grace == AfterGrace.WITHHOLD else None
    url = this_site().article_url(row.slug, row.locale)
    until = to_the_second(instant(ends_at)) if ends_at else None
    entry = encode({"change": "upsert"} | head | {"url": url, "valid_until": until})
    if row.content is None or form is None:
        return entry
    return b'%b,"article":%b}' % (entry[:-1], stored.current(row.content, row.clock, form=form, now=now))

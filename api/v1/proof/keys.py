"""`keys/`: whose key is whose, as the organisation's key says it; `/.well-known/vetted.json`: the organisation's."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import database, pagination
from api.protocol.caching import Caching, Representation, respond
from api.protocol.parameters import Parameter, documented, read
from api.protocol.views import DeliveryView
from api.v1.answers import CACHED, PLAIN_PROBLEMS
from api.v1.schemas.proof import KeysSerializer
from articles.record.delivery.compose import encode
from articles.record.keys import told
from articles.record.site import this_site

Json = dict[str, Any]
LARGEST = 2**53 - 1
CARDS = (
    "SELECT c.event, c.key, c.holder, c.spki, c.card, c.at, r.since, r.reason, r.event FROM record_keycard c "
    "LEFT JOIN record_keyrevocation r ON r.key = c.key WHERE c.holder <> 'organisation' AND c.event > %s "
    "ORDER BY c.event LIMIT %s"
)
ORGANISATION = "SELECT event, key, spki, card, at FROM record_keycard WHERE holder = 'organisation' ORDER BY event"


class Card(NamedTuple):
    event: int
    key: str
    holder: str
    spki: str
    card: str
    at: datetime
    since: str | None
    reason: str | None
    revoked_by: int | None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > LARGEST:
        raise ValueError("after must be the number of an event: 0, 1, 2 …")
    return int(text)


AFTER = Parameter(
    "after",
    "Only cards that were issued after this event.",
    default=0,
    read=_number,
    schema={"type": "integer", "minimum": 0, "maximum": LARGEST},
)
PARAMETERS = (AFTER, pagination.page_size(largest=500, usual=100))


class KeyList(DeliveryView):
    @extend_schema(
        operation_id="keys",
        summary="Whose key is whose",
        parameters=[*documented(PARAMETERS), *CACHED],
        responses={200: KeysSerializer} | PLAIN_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Cards and revocations. Check a card with the organisation's key of `/.well-known/vetted.json` whose id its
        header names in `kid`, and compare that id with one that you know from elsewhere."""
        asked = read(request, PARAMETERS)
        rows = [_card(row) for row in database.fetch(CARDS, (asked["after"], asked["page_size"] + 1))]
        shown, more = rows[: asked["page_size"]], len(rows) > asked["page_size"]
        base = f"{this_site().api_url}keys/?page_size={asked['page_size']}"
        next = f"{base}&after={shown[-1].event}" if more else None
        return _answer(request, {"results": [described(row) for row in shown], "next": next})


class Organisation(DeliveryView):
    @extend_schema(exclude=True)
    def get(self, request: HttpRequest) -> HttpResponse:
        """The organisation's keys, the earliest first. Each but the first is signed by the one before, unless that was
        lost."""
        read(request, ())
        rows = [(*row[:4], database.read_instant(row[4])) for row in database.fetch(ORGANISATION, ())]
        return _answer(request, {"api": this_site().api_url, "keys": told.organisation(rows)})


def described(row: Card) -> Json:
    revoked = (row.since or "", row.reason or "", row.revoked_by) if row.revoked_by else None
    return told.card(event=row.event, key=row.key, holder=row.holder, at=row.at, card=row.card, revoked=revoked)


def _card(row: database.Row) -> Card:
    event, key, holder, spki, card, at, *revoked = row
    return Card(event, key, holder, spki, card, database.read_instant(at), *revoked)


def _answer(request: HttpRequest, value: Json) -> HttpResponse:
    shown = Representation(encode(value), caching=Caching(surrogate_keys=("keys",)))
    return respond(request, shown, now=timezone.now())

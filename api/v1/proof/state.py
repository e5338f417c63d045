"""`articles/{id or slug}/state/`: what the delivery key signed about an article, for who keeps the text.

What was signed counts while its event is that of the publication: each act that changes what readers get gives the
publication another event, in the same transaction, and the clock changes nothing before `valid_until`.
"""

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import database
from api.protocol.caching import MAX_AGE_S, MISSING_S, Caching, Representation, respond
from api.protocol.parameters import documented, read
from api.v1.answers import CACHED, PATH_NAME, STATE_PROBLEMS
from api.v1.base import ArticleView
from api.v1.reading import lookup
from api.v1.reading.lookup import LOCALE_PARAMETER
from api.v1.schemas.proof import StateSerializer
from articles.record.delivery.article_json import to_the_second
from articles.record.delivery.clock import status_at
from articles.record.delivery.compose import encode
from articles.record.events import instant
from articles.record.keys import cards
from articles.record.vocabulary import PublicationState

Json = dict[str, Any]
COLUMNS = "p.edition, s.signed, s.valid_until, CASE WHEN p.state = 'published' AND s.signed IS NULL THEN p.card END"
JOINS = (
    "LEFT JOIN record_articlestate s ON s.article = p.article AND s.event = p.event AND s.valid_until > %s "
    "AND NOT EXISTS (SELECT 1 FROM record_keyrevocation r WHERE r.key = s.key)"
)
EMPTIED = (
    "SELECT 1 FROM record_edition e JOIN record_document d "
    "ON d.digest IN (e.digests ->> 'medical', e.digests ->> 'presentation') "
    "WHERE e.subject = %s AND e.number = %s AND LENGTH(d.content) = 0"
)
PARAMETERS = (LOCALE_PARAMETER,)


class State(NamedTuple):
    """`status`, `edition`: what `signed` says, or, without it, what the record says."""

    signed: str | None
    valid_until: datetime | None
    status: str
    edition: int | None


class ArticleState(ArticleView):
    @extend_schema(
        operation_id="article_state",
        summary="Whether an article is in force",
        parameters=[PATH_NAME, *documented(PARAMETERS), *CACHED],
        responses={200: StateSerializer} | STATE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """What our key says that readers get now, and until when that holds. Withdrawn articles have a state, too:
        who kept the text learns from it that it must not be shown any more."""
        asked, now = read(request, PARAMETERS), timezone.now()
        moment = database.instant_parameter(now)
        row = lookup.find(
            name,
            locale=asked["locale"],
            columns=COLUMNS,
            joins=JOINS,
            parameters=(moment,),
            moment=moment,
            withdrawn_too=True,
        )
        state = _state(row, now)
        caching = Caching(
            max_age_s=MAX_AGE_S if state.signed else MISSING_S,  # what is not signed yet is within a second
            fresh_until=state.valid_until,
            surrogate_keys=(database.read_uuid(row[lookup.ARTICLE]),),
        )
        language = {"Content-Language": row[lookup.LOCALE]}
        return respond(request, Representation(encode(described(state)), headers=language, caching=caching), now=now)


def described(state: State) -> Json:
    until = to_the_second(instant(state.valid_until)) if state.valid_until else None
    return {"state": state.signed, "valid_until": until, "status": state.status, "edition": state.edition}


def _state(row: database.Row, now: datetime) -> State:
    edition, signed, valid_until, card = row[lookup.OWN :]
    if signed:
        said = cards.payload_of(signed)
        return State(signed, database.read_moment(valid_until), said["status"], said["edition"])
    if row[lookup.STATE] == PublicationState.PUBLISHED:
        return State(None, None, status_at(json.loads(bytes(card))["review"], now), edition)
    article = database.uuid_parameter(UUID(database.read_uuid(row[lookup.ARTICLE])))
    is_erased = row[lookup.NOTICE] and database.fetch_one(EMPTIED, (article, edition))
    return State(None, None, "erased" if is_erased else "withdrawn", None)

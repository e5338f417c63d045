"""`infobutton/`: what a medical record asks by code, answered with articles or their sections (HL7 Infobutton)."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema

from api.protocol.caching import Caching, Representation, earliest, respond
from api.protocol.parameters import query_text
from api.protocol.views import DeliveryView, preferred
from api.v1.answers import CACHED, PLAIN_PROBLEMS
from api.v1.reading import infobutton
from api.v1.schemas.exports.infobutton import ATOM_FEED, FEED, PARAMETERS
from articles.record.delivery.compose import encode
from articles.record.delivery.exports.knowledge import Entry, Feed, as_atom, as_json, entries_of
from articles.record.delivery.forms import PORTABLE, in_form

NAME = "Vetted"
ATOM, JSON = "application/atom+xml", "application/json"
ACCEPTED = (ATOM, "text/xml", "application/xml", JSON)


class Infobutton(DeliveryView):
    media_types = ()  # knowledgeResponseType decides, and Accept only without it

    @extend_schema(
        operation_id="infobutton",
        summary="Articles on a code, as HL7 Infobutton asks for them",
        parameters=[*(OpenApiParameter(**row) for row in PARAMETERS), *CACHED],
        responses={(200, ATOM): ATOM_FEED, (200, JSON): FEED} | PLAIN_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """An Atom feed, or the same as JSON. Each entry leads to an article, or to a section where a sub-topic is
        asked for; its summary holds what readers must see. Nothing found is a feed without entries."""
        question, now = infobutton.read(request), timezone.now()
        is_json = question.is_json
        if is_json is None:
            is_json = preferred(request, ACCEPTED) == JSON
        found = infobutton.find(question, now=now)
        feed = _feed(request, question, [entry for row in found for entry in _entries(row, question)], now)
        return respond(request, _representation(feed, found, is_json), now=now)


def _entries(row: infobutton.Found, question: infobutton.Question) -> list[Entry]:
    article = in_form(row.article, PORTABLE)
    return list(entries_of(article, question.topics, updated_at=row.composed_at))


def _feed(request: HttpRequest, question: infobutton.Question, entries: list[Entry], now: datetime) -> Feed:
    """A feed without entries was updated today."""
    url = f"{settings.PUBLIC_URL}{request.path}?{query_text(request)}"
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Feed(
        id=uuid5(NAMESPACE_URL, url),
        url=url,
        base=f"{settings.PUBLIC_URL}/",
        name=NAME,
        updated_at=max((entry.updated_at for entry in entries), default=today),
        asked=question.asked,
        entries=tuple(entries),
    )


def _representation(feed: Feed, found: list[infobutton.Found], is_json: bool) -> Representation:
    content = encode(as_json(feed)) if is_json else as_atom(feed)
    keys = ("articles", *(row.article["id"] for row in found))
    return Representation(
        content,
        content_type=JSON if is_json else ATOM,
        headers={"Vary": "Accept"},
        caching=Caching(fresh_until=earliest(row.fresh_until for row in found), surrogate_keys=keys),
    )

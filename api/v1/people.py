"""`people/` and `people/{id}/`: who reviewed and who wrote the published articles, and what is known of them."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import database
from api.protocol.caching import Caching, Representation, respond
from api.protocol.parameters import read
from api.protocol.problems import NotFound
from api.protocol.views import DeliveryView
from api.v1.answers import CACHED, PATH_PERSON, PLAIN_PROBLEMS, RESOURCE_PROBLEMS
from api.v1.reading.lookup import SERVED_NOW
from api.v1.reading.used import articles_with
from api.v1.schemas.collections.people import PeopleSerializer, PersonSerializer
from articles.record.delivery.compose import encode
from articles.record.site import this_site

Json = dict[str, Any]
SHOWN = (
    "SELECT l.target, COUNT(*) FROM record_link l "
    f"JOIN record_publication p ON p.article = l.article AND {SERVED_NOW} WHERE l.relation = 'person' GROUP BY l.target"
)
# What the record says of people, in the order in which it was said: changes that leads made, and signatures.
SAID = (
    "SELECT e.subject, e.number, e.data, NULL, NULL, NULL, NULL FROM record_event e "
    "WHERE e.kind = 'person-changed' AND e.subject IN ({people}) UNION ALL "
    "SELECT s.person, s.event, NULL, s.name, s.credentials, s.specialty, s.registration FROM record_signoff s "
    "WHERE s.person IN ({people}) ORDER BY 2"
)
FACTS = ("name", "credentials", "specialty", "registration", "interests")


class PersonList(DeliveryView):
    @extend_schema(
        operation_id="people",
        summary="The people behind the published articles",
        parameters=CACHED,
        responses={200: PeopleSerializer} | PLAIN_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Reviewers and authors of what readers get now, sorted by name."""
        read(request, ())
        now = timezone.now()
        counts: dict[str, int] = dict(database.fetch(SHOWN, (database.instant_parameter(now),)))
        known = _facts(list(counts))
        people = [described(key, known[key]) | {"articles": counts[key]} for key in counts if key in known]
        content = encode({"results": sorted(people, key=lambda row: (row["name"].casefold(), row["id"]))})
        shown = Representation(content, caching=Caching(surrogate_keys=("articles", "people")))
        return respond(request, shown, now=now)


class PersonDetail(DeliveryView):
    @extend_schema(
        operation_id="person",
        summary="One person, with the articles they reviewed or wrote",
        parameters=[PATH_PERSON, *CACHED],
        responses={200: PersonSerializer} | RESOURCE_PROBLEMS,
    )
    def get(self, request: HttpRequest, person: UUID) -> HttpResponse:
        """Name, credentials, registration and declared interests, as a medical lead vouched for them."""
        read(request, ())
        now, key = timezone.now(), str(person)
        articles = articles_with("person", key, now=now)
        known = _facts([key]) if articles else {}
        if key not in known:
            raise NotFound("No published article names this person.")
        content = encode(described(key, known[key]) | {"articles": articles})
        caching = Caching(surrogate_keys=("articles", "people", key))
        return respond(request, Representation(content, caching=caching), now=now)


def described(key: str, facts: Json) -> Json:
    said = {name: facts.get(name) or "" for name in FACTS}
    return {"id": key, "url": f"{this_site().api_url}people/{key}/"} | said


def _facts(keys: list[str]) -> dict[str, Json]:
    """{person: what was last said of each fact}, without people of whom no name is known."""
    if not keys:
        return {}
    ids = [database.uuid_parameter(UUID(key)) for key in keys]
    known: dict[str, Json] = {}
    for person, _, changed, *signed in database.fetch(SAID.format(people=database.places(ids)), [*ids, *ids]):
        said = _changed(changed) if changed else dict(zip(FACTS, signed, strict=False))
        facts = known.setdefault(database.read_uuid(person), {})
        facts.update({name: value for name, value in said.items() if value is not None})
    return {key: facts for key, facts in known.items() if facts.get("name")}


def _changed(data: Any) -> Json:
    """The facts that a change gave new values."""
    after = (json.loads(data) if isinstance(data, str) else data)["after"] or {}
    registered = [after[name] for name in ("registration_body", "registration_number") if after.get(name)]
    return after | ({"registration": " ".join(registered)} if registered else {})

"""A client that holds every answer against the OpenAPI document; published articles; a clock that can be set."""

import gzip
import json
from datetime import datetime
from io import StringIO
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.test import Client
from django.utils import timezone

from api.protocol import shared
from articles.publishing.proof import keep as worker
from articles.record.models import (
    Facet,
    Path,
    Publication,
)
from articles.record.search.alphabet import title_key
from articles.record.vocabulary import Role
from tests.api.openapi import Mode, require_documented
from tests.factories import (
    block,
    complete_body,
    make_article,
    make_image,
    make_offer,
    make_source,
    make_topic,
    sign_as,
)

V1 = "/api/v1/"
HOST = "http://testserver"


class CheckedClient(Client):
    """Fails the test when an answer is not as documented; unknown keys fail too, unless the mode is `open`. With
    `fields` members are absent."""

    mode: Mode = "closed"

    def generic(self, method, path, *arguments, **options):
        answer = super().generic(method, path, *arguments, **options)
        if method == "GET":
            content = answer.content
            if answer.headers.get("Content-Encoding") == "gzip":
                content = gzip.decompress(content)
            kind = answer.headers.get("Content-Type", "").partition(";")[0]
            if answer.status_code != 200 or "fields=" not in answer.request["QUERY_STRING"]:
                require_documented(answer.request["PATH_INFO"], answer.status_code, kind, content, mode=self.mode)
        return answer


@receiver(setting_changed)
def ask_the_new_cache(*, setting: str, **_) -> None:
    """A test may set CACHES."""
    if setting == "CACHES":
        shared._cache.cache_clear()


@pytest.fixture
def client() -> CheckedClient:
    return CheckedClient(raise_request_exception=False)


@pytest.fixture
def from_tomorrow():
    """from_tomorrow(path) asks as a client that tests itself does: what is not known yet may be there, too."""
    client = CheckedClient(raise_request_exception=False)
    client.mode = "open"

    def ask(path: str, **headers: str):
        return client.get(V1 + path, headers={"Prefer": "vetted=tomorrow"} | headers)

    return ask


@pytest.fixture
def get(client):
    """get("articles/", accept="…"): a path below /api/v1/, a path from the root, or a URL that an answer gave."""

    def ask(path: str, **headers: str):
        url = path.removeprefix(HOST) if path.startswith(("/", HOST)) else V1 + path
        return client.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return ask


@pytest.fixture
def get_json(get):
    def ask(path: str, **headers: str):
        answer = get(path, **headers)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    return ask


@pytest.fixture
def require_problem(get):
    """require_problem(path, 404, "not-found") asks and gives the problem."""

    def ask(path: str, status: int, code: str, **headers: str) -> dict:
        answer = get(path, **headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
        problem = json.loads(answer.content)
        assert (problem["type"], problem["status"]) == (f"/problems/{code}", status)
        assert problem["title"] and problem["detail"]
        assert problem["request_id"] == answer.headers["X-Request-Id"]
        return problem

    return ask


@pytest.fixture
def recorded(published):
    """What delivery sees of a published article: {slug, article_id}."""
    return SimpleNamespace(slug=published.slug, article_id=published.article_id)


@pytest.fixture
def set_clock(monkeypatch):
    """set_clock(moment): what delivery takes for now."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return put


@pytest.fixture
def keep(recorded, settings, tmp_path):
    """keep(moment): what the worker does each second, now or then, with a delivery key that has a card."""
    settings.ORGANISATION_KEY = str(tmp_path / "keys" / "organisation.pem")
    settings.DELIVERY_KEY = str(tmp_path / "keys" / "delivery.pem")
    call_command("keys", "init", stdout=StringIO())

    def at(moment: datetime | None = None) -> None:
        worker.keep(moment or timezone.now())

    return at


@pytest.fixture
def shelve(recorded):
    """shelve(title=…, published_at=…, facets={…}): one more publication, copied from a real one."""
    first = Publication.objects.get(article=recorded.article_id)

    def put(*, article: UUID | None = None, facets: dict[str, str] | None = None, **fields) -> Publication:
        article = article or uuid4()
        row = Publication.objects.get(article=first.article)
        row.article, row.slug = article, f"copy-{article}"
        for name in ("body", "portable", "card"):
            setattr(row, name, bytes(getattr(first, name)).replace(str(first.article).encode(), str(article).encode()))
        for name, value in fields.items():
            setattr(row, name, value)
        row.title_key = title_key(row.title)
        row.save(force_insert=True)
        Path.objects.create(article=article, locale=row.locale, slug=row.slug, current=True)
        Facet.objects.bulk_create(
            Facet(article=article, name=name, value=value) for name, value in (facets or {}).items()
        )
        return row

    return put


@pytest.fixture
def article(people, publish):
    """article(…) is published."""

    def make(**fields):
        return publish(make_article(by=people.author, **fields))

    return make


@pytest.fixture
def sign_offer(people):
    """sign_offer(…) is signed and published."""

    def make(**fields):
        offer = make_offer(by=people.author, **fields)
        sign_as(offer, people.editor, Role.EDITOR)
        sign_as(offer, people.reviewer, Role.MEDICAL)
        return offer

    return make


@pytest.fixture
def rich(people, publish, offer, disclaimer):
    """An article with every kind of section, a picture, a topic, and links."""
    source, target = make_source(), publish(make_article(by=people.author))
    picture = make_image()
    figure = {"image": picture.pk, "alt": "A scalp", "caption": "Where it itches", "credit": ""}
    linked = (
        f'<p>See <a linktype="page" id="{target.pk}">the other one</a>, <a href="https://example.org/a">a page</a>, '
        "H<sub>2</sub>O &amp; 10<sup>2</sup> <b>at least</b>*.</p><ul><li>one</li><li>two</li></ul>"
        "<h3>More</h3><p>There is more.</p>"
    )
    table = {"data": [["Dose", "Effect"], ["1 mg", "none"]], "first_row_is_table_header": True}
    more = [
        block("prose", heading="Symptoms", text=linked, aspect="symptoms"),
        block(
            "mechanism",
            steps=[{"target": "mTOR", "action": "inhibits", "outcome": "Cells rest.", "citations": []}],
            figure=figure,
        ),
        block("faq", items=[{"question": "Does it spread?", "answer": "<p>No, it <i>does not</i>.</p>"}]),
        block("figure", figure=figure),
        block("table", table=table),
        block("seek_help", level="urgent", signs=["Fever"], action="Call."),
    ]
    body = complete_body(source, offer)
    page = make_article(
        by=people.author,
        body=[*body[:1], *more, *body[1:]],
        hero=picture,
        disclaimers=[disclaimer],
        topics=[make_topic()],
        codes=json.dumps([{"type": "code", "value": {"system": "icd-10-cm", "code": "L65.9", "display": "Hair loss"}}]),
        substances=json.dumps(
            [
                {
                    "type": "substance",
                    "value": {
                        "name": "sirolimus",
                        "system": "rxnorm",
                        "code": "35302",
                        "status": [{"type": "item", "value": {"market": "US", "status": "off-label"}}],
                    },
                }
            ]
        ),
    )
    return publish(page)

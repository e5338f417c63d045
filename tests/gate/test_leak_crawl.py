"""No word of an unsigned, embargoed or withdrawn text is told anywhere, to nobody, and nothing betrays that it exists.

Every address of the project but the admin's, which tests/gate/test_every_admin_route.py asks. `make prove` asks
everybody everything, in every way; otherwise each asks a part of it.
"""

import os
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.utils import timezone

from api.protocol.auth import forget
from api.v1.articles import ArticleDetail, ArticleList
from articles.authoring.models import ArticlePage
from articles.record.tree import growth
from cms.settings import delivery
from tests.gate.canaries import House, make_house
from tests.gate.crawl import EXPECTED, Ask, Crawl, everything, neutral, send, varied
from tests.gate.reader import public_patterns

pytestmark = pytest.mark.usefixtures("people")
IS_ALL = bool(os.environ.get("PROVE"))
UNKNOWN = f"vk_zzzzzzzz_{'A' * 32}"
INSIDERS = ("author", "editor", "reviewer")


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Made once for this file, in an outer transaction; each test runs in a savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_house()
        transaction.set_rollback(True)


@pytest.fixture
def house(made, db, monkeypatch) -> House:
    """The clock stands still, so that nothing but the question changes an answer."""
    now = timezone.now() + timedelta(seconds=5)
    monkeypatch.setattr(timezone, "now", lambda: now)
    growth.grow(now=now)
    return made


@pytest.fixture
def delivery_process(settings):
    """Its addresses and its layers."""
    settings.ROOT_URLCONF, settings.MIDDLEWARE = delivery.ROOT_URLCONF, delivery.MIDDLEWARE
    settings.WRITES_NOTES = False


def part(asks: Iterable[Ask], *, one_of: int, at: int = 0) -> list[Ask]:
    return list(asks) if IS_ALL else list(asks)[at::one_of]


def client_of(house: House, who: str) -> Client:
    """A key, or the session of an insider."""
    secret = {"key": house.key, "revoked key": house.revoked, "unknown key": UNKNOWN}.get(who)
    client = Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret}"} if secret else None)
    if who in INSIDERS:
        client.force_login(getattr(house.people, who))
    return client


def stranger() -> Client:
    return Client(raise_request_exception=False)


def test_every_address_has_an_expectation():
    assert {name for _, name in public_patterns()} == set(EXPECTED)


def test_a_stranger_is_told_what_readers_may_get_and_nothing_else(house):
    words = list(house.canaries.never) if IS_ALL else house.words()

    found = Crawl(house).ask(stranger(), everything(house, words))

    assert found.faults == []
    assert set().union(*found.told.values()) == set(house.canaries.public)
    assert {route for route, words in found.told.items() if words} == {
        name for name, expected in EXPECTED.items() if expected.tells
    }


def test_no_header_and_no_method_tells_more(house):
    asks = varied(everything(house, house.words()[::10]), is_all=IS_ALL)

    found = Crawl(house).ask(stranger(), asks)

    assert found.faults == []


@pytest.mark.usefixtures("delivery_process")
@pytest.mark.parametrize("who", ["stranger", "key", "revoked key", "unknown key"])
def test_the_delivery_process_tells_nothing_more(house, who):
    """Without comparing queries: it answers from memory what it was just asked."""
    asks = part(varied(everything(house, house.words()[::3]), is_all=IS_ALL), one_of=4)
    forget()

    found = Crawl(house).ask(client_of(house, who), asks, is_by_same_queries=False)

    assert found.faults == []
    if who in ("stranger", "key"):
        assert any(found.told.values())
    else:
        assert not any(found.told.values())


@pytest.mark.parametrize("who", ["key", *INSIDERS])
def test_a_key_and_a_session_get_what_a_stranger_gets(house, who):
    """But for the pictures that insiders work with."""
    asks = [ask for ask in everything(house, house.words()[::10]) if not ask.url.startswith("/media/")]
    one, other = stranger(), client_of(house, who)

    differing = [
        str(ask)
        for ask in part(varied(asks, is_all=IS_ALL), one_of=5)
        if neutral(send(one, ask), ask).said != neutral(send(other, ask), ask).said
    ]

    assert differing == []


# The crawl can fail


def hidden(name: str) -> ArticlePage | None:
    return ArticlePage.objects.filter(slug=name, live=False).first()


def serves_a_draft(answer, page):
    return JsonResponse({"title": page.title})


def knows_a_draft_by_its_status(answer, page):
    return HttpResponse(answer.content, status=403)


def knows_a_draft_by_a_header(answer, page):
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def looks_longer_at_a_draft(answer, page):
    ArticlePage.objects.count()
    return answer


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (serves_a_draft, "draft: title"),
        (knows_a_draft_by_its_status, "answers 403, and 404"),
        (knows_a_draft_by_a_header, "X-Robots-Tag"),
        (looks_longer_at_a_draft, "takes 4 queries, and 3"),
    ],
)
def test_the_crawl_finds_an_address_that_knows_drafts(house, monkeypatch, fault, said):
    real = ArticleDetail.dispatch

    def dispatch(view, request, name):
        answer, page = real(view, request, name=name), hidden(name)
        return fault(answer, page) if page else answer

    monkeypatch.setattr(ArticleDetail, "dispatch", dispatch)
    asks = [ask for ask in everything(house, []) if ask.route == "api:article"]

    found = Crawl(house).ask(stranger(), asks)

    assert any(said in text for text in found.faults if "slug-of-draft" in text)


def test_the_crawl_finds_an_address_that_names_drafts_unasked(house, monkeypatch):
    def listing(view, request):
        return JsonResponse({"results": list(ArticlePage.objects.values_list("article_id", flat=True))})

    monkeypatch.setattr(ArticleList, "get", listing)

    found = Crawl(house).ask(stranger(), [Ask("api:articles", "/api/v1/articles/")])

    assert [text for text in found.faults if "names" in text]

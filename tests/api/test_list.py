"""`articles/`: filters, orders, and pages that neither repeat nor lose an article."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.protocol.pagination import Cursor, cut, read_cursor, write_cursor
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication
from tests.factories import make_article, make_topic

START = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = ("-first_published_at", "-published_at", "published_at", "title", "-title")


@pytest.fixture
def shelf(shelve, recorded):
    """Eleven articles; instants and titles repeat, so that only the id tells them apart."""
    for number in range(10):
        shelve(
            article=UUID(int=number * 7919 % 10),
            published_at=START + timedelta(microseconds=number // 4),
            title="BACA"[number % 4] * 2,
        )
    return Publication.objects.count()


def ids(page: dict) -> list[str]:
    return [row["id"] for row in page["results"]]


def walk(get_json, url: str | None, towards: str = "next") -> list[dict]:
    pages = []
    while url:
        pages.append(get_json(url))
        url = pages[-1][towards]
    return pages


def test_a_topic_is_found_in_any_case(publish, people, get_json):
    page = publish(make_article(by=people.author, topics=[make_topic()]))

    assert ids(get_json("articles/?topic=Hair-And-Scalp")) == [str(page.article_id)]


def test_a_result_is_the_stored_card(recorded, get_json):
    page = get_json("articles/")

    assert page["results"] == [json.loads(bytes(Publication.objects.get().card))]
    assert set(page["results"][0]["content"]) == {"title", "summary", "language", "audience", "reading_minutes", "hero"}
    assert (page["next"], page["previous"]) == (None, None)


def test_a_list_without_articles_is_empty(db, get_json):
    assert get_json("articles/") == {"results": [], "next": None, "previous": None}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 3, 4, 11, 100])
def test_walking_forward_meets_every_article_once_in_order(shelf, get_json, order, size):
    pages = walk(get_json, f"articles/?order={order}&page_size={size}")

    met = [article for page in pages for article in ids(page)]
    column, turn = order.removeprefix("-"), "-" if order.startswith("-") else ""
    wanted = Publication.objects.order_by(f"{turn}{column}", f"{turn}article").values_list("article", flat=True)
    assert met == [str(article) for article in wanted]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 3, 4])
def test_walking_back_gives_the_same_pages(shelf, get_json, order, size):
    forward = walk(get_json, f"articles/?order={order}&page_size={size}")

    back = walk(get_json, forward[-1]["previous"], "previous")

    assert [ids(page) for page in reversed(back)] == [ids(page) for page in forward[:-1]]
    assert back[-1]["previous"] is None


def test_an_article_published_meanwhile_moves_no_page(shelf, shelve, get_json):
    first = get_json("articles/?page_size=4")
    second = get_json(first["next"])

    shelve(published_at=datetime(2030, 1, 1, tzinfo=UTC))

    assert ids(get_json(first["next"])) == ids(second)


def test_a_page_whose_articles_are_gone_still_leads_back(shelf, get_json):
    first = get_json("articles/?page_size=10")
    Publication.objects.exclude(article__in=ids(first)).delete()

    second = get_json(first["next"])

    assert (second["results"], second["next"]) == ([], None)
    assert second["previous"]


@pytest.mark.parametrize("size", [1, 20, 100])
def test_one_query_is_all_it_takes_with_filters_too(shelf, get, django_assert_num_queries, size):
    filters = "topic=a&code=mesh|D1&audience=patient&article_type=test&kind=risks&locale=en&aspect=other&certainty=low"

    with django_assert_num_queries(1):
        get(f"articles/?page_size={size}")
    with django_assert_num_queries(1):
        get(f"articles/?page_size={size}&{filters}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("topic", "hair-and-scalp"),
        ("code", "icd-10-cm|L65.9"),
        ("audience", "clinician"),
        ("article_type", "treatment"),
        ("kind", "seek-help"),
        ("aspect", "dosage"),
        ("certainty", "high"),
    ],
)
def test_a_filter_finds_what_has_it_and_nothing_else(shelve, get, name, value):
    wanted = shelve(facets={name: value})
    shelve(facets={name: "other", "topic": "another"})

    page = json.loads(get(f"articles/?{name}={value}").content)

    assert ids(page) == [str(wanted.article)]


def test_a_real_article_is_found_by_what_it_is(people, publish, get_json):
    code = [{"type": "code", "value": {"system": "icd-10-cm", "code": "L65.9", "display": "Hair loss"}}]
    page = publish(make_article(by=people.author, topics=[make_topic()], codes=json.dumps(code)))
    publish(make_article(by=people.author, audience="clinician"))

    about = "topic=hair-and-scalp&code=icd-10-cm%7CL65.9"

    query = f"{about}&audience=patient&article_type=condition&kind=risks&certainty=very-low"

    assert ids(get_json(f"articles/?{query}")) == [str(page.article_id)]


def test_filters_narrow_together(shelve, get_json):
    both = shelve(facets={"topic": "a", "audience": "patient"})
    shelve(facets={"topic": "a", "audience": "clinician"})

    assert ids(get_json("articles/?topic=a&audience=patient")) == [str(both.article)]


def test_a_list_holds_all_languages_until_one_is_asked_for(recorded, shelve, get_json):
    spanish = shelve(locale="es")

    assert len(get_json("articles/")["results"]) == 2
    assert ids(get_json("articles/?locale=es")) == [str(spanish.article)]


def test_next_and_previous_keep_the_filters(shelve, get_json):
    for _ in range(3):
        shelve(facets={"topic": "a b&c"})

    pages = walk(get_json, "articles/?topic=a+b%26c&page_size=1&order=title")

    assert [len(page["results"]) for page in pages] == [1, 1, 1]
    assert pages[0]["next"].startswith(
        "http://testserver/api/v1/articles/?topic=a+b%26c&page_size=1&order=title&cursor="
    )


def test_a_withdrawn_article_leaves_the_list(published, people, get_json):
    withdraw(page=published, reason="other", by=people.editor)

    assert get_json("articles/")["results"] == []


@pytest.mark.parametrize(
    "mend", [lambda text: text[:-2], lambda text: "A" + text[1:], lambda text: text + "A", str.lower]
)
def test_a_mended_cursor_is_refused(mend, shelf, get_json, require_problem):
    cursor = get_json("articles/?page_size=2")["next"].rpartition("cursor=")[2]

    require_problem(f"articles/?page_size=2&cursor={mend(cursor)}", 400, "invalid-cursor")


@pytest.mark.parametrize("order", ["published_at", "title", "-title"])
def test_a_cursor_belongs_to_its_order(shelf, get_json, require_problem, order):
    cursor = get_json("articles/?page_size=2")["next"].rpartition("cursor=")[2]

    problem = require_problem(f"articles/?order={order}&cursor={cursor}", 400, "invalid-cursor")

    assert "order=-first_published_at" in problem["detail"]


@given(
    value=st.text(max_size=255).filter(lambda text: text.isprintable()),
    identity=st.uuids(),
    order=st.sampled_from(ORDERS),
    direction=st.sampled_from(["next", "previous"]),
)
def test_a_cursor_is_read_as_it_was_written(value, identity, order, direction):
    cursor = Cursor(order, direction, (value, str(identity)))

    text = write_cursor(cursor)

    assert read_cursor(text, order=order) == cursor
    assert text.isascii() and text.replace("-", "").replace("_", "").isalnum()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(values=st.lists(st.integers(0, 3), max_size=12), size=st.integers(1, 5))
def test_pages_cut_from_any_list_join_to_it_both_ways(values, size):
    rows = sorted((str(value), f"{at:02}") for at, value in enumerate(values))

    forward = _walk(rows, size, "next", None)
    back = _walk(rows, size, "previous", forward[-1].previous) if forward[-1].previous else []

    assert [row for page in forward for row in page.rows] == rows
    assert [page.rows for page in reversed(back)] == [page.rows for page in forward[:-1]]


def _walk(rows, size, direction, cursor):
    pages = []
    while not pages or cursor:
        after = [
            row for row in rows if cursor is None or (row > cursor.key if direction == "next" else row < cursor.key)
        ]
        fetched = (after if direction == "next" else after[::-1])[: size + 1]
        pages.append(cut(fetched, size=size, order="title", cursor=cursor, key=lambda row: row))
        cursor = getattr(pages[-1], direction)
    return pages

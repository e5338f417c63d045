"""`articles/`: filters, orders, and pages that neither repeat nor lose an article."""

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.protocol.pagination import Cursor, cut, read_cursor, write_cursor
from api.v1.reading import facets
from api.v1.reading.filters import FILTERS
from articles.publishing.withdraw import withdraw
from articles.record.models import Facet, Publication
from articles.record.search import codes
from articles.record.search.alphabet import title_key
from tests.factories import complete_body, make_article, make_source, make_topic

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
    column = "title_key" if column == "title" else column
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
    filters = "topic=a&topic=b&audience=patient&article_type=test&kind=risks&locale=en&aspect=other&certainty=low"
    filters += "&reviewed_after=2026-01-01&updated_after=2026-01-01"

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


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("topic=a&topic=b", {"a", "b", "ab"}),
        ("topic=a", {"a", "ab"}),
        ("topic=a&topic=b&audience=clinician", {"b"}),
        ("audience=clinician&audience=patient&topic=c", set()),
        ("topic=a&topic=a", {"a", "ab"}),
    ],
)
def test_a_repeated_filter_finds_any_and_different_filters_narrow(shelve, get_json, query, wanted):
    made = {
        "a": shelve(facets={"topic": "a", "audience": "patient"}),
        "b": shelve(facets={"topic": "b", "audience": "clinician"}),
        "ab": shelve(facets={"topic": "a", "kind": "risks"}),
    }

    found = ids(get_json(f"articles/?{query}"))

    assert {name for name, row in made.items() if str(row.article) in found} == wanted
    assert len(found) == len(wanted)


def test_repeated_locales_find_any_and_the_links_keep_them(recorded, shelve, get_json):
    for locale in ("es", "de", "de"):
        shelve(locale=locale)

    pages = walk(get_json, "articles/?locale=es&locale=de&page_size=2")

    assert [len(page["results"]) for page in pages] == [2, 1]
    assert "locale=es&locale=de" in pages[0]["next"]


def test_errors_name_every_parameter_that_is_wrong(require_problem, db):
    query = "colour=red&page_size=0&topic=&order=x&order=y&audience=patient&audience=nobody&q=%00"

    problem = require_problem(f"articles/?{query}", 400, "not-a-parameter")

    named = [(error["parameter"], error["code"]) for error in problem["errors"]]
    assert named == [
        *(("colour", "unknown"), ("page_size", "value"), ("topic", "length"), ("order", "repeated")),
        *(("audience", "choice"), ("q", "character")),
    ]
    assert all(error["detail"] in problem["detail"] for error in problem["errors"])


def test_what_is_wrong_together_is_named_together(require_problem, db):
    problem = require_problem("articles/?q=the&order=title&fields=nothing&cursor=x", 400, "invalid-parameter")

    assert [error["parameter"] for error in problem["errors"]] == ["fields", "q", "order", "cursor"]


def test_fifty_wrong_parameters_are_one_short_problem(require_problem, db):
    query = "&".join(f"{'a' * 200}{number}=1" for number in range(50))

    problem = require_problem(f"articles/?{query}", 400, "not-a-parameter")

    assert len(problem["errors"]) == 50
    assert len(json.dumps(problem)) < 100_000


def code(system: str, code: str) -> dict:
    return {"system": system, "code": code, "display": ""}


@pytest.fixture
def coded(people, publish):
    """An article about L65.9, with a substance and a cause that have codes of their own."""
    source = make_source()
    body = complete_body(source)
    body[1]["value"]["items"][0]["value"]["codes"] = [
        {"type": "item", "id": str(UUID(int=1)), "value": code("icd-10-cm", "L21.0")}
    ]
    substance = {"name": "zinc", "system": "rxnorm", "code": "11416", "status": []}
    return publish(
        make_article(
            by=people.author,
            body=body,
            codes=json.dumps([{"type": "code", "value": code("icd-10-cm", "L65.9") | {"display": "Hair loss"}}]),
            substances=json.dumps([{"type": "substance", "value": substance}]),
        )
    )


@pytest.mark.parametrize(
    ("asked", "matched"),
    [
        ("icd-10-cm|L65.9", [("L65.9", "article", "exact")]),
        ("ICD-10-CM|l659", [("L65.9", "article", "exact")]),
        ("icd-10-cm|L65", [("L65.9", "article", "narrower")]),
        ("icd-10-cm|L21", [("L21.0", "cause", "narrower")]),
        ("http://hl7.org/fhir/sid/icd-10-cm|L65.9", [("L65.9", "article", "exact")]),
        ("urn:oid:2.16.840.1.113883.6.90|L65", [("L65.9", "article", "narrower")]),
        ("rxnorm|11416", [("11416", "substance", "exact")]),
        ("http://www.nlm.nih.gov/research/umls/rxnorm|11416", [("11416", "substance", "exact")]),
        ("urn:oid:2.16.840.1.113883.6.88|11416", [("11416", "substance", "exact")]),
        ("icd-10-cm|L65&code=icd-10-cm|L21.0", [("L21.0", "cause", "exact"), ("L65.9", "article", "narrower")]),
        ("icd-10-cm|L65.91", [("L65.9", "article", "broader")]),
        ("icd-10-cm|l6591xa", [("L65.9", "article", "broader")]),
        ("icd-10-cm|L21.01", [("L21.0", "cause", "broader")]),
        ("icd-10-cm|L65.91&code=icd-10-cm|L65.9", [("L65.9", "article", "exact")]),
        ("icd-10-cm|L6", None),
        ("icd-10-cm|L65.8", None),
        ("icd-10-cm|L21.1", None),
        ("snomed-ct|L65.9", None),
        ("rxnorm|114", None),
    ],
)
def test_a_code_finds_its_articles_and_says_which(coded, get_json, asked, matched):
    rows = get_json(f"articles/?code={asked.replace('|', '%7C')}")["results"]

    assert [row["id"] for row in rows] == ([str(coded.article_id)] if matched else [])
    if matched:
        assert [(each["code"], each["where"], each["how"]) for each in rows[0]["matched"]] == matched


@pytest.mark.parametrize("name", ["http://snomed.info/sct", "http://loinc.org", "http://id.nlm.nih.gov/mesh", "mesh"])
def test_each_terminology_has_the_names_of_other_standards(recorded, get_json, name):
    assert get_json(f"articles/?code={name}%7CX1")["results"] == []


def test_matched_codes_take_one_query_more(coded, get, django_assert_num_queries):
    with django_assert_num_queries(2):
        get("articles/?code=icd-10-cm|L65")


TITLES = [
    "acne",
    "Acne",
    "ácne",
    "acne rosacea",
    "acneiform",
    "Vitamin B2",
    "Vitamin B12",
    "zinc",
    "Zinc",
    "Äther",
    "öl",
]
IN_ORDER = [
    "acne",
    "Acne",
    "ácne",
    "acne rosacea",
    "acneiform",
    "Äther",
    "öl",
    "Vitamin B2",
    "Vitamin B12",
    "zinc",
    "Zinc",
]


@pytest.mark.parametrize("size", [1, 4, 100])
def test_titles_stand_in_the_order_of_the_alphabet(shelve, recorded, get_json, size):
    made = {str(shelve(title=title).article): title for title in TITLES}

    pages = walk(get_json, f"articles/?order=title&page_size={size}")
    back = walk(get_json, f"articles/?order=-title&page_size={size}")

    up = [made[row["id"]] for page in pages for row in page["results"] if row["id"] in made]
    down = [made[row["id"]] for page in back for row in page["results"] if row["id"] in made]
    assert (up, down) == (IN_ORDER, IN_ORDER[::-1])


@given(titles=st.lists(st.text(max_size=255), max_size=8))
def test_any_title_has_a_key_that_an_index_can_hold(titles):
    keys = [title_key(title.encode("utf-8", "ignore").decode()) for title in titles]

    assert all(len(key) < 2_600 for key in keys)


def test_long_titles_have_keys_that_an_index_can_hold(shelve, get_json):
    for sign in ("\U0001f9a0", "ﷺ", "頭", "9", "é"):
        shelve(title=sign * 255)

    assert len(get_json("articles/?order=title")["results"]) == 6


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("reviewed_after=2026-03-01", True),
        ("reviewed_after=2026-03-02", False),
        ("reviewed_after=2026-03-01T23:59:59Z", True),
        ("reviewed_after=2026-03-02T01:00:00%2B02:00", True),
        ("updated_after=2026-04-01", True),
        ("updated_after=2026-04-01T12:00:00Z", True),
        ("updated_after=2026-04-01T14:00:00%2B02:00", True),
        ("updated_after=2026-04-01T14:00:00+02:00", True),
        ("updated_after=2026-04-01T12:00:00.5Z", False),
        ("updated_after=2026-04-02", False),
        ("updated_after=0001-01-01&reviewed_after=0001-01-01", True),
        ("updated_after=9999-12-31", False),
    ],
)
def test_dates_find_what_was_reviewed_or_updated_then_or_later(shelve, get_json, query, is_found):
    row = shelve(reviewed_on=date(2026, 3, 1), updated_at=datetime(2026, 4, 1, 12, tzinfo=UTC))
    Publication.objects.exclude(article=row.article).delete()

    assert ids(get_json(f"articles/?{query}")) == ([str(row.article)] if is_found else [])


NO_DATES = (
    *("yesterday", "2026", "2026-13-01", "2026-02-30", "20260101", "2026-W01", "2026-01-01T", "2026-01-01T25:00Z"),
    *("9999-12-31T23:59:59-14:00", "0000-01-01", "2026-01-01 00:00", "٢٠٢٦-01-01", "2026-01-01T00:00:00+99:99"),
)
NO_FIELDS = (
    *("*", "content.*", "title", "content.titel", "id,", ",", ".", "content..title", "__class__", "content.title.x"),
    *("id.x", "$", "content[title]", "content.sections.offer.label", "a" * 2_001, ",".join(["id", *["x"] * 60])),
)


@pytest.mark.parametrize("text", NO_DATES)
@pytest.mark.parametrize("name", ["reviewed_after", "updated_after"])
def test_what_is_no_date_is_a_problem(require_problem, db, name, text):
    require_problem(f"articles/?{name}={quote(text)}", 400, "invalid-parameter")


@pytest.mark.parametrize("name", ["reviewed_after", "updated_after"])
@pytest.mark.parametrize("text", ["2026-11-31", "2026-13-01", "2026-01-01T25:00Z", "0000-01-01"])
def test_a_day_that_does_not_exist_is_named(require_problem, db, name, text):
    problem = require_problem(f"articles/?{name}={text}", 400, "invalid-parameter")

    assert problem["detail"] == f"{name} is {text}: this day or time does not exist."


@pytest.mark.parametrize("name", ["reviewed_after", "updated_after"])
def test_what_is_no_day_is_told_what_a_day_looks_like(require_problem, db, name):
    problem = require_problem(f"articles/?{name}=tomorrow", 400, "invalid-parameter")

    assert problem["detail"].startswith(f"{name} must be a day such as ")


@pytest.mark.parametrize("name", [filter.name for filter in FILTERS if filter.repeats])
@pytest.mark.parametrize("path", ["articles/", "sections/"])
def test_a_list_with_commas_is_refused_where_a_filter_is_repeated(require_problem, db, path, name):
    problem = require_problem(f"{path}?{name}=a,b", 400, "invalid-parameter")

    assert problem["errors"][0]["detail"] == f"{name} takes one value: repeat {name} for each of several."


def test_a_reviewed_article_is_found_by_its_day(recorded, get_json):
    day = get_json("articles/")["results"][0]["review"]["last_reviewed_on"]

    assert ids(get_json(f"articles/?reviewed_after={day}")) == [str(recorded.article_id)]


def test_facets_count_what_the_other_filters_leave(shelve, recorded, get_json):
    shelve(facets={"topic": "a", "audience": "patient"})
    shelve(facets={"topic": "a", "audience": "clinician"})
    shelve(facets={"topic": "b", "audience": "patient"})
    shelve(facets={"topic": "b", "audience": "patient"}, state="withheld")
    Publication.objects.filter(article=recorded.article_id).delete()

    counted = get_json("articles/?topic=a&facets=topic,audience,kind&page_size=1")["facets"]

    assert counted == {
        "topic": [{"value": "a", "label": None, "count": 2}, {"value": "b", "label": None, "count": 1}],
        "audience": [
            {"value": "clinician", "label": "Clinicians", "count": 1},
            {"value": "patient", "label": "Patients and the public", "count": 1},
        ],
        "kind": [],
        "capped": False,
    }


@pytest.mark.parametrize("text", ["", "topic,", "slug", "topic,person", "*", "topic;audience", "code-above"])
def test_an_unknown_facet_is_refused(require_problem, db, text):
    require_problem(f"articles/?facets={quote(text)}", 400, "invalid-parameter")


@pytest.mark.parametrize(("query", "queries"), [("", 2), ("&topic=a", 3), ("&q=scalp", 5)])
def test_facets_take_one_query_and_one_for_each_filter_of_their_own(
    recorded, get, django_assert_max_num_queries, query, queries
):
    with django_assert_max_num_queries(queries + (2 if "q=" in query else 0)):
        get(f"articles/?facets=topic,audience,kind{query}")


CODES = ("L65", "L65.9", "L65.91", "L65.8", "L21", "L21.0", "L6")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25, deadline=None
)
@given(
    coded=st.lists(st.lists(st.tuples(st.sampled_from([*codes.WHERE]), st.sampled_from(CODES)), max_size=4), max_size=5)
)
def test_a_code_counts_the_articles_that_its_filter_finds(shelve, get_json, coded):
    Facet.objects.all().delete()
    for rows in coded:
        article = shelve().article
        found = {(name, f"icd-10-cm|{each}") for name, each in rows}
        found |= {(codes.ABOVE, upper) for _, each in found for upper in codes.above(each)}
        Facet.objects.bulk_create(Facet(article=article, name=name, value=value) for name, value in found)

    counted = get_json("articles/?facets=code")["facets"]["code"]

    assert {row["value"] for row in counted} == {f"icd-10-cm|{each}" for rows in coded for _, each in rows}
    for row in counted:
        assert len(get_json(f"articles/?page_size=100&code={quote(row['value'])}")["results"]) == row["count"]


def test_a_code_of_a_cause_or_a_substance_is_counted_and_named(coded, get_json):
    counted = get_json("articles/?facets=code&q=scalp")["facets"]["code"]

    assert counted == [
        {"value": "icd-10-cm|L21.0", "label": None, "count": 1},
        {"value": "icd-10-cm|L65.9", "label": "Hair loss", "count": 1},
        {"value": "rxnorm|11416", "label": "zinc", "count": 1},
    ]


@pytest.mark.parametrize(
    ("query", "label"),
    [("", "Prose"), ("&locale=de", "Fließtext"), ("&locale=es&locale=de", "Texto"), ("&locale=fr", "Prose")],
)
def test_a_facet_has_the_words_of_the_vocabulary_in_the_language_that_was_asked_for(shelve, get_json, query, label):
    for locale in ("de", "es", "fr"):
        shelve(facets={"kind": "prose"}, locale=locale)

    (row,) = [row for row in get_json(f"articles/?facets=kind{query}")["facets"]["kind"] if row["value"] == "prose"]

    assert row["label"] == label


def test_a_topic_is_counted_with_its_name(people, publish, get_json):
    publish(make_article(by=people.author, topics=[make_topic()]))

    counted = get_json("articles/?facets=topic")["facets"]["topic"]

    assert counted == [{"value": "hair-and-scalp", "label": "Hair and scalp", "count": 1}]


def test_facets_of_a_search_count_what_was_found(recorded, get_json):
    found = get_json("articles/?q=scalp&facets=audience,article_type")

    assert found["facets"]["audience"] == [{"value": "patient", "label": "Patients and the public", "count": 1}]
    assert get_json("articles/?q=nowhere&facets=audience")["facets"] == {"audience": [], "capped": False}


def test_a_search_that_finds_too_much_says_that_it_is_capped(recorded, get_json, monkeypatch):
    monkeypatch.setattr(facets, "MOST_FOUND", 0)

    assert get_json("articles/?q=scalp&facets=audience")["facets"] == {"audience": [], "capped": True}


@pytest.mark.parametrize(
    ("asked", "members"),
    [
        ("id", {"id"}),
        ("slug,url", {"id", "slug", "url"}),
        ("content.title", {"id", "review", "notices", "content"}),
        ("review.status", {"id", "review"}),
        ("edition.number,edition", {"id", "edition"}),
    ],
)
def test_fields_choose_members_of_a_list(recorded, get_json, asked, members):
    (whole,), (row,) = (get_json(path)["results"] for path in ("articles/", f"articles/?fields={asked}"))

    assert set(row) == members
    if "content" in members:
        assert row["content"] == {"title": whole["content"]["title"]}
        assert (row["review"], row["notices"]) == (whole["review"], whole["notices"])
    if asked == "review.status":
        assert set(row["review"]) == {"status"}
    if "edition" in members:
        assert row["edition"] == whole["edition"]


@pytest.mark.parametrize("form", ["html", "markdown", "portable"])
def test_who_asks_for_sections_gets_what_must_be_shown_with_them(rich, get_json, form):
    url = f"articles/{rich.slug}/?rich_text={form}"
    whole, part = get_json(url), get_json(f"{url}&fields=content.sections.html")

    assert set(part) == {"id", "review", "notices", "omitted", "content"}
    assert set(part["content"]) == {"sections", "sponsorship", "disclaimers", "references"}
    assert all(set(section) == {"id", "kind", "importance", "html"} for section in part["content"]["sections"])
    for name in ("sponsorship", "disclaimers", "references"):
        assert part["content"][name] == whole["content"][name]


@pytest.mark.parametrize("form", ["html", "markdown", "portable"])
@pytest.mark.parametrize("member", ["references", "hero", "seo"])
def test_references_and_pictures_come_whole(rich, get_json, form, member):
    url = f"articles/{rich.slug}/?rich_text={form}"
    whole = get_json(url)["content"][member]
    some = whole[0] if isinstance(whole, list) else whole

    assert some
    for inner in some:
        assert get_json(f"{url}&fields=content.{member}.{inner}")["content"] == {member: whole}


def test_a_picture_of_a_list_comes_whole(rich, get_json):
    whole, part = (get_json(f"articles/{query}")["results"] for query in ("", "?fields=content.hero.renditions"))

    assert [row["content"] for row in part] == [{"hero": row["content"]["hero"]} for row in whole]
    assert any(row["content"]["hero"] for row in part)


def test_fields_of_an_article_have_their_own_etag_and_age(recorded, get):
    whole, part = (get(f"articles/{recorded.slug}/{query}") for query in ("", "?fields=id"))

    assert json.loads(part.content) == {"id": str(recorded.article_id)}
    assert part.headers["ETag"] != whole.headers["ETag"]
    for name in ("Last-Modified", "Cache-Control", "Surrogate-Key"):
        assert part.headers[name] == whole.headers[name]
    again = get(f"articles/{recorded.slug}/?fields=id", if_none_match=part.headers["ETag"])
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["articles/?", "articles/{slug}/?"])
@pytest.mark.parametrize("asked", NO_FIELDS)
def test_unknown_fields_are_refused_and_named(recorded, require_problem, path, asked):
    problem = require_problem(f"{path.format(slug=recorded.slug)}fields={quote(asked)}", 400, "invalid-parameter")

    assert problem["errors"][0]["parameter"] == "fields"


def test_fields_keep_why_an_article_was_found(recorded, get_json):
    (row,) = get_json("articles/?q=scalp&fields=highlights.title")["results"]

    assert set(row) == {"id", "review", "notices", "highlights"}
    assert set(row["highlights"]) == {"title"}


def test_a_markdown_document_is_whole(recorded, require_problem):
    require_problem(f"articles/{recorded.slug}/?fields=id", 400, "invalid-parameter", accept="text/markdown")


@pytest.mark.parametrize(
    "title", ["Acne", "Ménière’s disease of the inner ear, and what helps", "é" * 255, "頭皮" * 127]
)
@pytest.mark.parametrize("order", ["title", "-title"])
def test_a_cursor_is_short_whatever_the_titles_are(shelve, recorded, get_json, title, order):
    wanted = {str(shelve(title=title).article) for _ in range(3)} | {str(recorded.article_id)}

    pages = walk(get_json, f"articles/?order={order}&page_size=1")

    assert [len(page["results"]) for page in pages] == [1, 1, 1, 1] and {ids(page)[0] for page in pages} == wanted
    assert all(len(page["next"].partition("cursor=")[2]) < 700 for page in pages[:-1])

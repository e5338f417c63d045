"""`fixtures/`: an article in each state, as delivery serves it, and as a later version may serve it."""

import gzip
import hashlib
import io
import json
import re
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from api.protocol.problems import KNOWN
from api.v1.fixtures import pictures
from api.v1.fixtures.languages import WORDS, translated
from api.v1.fixtures.states import BY_NAME, FIXTURES
from articles.record.vocabulary import SectionKind
from tests.api.addresses import addresses, in_form
from tests.api.conftest import V1
from tests.api.openapi import require_documented
from tests.api.test_self_verifying import code

FEED = "fixtures/changes/"
SERVED = [row.name for row in FIXTURES if not row.is_gone]
GONE = [row.name for row in FIXTURES if row.is_gone]


def offers(article):
    return [row["offer"] for row in article["content"]["sections"] if row.get("offer")]


@pytest.fixture
def below(db):
    """below(url): the answer at an address that no operation documents by itself."""

    def ask(url: str, **headers: str):
        return Client().get(url if url.startswith(("http", "/")) else V1 + url, headers=headers)

    return ask


@pytest.fixture
def as_documented(below):
    """as_documented(url, at="articles/x/json-ld/"): the content, which is as that address of the API answers."""

    def ask(url: str, *, at: str, status: int = 200):
        answer = below(url)
        kind = answer.headers["Content-Type"].partition(";")[0]
        assert answer.status_code == status
        require_documented(V1 + at, status, kind, answer.content)
        return json.loads(answer.content)

    return ask


def test_the_list_names_each_with_an_id_that_never_changes(get_json, db, get):
    rows = get_json("fixtures/")["results"]

    assert [row["name"] for row in rows] == [*SERVED, *GONE]
    assert rows[0]["id"] == "5c98160f-024c-5266-b106-24a8aaae5826"
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["name"]: row["status"] for row in rows} == {row["name"]: get(row["url"]).status_code for row in rows}


@pytest.mark.parametrize("form", ["html", "portable", "markdown"])
@pytest.mark.parametrize("name", SERVED)
def test_a_fixture_is_an_article_as_documented(get_json, db, name, form):
    article = get_json(f"fixtures/{name}/?rich_text={form}")

    assert (article["id"], article["slug"], article["rich_text"]) == (BY_NAME[name].id, name, form)


@pytest.mark.parametrize("name", SERVED)
def test_the_digests_of_a_fixture_can_be_computed(get_json, db, name):
    found: dict = {}
    exec(compile(code("python"), "docs/json.md", "exec"), found)

    article = get_json(f"fixtures/{name}/?rich_text=portable")

    assert all(stated == computed for _, stated, computed in found["digests"](article))


@pytest.mark.parametrize("name", GONE)
def test_what_readers_do_not_get_is_the_problem_that_articles_answer(require_problem, db, name):
    problem = require_problem(f"fixtures/{name}/", 410, "withdrawn")

    assert problem["temporary"] == (name == "withheld")
    assert problem["explanation"]


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("current", lambda article: {row["kind"] for row in article["content"]["sections"]}, set(SectionKind.values)),
        ("overdue", lambda article: article["review"]["status"], "overdue"),
        ("overdue", lambda article: [row["kind"] for row in article["notices"]], ["review-overdue"]),
        ("without-offers", lambda article: article["omitted"][0]["reason"], "review-overdue"),
        ("emergency", lambda article: article["review"]["status"], "emergency"),
        ("safety-notice", lambda article: article["notices"][0]["kind"], "safety"),
        ("retracted-source", lambda article: article["content"]["references"][0]["source_status"], "retracted"),
        ("retracted-source", lambda article: article["review"]["status"], "due"),
        ("voided", lambda article: article["review"]["reviewed_by"], []),
        ("voided", lambda article: article["review"]["status"], "due"),
        ("current", lambda article: {row["system"] for row in article["content"]["codes"]}, {"mesh", "snomed-ct"}),
        ("sponsored", lambda article: "paid for this fixture" in article["content"]["sponsorship"], True),
        ("prescription", lambda article: [row["is_prescription"] for row in offers(article)], [True]),
        ("right-to-left", lambda article: 'dir="rtl"' in article["content"]["sections"][0]["html"], True),
        ("german", lambda article: "Nebenwirkungen" in json.dumps(article["content"]["sections"]), True),
        ("longest", lambda article: len(article["content"]["title"]), 255),
    ],
)
def test_each_fixture_is_in_its_state(get_json, db, name, place, value):
    assert place(get_json(f"fixtures/{name}/")) == value


def test_an_offer_for_other_markets_is_data_alone(get_json, db):
    slot = next(row for row in get_json("fixtures/off-market/")["content"]["sections"] if row["kind"] == "cta")

    assert slot["offer"]["markets"] == ["US", "CA"]
    assert slot["offer"]["label"] not in slot["html"]


@pytest.mark.parametrize("name", SERVED)
def test_every_address_in_a_fixture_leads_to_what_there_is(get_json, below, name):
    """But for those outside, which are reserved for examples."""
    article = get_json(f"fixtures/{name}/")
    content = json.dumps(article["content"] | {"sections": [row["html"] for row in article["content"]["sections"]]})
    written = json.dumps([article, content])
    urls = set(re.findall(r"http://testserver[^\s\"\\\\<>]*", written.replace("&amp;", "&")))

    assert {url for url in urls if not url.startswith("http://testserver/api/v1/fixtures/")} == set()
    assert {url for url in urls if below(url).status_code != 200} == set()


@pytest.mark.parametrize("name", SERVED)
def test_links_from_fixture_to_fixture_can_be_followed_by_id(get_json, name):
    article = get_json(f"fixtures/{name}/")
    ids = {row["article"] for row in article["content"]["related"]}
    ids |= set(re.findall(r'data-article="([^"]+)"', json.dumps(article).replace("\\", "")))
    ids |= {row["id"] for row in article["links"]["translations"]}

    found = {key: get_json(f"fixtures/{key}/")["id"] for key in ids}

    assert ids or name in ("bare", "right-to-left")
    assert found == {key: key for key in ids}
    assert article["id"] not in ids


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("json-ld/", "articles/x/json-ld/"),
        ("sections/", "articles/x/sections/"),
        ("sections/risks/?rich_text=portable", "articles/x/sections/risks/"),
        ("editions/", "articles/x/editions/"),
        ("editions/1/", "articles/x/editions/1/"),
        ("editions/3/parts/medical/", "articles/x/editions/3/parts/medical/"),
    ],
)
def test_what_stands_below_a_fixture_is_as_below_an_article(as_documented, path, at):
    assert as_documented(f"fixtures/current/{path}", at=at)


def test_the_bytes_of_a_part_have_the_digest_that_the_article_states(get_json, below):
    article = get_json("fixtures/current/")
    (edition, *earlier) = json.loads(below(article["links"]["editions"]).content)["results"]

    for part, url in edition["parts"].items():
        stated = f"sha-256:{hashlib.sha256(below(url).content).hexdigest()}"
        assert article["edition"]["digests"][part] == stated
    assert (edition["number"], [row["number"] for row in earlier]) == (3, [2, 1])


def test_a_signature_that_was_voided_says_so_in_the_edition(below):
    (edition, *_) = json.loads(below("fixtures/voided/editions/").content)["results"]

    assert [row["voided_at"] for row in edition["sign_offs"]] == ["2026-11-23T09:00:00Z"]


@pytest.mark.parametrize("path", ["nothing/", "sections/nothing/", "editions/9/", "editions/1/parts/offer/"])
def test_elsewhere_below_a_fixture_there_is_nothing(below, path):
    assert below(f"fixtures/current/{path}").status_code == 404


def test_a_page_shows_what_readers_must_see(below):
    answer = below("fixtures/safety-notice/page/")
    page = answer.content.decode()

    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Stop. This is a fixture." in page and "Take no examples." in page and "A fixture is no advice." in page


def test_a_hero_and_a_figure_have_pictures_with_alt_and_credit(get_json, below):
    content = get_json("fixtures/current/")["content"]
    figure = next(row["figure"] for row in content["sections"] if row["kind"] == "figure")

    for shown in (content["hero"], figure):
        assert shown["alt"] and shown["credit"]
        assert [row["width"] for row in shown["renditions"]] == [320, 640]
        for file in shown["renditions"]:
            answer = below(file["url"])
            picture = Image.open(io.BytesIO(answer.content))
            assert (picture.format, picture.size) == ("PNG", (file["width"], file["height"]))
            assert answer.headers["Content-Type"] == file["type"]
            assert "immutable" in answer.headers["Cache-Control"]
            assert file["sha256"] == f"sha-256:{hashlib.sha256(answer.content).hexdigest()}"
    assert below("fixtures/pictures/321.png").status_code == 404


def test_the_pictures_are_the_same_on_every_machine():
    assert pictures.ORIGINAL == "sha-256:f3352e27c6268fbead958903436fadc746419ccd420a2c9e837fa781538ccfb3"


def test_translations_are_published_and_one_is_outdated(get_json):
    translations = get_json("fixtures/current/")["links"]["translations"]

    assert [(row["locale"], row["outdated"]) for row in translations] == [("de", True), ("es", False)]


@pytest.mark.parametrize(("name", "language"), [("german", "de"), ("spanish", "es")])
def test_a_translation_is_in_its_language_throughout(get_json, name, language):
    """No text of the English fixture is left but names, quotations of sources and words of terminologies."""
    there = json.dumps(get_json(f"fixtures/{name}/?rich_text=portable"), ensure_ascii=False)
    left = [text for text in WORDS if translated(text, language) != text and json.dumps(text) in there]

    # The title of an English article, the name of a code, and a topic.
    assert left == ["Examplol, a fixture", "Imagination", "Fixtures"]


def test_whatever_is_said_in_english_is_translated(get_json):
    """So that a new text of the fixtures gets its translation."""
    english, german = (get_json(f"fixtures/{name}/")["content"] for name in ("current", "german"))

    said = {row["kind"]: re.sub(r"<[^>]+>", " ", row["html"]).split() for row in english["sections"]}
    for section in german["sections"]:
        words = re.sub(r"<[^>]+>", " ", section["html"]).split()
        same = [word for word in words if word in said[section["kind"]] and len(word) > 3]
        assert section["kind"] == "sources" or set(same) <= {"MeSH", "D007092", "(Imagination)"}


def test_the_feed_gives_everything_then_changes_then_nothing(as_documented):
    first = as_documented(FEED, at="changes/")
    second = as_documented(first["next"], at="changes/")
    third = as_documented(f"{FEED}?cursor={second['cursor']}", at="changes/")

    assert {row["slug"] for row in first["results"]} == set(SERVED)
    assert {row["change"] for row in first["results"]} == {"upsert"}
    assert {row["slug"] for row in second["results"] if row["change"] == "tombstone"} == set(GONE)
    assert "upsert" in {row["change"] for row in second["results"]}
    assert (first["has_more"], second["has_more"], third["has_more"]) == (True, False, False)
    assert (third["results"], third["next"]) == ([], None)
    assert datetime.fromisoformat(second["valid_until"]) > timezone.now()


def test_an_entry_says_until_when_its_copy_is_good(as_documented):
    until = {row["slug"]: row["valid_until"] for row in as_documented(FEED, at="changes/")["results"]}

    assert {slug: at for slug, at in until.items() if at} == {"valid-until": "2027-12-21T00:00:00Z"}


@pytest.mark.parametrize("form", ["html", "portable", "markdown"])
def test_an_embedded_article_is_as_its_own_address_serves_it(as_documented, get_json, form):
    rows = as_documented(f"{FEED}?include=articles&rich_text={form}", at="changes/")["results"]

    assert {row["slug"]: row["article"] for row in rows}["overdue"] == get_json(f"fixtures/overdue/?rich_text={form}")


def test_a_tombstone_names_the_fixture_to_show_instead(as_documented, get_json):
    rows = as_documented(as_documented(FEED, at="changes/")["next"], at="changes/")["results"]
    (replacement,) = (row["replacement"] for row in rows if row["slug"] == "superseded")

    assert get_json(replacement["url"])["id"] == replacement["id"]


def test_a_cursor_that_the_feed_did_not_give_is_refused(as_documented):
    assert as_documented(f"{FEED}?cursor=x", at="changes/", status=400)["type"] == "/problems/invalid-cursor"


@pytest.mark.parametrize(("code", "status"), [(code, status) for code, (status, _) in KNOWN.items()])
def test_every_problem_can_be_asked_for(below, code, status):
    answer = below(f"fixtures/problems/{code}/")
    problem = json.loads(answer.content)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert (problem["type"], problem["status"]) == (f"/problems/{code}", status)
    assert ("Retry-After" in answer.headers) == (status in (429, 503))


def test_a_problem_that_there_is_not_is_not_found(below):
    assert "cursor-expired" in json.loads(below("fixtures/problems/x/").content)["detail"]


def test_a_fixture_is_a_markdown_document_too(get, db):
    answer = get("fixtures/current/", accept="text/markdown")

    assert answer.headers["Content-Type"].startswith("text/markdown")
    assert answer.content.decode().startswith("# Examplol, a fixture")


def test_fields_reduce_a_fixture_as_an_article(get_json, db):
    article = get_json("fixtures/current/?fields=content.title")

    assert set(article) == {"id", "content", "review", "notices"}


def test_an_article_from_tomorrow_has_a_new_kind_key_and_value(from_tomorrow, db):
    asked = from_tomorrow("fixtures/current/")
    article = json.loads(asked.content)

    assert asked.headers["Preference-Applied"] == "vetted=tomorrow"
    assert asked.headers["Cache-Control"] == "no-store"
    assert article["x_from_tomorrow"]
    assert article["content"]["sections"][-1]["kind"] == "from-tomorrow"
    assert article["notices"][-1]["kind"] == "from-tomorrow"
    assert article["review"]["status"] == "from-tomorrow"


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_every_article_may_be_asked_from_tomorrow(from_tomorrow, recorded, coding):
    asked = from_tomorrow(f"articles/{recorded.slug}/", **{"Accept-Encoding": coding})
    content = gzip.decompress(asked.content) if asked.headers.get("Content-Encoding") == "gzip" else asked.content

    assert asked.headers["Preference-Applied"] == "vetted=tomorrow"
    assert asked.headers["Cache-Control"] == "no-store"
    assert json.loads(content)["x_from_tomorrow"]
    assert (asked.headers.get("Content-Encoding") == "gzip") == (coding == "gzip")


@pytest.mark.parametrize("form", ["html", "markdown", "portable"])
def test_tomorrows_answers_are_still_as_documented_today(from_tomorrow, get_json, rich, form):
    """Every address that there is; `from_tomorrow` holds each answer against the document."""
    paths = {name: in_form(name, path, form) for name, path in addresses(get_json, rich.slug).items()}

    asked = {name: from_tomorrow(path) for name, path in paths.items()}

    assert {name: answer.status_code for name, answer in asked.items() if answer.status_code != 200} == {"resolve": 404}
    as_ever = {name for name, answer in asked.items() if "Preference-Applied" not in answer.headers}
    assert as_ever == {"resolve", "part", "component_edition"}  # a problem, and signed bytes


def test_our_tests_would_notice_what_nobody_described(from_tomorrow, db):
    asked = from_tomorrow("locales/")

    with pytest.raises(AssertionError, match="x_from_tomorrow"):
        require_documented(asked.request["PATH_INFO"], 200, "application/json", asked.content)


def test_json_ld_from_tomorrow_is_still_json_ld(from_tomorrow, rich):
    """A context declares terms and a value object has keywords alone, so there nothing can be ignored."""
    found = json.loads(from_tomorrow(f"articles/{rich.slug}/json-ld/").content)

    assert found["x_from_tomorrow"]
    assert list(found["@context"][1]) == ["vetted"]


def test_other_preferences_change_nothing(get, db):
    plain, asked = get("fixtures/current/"), get("fixtures/current/", prefer="respond-async, vetted=today")

    assert asked.content == plain.content
    assert "Preference-Applied" not in asked.headers


def test_elsewhere_there_is_no_such_address(settings, db, require_problem, recorded, get):
    settings.FIXTURES = False

    require_problem("fixtures/", 404, "not-found")
    require_problem("fixtures/current/", 404, "not-found")
    for path in ("changes/", "problems/internal/", "pictures/320.png", "current/page/"):
        assert get(f"fixtures/{path}").status_code == 404
    assert "Preference-Applied" not in get(f"articles/{recorded.slug}/", prefer="vetted=tomorrow").headers

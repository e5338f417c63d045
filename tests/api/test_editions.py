"""Editions, their sign-offs, the signed bytes; and what withdrawal takes away."""

import base64
import hashlib
import json
from datetime import UTC, datetime

import pytest
from django.db import connection

from api.v1.reading import history, lookup
from articles.authoring.models import ArticlePage
from articles.publishing.withdraw import withdraw
from articles.record.models import Document, Edition, Event, Publication, SignOff
from tests.factories import edit, make_article
from tests.record.tamper import drop_triggers

ROUTES = ("", "sections/", "sections/risks/", "editions/", "editions/1/", "editions/1/parts/medical/")


@pytest.fixture
def twice(published, people, publish):
    """Two editions; the second changes the medical part."""
    publish(edit(published, by=people.author, summary="A new summary.", change_note="Says more."))
    return published


def test_editions_are_listed_with_the_newest_first(twice, get_json):
    found = get_json(f"articles/{twice.slug}/editions/")["results"]

    assert [row["number"] for row in found] == [2, 1]
    assert [row["change"] for row in found] == [{"kind": "material", "note": "Says more."}, None]
    assert [row["digests"] for row in found] == list(
        Edition.objects.filter(subject=twice.article_id).order_by("-number").values_list("digests", flat=True)
    )


def test_each_edition_names_the_sign_offs_that_it_rests_on(twice, get_json):
    for row in get_json(f"articles/{twice.slug}/editions/")["results"]:
        stored = Edition.objects.get(subject=twice.article_id, number=row["number"])
        wanted = SignOff.objects.filter(pk__in=stored.signoffs).values_list("role", "part", "digest", "name")
        found = [(sign["role"], sign["part"], sign["digest"], sign["name"]) for sign in row["sign_offs"]]
        assert sorted(found) == sorted(wanted)
        assert {sign["digest"] for sign in row["sign_offs"]} == set(row["digests"].values())


def test_a_sign_off_says_what_it_means_and_nothing_of_the_persons_account(recorded, get_json):
    edition = get_json(f"articles/{recorded.slug}/editions/1/")

    medical = next(row for row in edition["sign_offs"] if row["role"] == "medical")
    assert (medical["name"], medical["credentials"], medical["specialty"]) == ("Dr Ada Reviewer", "MD", "Dermatology")
    assert medical["meaning"].startswith("I have read this text as readers will get it.")
    assert not {"user", "checklist", "person", "valid_until"} & set(medical)
    assert (medical["method"], medical["proof"]) == ("password", None)


def test_a_sign_off_carries_what_was_signed_and_its_line_in_the_ledger(recorded, get_json):
    edition = get_json(f"articles/{recorded.slug}/editions/1/")

    for row in edition["sign_offs"]:
        stored = SignOff.objects.get(event=row["event"])
        assert (row["statement"], row["registration"]) == (stored.statement, stored.registration)
        said = json.loads(row["statement"])
        named = [(item["subject"], item["part"], item["digest"]) for item in said["items"]]
        assert (str(recorded.article_id), row["part"], row["digest"]) in named
    assert edition["event"] == Edition.objects.get(subject=recorded.article_id).event


def test_the_organisations_keys_can_be_read_by_a_page_from_anywhere(client, db):
    answer = client.get("/.well-known/vetted.json", headers={"origin": "null"})

    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_an_edition_is_served_alone_as_in_the_list(twice, get_json):
    listed = get_json(f"articles/{twice.slug}/editions/")["results"]

    assert [get_json(row["url"]) for row in listed] == listed


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("part", ["medical", "presentation"])
def test_a_part_is_served_byte_for_byte_as_it_was_signed(twice, get_json, get, number, part):
    edition = get_json(f"articles/{twice.slug}/editions/{number}/")

    answer = get(edition["parts"][part])

    digest = hashlib.sha256(answer.content)
    assert answer.content == bytes(Document.objects.get(digest=edition["digests"][part]).content)
    assert f"sha-256:{digest.hexdigest()}" == edition["digests"][part]
    assert edition["digests"][part] in {row["digest"] for row in edition["sign_offs"] if row["part"] == part}
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer.headers["Content-Digest"] == answer.headers["Repr-Digest"]
    assert answer.headers["ETag"] == f'"{digest.hexdigest()}"'


def test_the_article_names_the_digests_of_its_edition(twice, get_json, get):
    article = get_json(f"articles/{twice.slug}/")

    served = get(f"articles/{article['id']}/editions/{article['edition']['number']}/parts/medical/").content

    assert f"sha-256:{hashlib.sha256(served).hexdigest()}" == article["edition"]["digests"]["medical"]


def test_a_component_is_served_byte_for_byte_as_it_was_signed(recorded, get_json, get):
    components = get_json(f"articles/{recorded.slug}/")["components"]

    for component in components:
        served = get(f"components/{component['id']}/editions/{component['edition']}/")
        assert f"sha-256:{hashlib.sha256(served.content).hexdigest()}" == component["digest"]
        assert json.loads(served.content)["kind"] == component["kind"]
    assert {row["kind"] for row in components} == {"offer", "disclaimer"}


def test_an_articles_edition_is_no_component(recorded, require_problem):
    require_problem(f"components/{recorded.article_id}/editions/1/", 404, "not-found")


@pytest.mark.parametrize(
    "rest", ["editions/3/", "editions/3/parts/medical/", "editions/1/parts/offer/", "editions/1/parts/x/"]
)
def test_what_was_never_published_is_not_found(recorded, require_problem, rest):
    require_problem(f"articles/{recorded.slug}/{rest}", 404, "not-found")


@pytest.mark.parametrize("rest", ["editions/", "editions/1/", "editions/1/parts/medical/"])
def test_one_query_is_all_it_takes(twice, get, django_assert_num_queries, rest):
    with django_assert_num_queries(1):
        get(f"articles/{twice.slug}/{rest}")


def test_a_component_takes_one_query(published, offer, get, django_assert_num_queries):
    with django_assert_num_queries(1):
        get(f"components/{offer.component_id}/editions/1/")


def test_the_history_of_one_article_is_looked_up_not_searched_for(recorded):
    """The join into editions and sign-offs uses their indexes on both engines."""

    statement = lookup.statement(history.SELECTIONS, lookup.SLUG_WHERE)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{statement}"
        cursor.execute(explain, ["2026-11-24 00:00:00", "en", "x"] * 3)
        plan = "\n".join(str(row) for row in cursor.fetchall())

    assert not any(f"SCAN {table}" in plan for table in "esox") and "Seq Scan" not in plan


@pytest.fixture
def erased(recorded):
    """The digest of a part whose bytes are empty, as a lawful erasure leaves it."""
    digest = f"sha-256:{'e' * 64}"
    first = Edition.objects.get(subject=recorded.article_id)
    Document.objects.create(digest=digest, kind="medical", format=1, content=b"", stored_at=first.published_at)
    first.pk, first.number, first.event = None, 2, first.event + 1000
    first.digests = first.digests | {"medical": digest}
    first.save(force_insert=True)
    return digest


def test_erased_bytes_are_gone_and_their_digest_stays(recorded, erased, get_json, require_problem):
    problem = require_problem(f"articles/{recorded.slug}/editions/2/parts/medical/", 410, "erased")

    assert problem["digest"] == erased
    assert get_json(f"articles/{recorded.slug}/editions/2/")["digests"]["medical"] == erased


@pytest.fixture
def gone(published, people):
    withdraw(page=published, reason="safety", by=people.editor)
    return published


@pytest.mark.parametrize("rest", ROUTES)
@pytest.mark.parametrize("by", ["slug", "article_id"])
def test_a_withdrawn_article_is_gone_on_every_route(gone, require_problem, get, rest, by):
    path = f"articles/{getattr(gone, by)}/{rest}"

    problem = require_problem(path, 410, "withdrawn")

    assert (problem["reason"], problem["explanation"]) == (
        "safety",
        "This article was withdrawn for safety reasons. Do not act on earlier copies of it.",
    )
    assert (problem["replacement"], problem["temporary"]) == (None, False)
    assert (problem["id"], problem["locale"]) == (str(gone.article_id), "en")
    assert problem["withdrawn_at"].endswith("Z")
    assert get(path).headers["Surrogate-Key"] == f"{gone.article_id} all"


def test_a_withdrawn_article_takes_one_query_too(gone, get, django_assert_num_queries):
    with django_assert_num_queries(1):
        get(f"articles/{gone.slug}/")


def test_a_withdrawn_article_names_what_replaces_it(published, people, publish, require_problem, get, get_json):
    other = publish(make_article(by=people.author))

    withdraw(page=published, reason="superseded", by=people.editor, replacement=other.article_id)

    problem = require_problem(f"articles/{published.slug}/", 410, "withdrawn")
    new = get_json(problem["replacement"]["url"])
    shown = {"id": str(other.article_id), "title": other.title, "url": new["url"], "web_url": new["web_url"]}
    assert (problem["replacement"], new["id"]) == (shown, str(other.article_id))
    assert get(f"articles/{published.slug}/").headers["Surrogate-Key"] == (
        f"{published.article_id} {other.article_id} all"
    )


def test_a_replacement_that_the_clock_withholds_is_an_id_and_nothing_more(
    published, people, publish, require_problem, get_json, set_clock
):
    cursor, other = get_json("changes/")["cursor"], publish(make_article(by=people.author))
    withdraw(page=published, reason="superseded", by=people.editor, replacement=other.article_id)
    ends = datetime(2030, 5, 1, tzinfo=UTC)
    Publication.objects.filter(article=other.article_id).update(after_grace="withhold", grace_ends_at=ends)

    set_clock(ends)
    problem = require_problem(f"articles/{published.slug}/", 410, "withdrawn")
    rows = {row["id"]: row for row in get_json(f"changes/?cursor={cursor}")["results"]}

    assert problem["replacement"] == {"id": str(other.article_id), "title": None, "url": None, "web_url": None}
    assert rows[str(published.article_id)]["replacement"] == problem["replacement"]


def test_a_replacement_that_readers_cannot_get_has_no_address(published, people, require_problem):
    draft = make_article(by=people.author)

    withdraw(page=published, reason="superseded", by=people.editor, replacement=draft.article_id)

    problem = require_problem(f"articles/{published.slug}/", 410, "withdrawn")
    assert problem["replacement"] == {"id": str(draft.article_id), "title": None, "url": None, "web_url": None}


def test_an_article_that_is_withheld_may_come_back(recorded, shelve, require_problem):
    row = shelve(state="withheld")

    problem = require_problem(f"articles/{row.slug}/", 410, "withdrawn")

    assert (problem["reason"], problem["temporary"]) == ("review-overdue", True)
    assert (problem["id"], problem["locale"]) == (str(row.article), "en")


def test_no_title_of_a_problem_says_what_is_not_so(gone, shelve, require_problem):
    """One title for what was withdrawn and for what is withheld: RFC 9457 wants a type to have one."""
    withheld = shelve(state="withheld")

    titles = {require_problem(f"articles/{slug}/", 410, "withdrawn")["title"] for slug in (gone.slug, withheld.slug)}

    assert titles == {"The content is not available."}


def test_an_article_that_is_published_again_is_back(gone, publish, get):
    publish(ArticlePage.objects.get(pk=gone.pk))

    assert get(f"articles/{gone.slug}/").status_code == 200


def test_an_edition_says_what_it_changed_word_by_word(twice, get_json):
    found = get_json(f"articles/{twice.slug}/editions/2/changes/")

    assert (found["from"], found["to"]) == (1, 2)
    medical, presentation = found["parts"]
    assert presentation == {"part": "presentation", "changes": []}
    (change,) = medical["changes"]
    assert (change["place"], change["kind"], change["section"]) == ("Summary", "changed", None)
    assert "".join(run["text"] for run in change["runs"] if run["op"] != "removed") == ("A new summary.")


@pytest.mark.parametrize("query", ["editions/1/changes/", "editions/2/changes/?from=2"])
def test_an_edition_compared_with_itself_has_no_changes(twice, get_json, query):
    parts = get_json(f"articles/{twice.slug}/{query}")["parts"]

    assert [row["changes"] for row in parts] == [[], []]


@pytest.mark.parametrize("rest", ["editions/3/changes/", "editions/2/changes/?from=9"])
def test_an_edition_that_is_not_there_is_not_compared(twice, require_problem, rest):
    require_problem(f"articles/{twice.slug}/{rest}", 404, "not-found")


@pytest.mark.parametrize("given", ["0", "x", "-1", "9999999999"])
def test_a_wrong_number_to_compare_with_is_named(twice, require_problem, given):
    problem = require_problem(f"articles/{twice.slug}/editions/2/changes/?from={given}", 400, "invalid-parameter")

    assert problem["errors"][0]["parameter"] == "from"


def test_an_erased_text_is_not_compared(twice, people, require_problem):
    first = Edition.objects.get(subject=twice.article_id, number=1).digests["medical"]
    drop_triggers()
    Document.objects.filter(digest=first).update(content=b"")

    require_problem(f"articles/{twice.slug}/editions/2/changes/", 410, "erased")


def test_the_edition_that_readers_got_at_a_moment_is_named(twice, people, get_json):
    first, second = Edition.objects.filter(subject=twice.article_id).order_by("number")

    def at(moment):
        return [row["number"] for row in get_json(f"articles/{twice.slug}/editions/?at={moment}")["results"]]

    assert at(first.published_at.strftime("%Y-%m-%d")) == []
    assert at(first.published_at.isoformat().replace("+00:00", "Z")) == [1]
    assert at(second.published_at.isoformat().replace("+", "%2B")) == [2]
    assert at("2099-01-01") == [2]


def test_between_a_withdrawal_and_the_return_readers_got_nothing(twice, people, publish, get_json):
    withdraw(page=twice, reason="other", by=people.editor)
    gone = Event.objects.filter(subject=twice.article_id, kind="withdrawn").get().at
    publish(edit(twice, by=people.author, summary="Back again."))

    moment = gone.isoformat().replace("+", "%2B")
    assert get_json(f"articles/{twice.slug}/editions/?at={moment}")["results"] == []
    assert get_json(f"articles/{twice.slug}/editions/?at=2099-01-01")["results"][0]["number"] == 3

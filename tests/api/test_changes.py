"""`changes/`: everything first, then what changed, and tombstones; from any cursor a client converges to the list."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from articles.publishing.withdraw import withdraw
from articles.record import epoch
from articles.record.models import Counter, Event, Publication
from tests.factories import edit, make_article, make_topic
from tests.record.tamper import drop_triggers


@pytest.fixture
def several(people, publish):
    return [publish(make_article(by=people.author)) for _ in range(3)]


def follow(get_json, url: str) -> list[dict]:
    """All pages from there."""
    pages = [get_json(url)]
    while pages[-1]["has_more"]:
        pages.append(get_json(pages[-1]["next"]))
    return pages


def later(page: dict) -> str:
    """The address at which a client that has this page asks what changed since."""
    return f"changes/?cursor={page['cursor']}"


def listed(get_json) -> set[str]:
    return {row["id"] for row in get_json("articles/?page_size=100")["results"]}


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_without_a_cursor_it_begins_with_everything_once(several, get_json, size):
    pages = follow(get_json, f"changes/?page_size={size}")

    rows = [row for page in pages for row in page["results"]]
    assert [row["change"] for row in rows] == ["upsert"] * 3
    assert {row["id"] for row in rows} == listed(get_json)
    assert pages[0]["results"][0]["url"] == f"http://testserver/api/v1/articles/{several[0].slug}/"


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_a_copy_is_good_for_a_while_only_once_it_is_complete(several, people, get_json, size):
    first = follow(get_json, "changes/")[-1]
    withdraw(page=several[0], reason="safety", by=people.editor)
    withdraw(page=several[1], reason="safety", by=people.editor)

    for url in (f"changes/?page_size={size}", f"{later(first)}&page_size={size}"):
        *before, last = follow(get_json, url)
        assert all(page["next"] and page["has_more"] and page["valid_until"] is None for page in before)
        assert last["next"] is None and last["valid_until"]


def test_nothing_new_is_one_query_and_gives_the_cursor_back(several, get_json, django_assert_num_queries):
    page = follow(get_json, "changes/")[-1]

    with django_assert_num_queries(1):
        again = get_json(later(page))

    assert (again["results"], again["has_more"], again["cursor"]) == ([], False, page["cursor"])


def test_from_a_cursor_on_it_gives_what_changed_and_what_was_taken_back(several, people, publish, get_json):
    page = follow(get_json, "changes/")[-1]
    publish(edit(several[0], by=people.author, summary="Another summary."))
    withdraw(page=several[1], reason="safety", by=people.editor, replacement=several[2].article_id)
    new = publish(make_article(by=people.author))

    upsert, tombstone, added = get_json(later(page))["results"]

    assert (upsert["change"], upsert["id"], upsert["edition"]) == ("upsert", str(several[0].article_id), 2)
    assert tombstone["change"] == "tombstone"
    assert (tombstone["id"], tombstone["reason"]) == (str(several[1].article_id), "safety")
    assert tombstone["explanation"].startswith("This article was withdrawn for safety reasons.")
    assert tombstone["replacement"] == {
        "id": str(several[2].article_id),
        "title": several[2].title,
        "url": f"http://testserver/api/v1/articles/{several[2].slug}/",
        "web_url": f"http://testserver/read/en/{several[2].slug}/",
    }
    assert several[1].title not in {value for value in tombstone.values() if isinstance(value, str)}
    assert added["id"] == str(new.article_id)


def test_whoever_begins_later_gets_no_tombstone_of_what_they_never_had(several, people, get_json):
    withdraw(page=several[0], reason="other", by=people.editor)

    rows = [row for page in follow(get_json, "changes/?page_size=1") for row in page["results"]]

    assert [row["change"] for row in rows] == ["upsert", "upsert"]


def test_what_is_withdrawn_during_the_first_walk_comes_as_a_tombstone(several, people, get_json):
    first = get_json("changes/?page_size=2")
    withdraw(page=several[0], reason="other", by=people.editor)

    rest = [row for page in follow(get_json, first["next"]) for row in page["results"]]

    assert [(row["change"], row["id"]) for row in rest] == [
        ("upsert", str(several[2].article_id)),
        ("tombstone", str(several[0].article_id)),
    ]


@pytest.mark.parametrize("form", ["html", "portable", "markdown"])
@pytest.mark.parametrize("is_late", [False, True])
def test_articles_are_embedded_as_their_own_address_serves_them(rich, get_json, set_clock, form, is_late):
    if is_late:
        set_clock(datetime(2099, 1, 1, tzinfo=UTC))

    rows = get_json(f"changes/?include=articles&rich_text={form}")["results"]

    for row in rows:
        assert row["article"] == get_json(f"articles/{row['id']}/?rich_text={form}")


def test_one_language_can_be_followed_by_itself(several, get_json, require_problem):
    page = get_json("changes/?locale=es")

    assert page["results"] == []
    problem = require_problem(f"changes/?cursor={page['cursor']}", 400, "invalid-cursor")
    assert "locale=es" in problem["detail"]


def test_a_topics_new_name_reaches_those_who_follow(people, publish, get_json):
    topic = make_topic()
    article = publish(make_article(by=people.author, topics=[topic]))
    page = follow(get_json, "changes/")[-1]

    topic.name = "Scalp and hair"
    topic.save()
    rows = follow(get_json, later(page))[-1]["results"]

    assert [row["id"] for row in rows] in ([], [str(article.article_id)])


def test_a_copy_of_an_article_that_its_policy_withholds_has_an_end(recorded, get_json):
    ends = datetime(2030, 5, 1, tzinfo=UTC)
    Publication.objects.update(after_grace="withhold", grace_ends_at=ends)

    assert get_json("changes/")["results"][0]["valid_until"] == "2030-05-01T00:00:00Z"


def test_any_other_copy_is_good_until_the_feed_is_due(recorded, get_json, set_clock):
    now = datetime(2027, 1, 1, 12, 0, 30, tzinfo=UTC)
    set_clock(now)

    page = get_json("changes/")

    assert page["results"][0]["valid_until"] is None
    assert page["valid_until"] == "2027-01-02T12:00:00Z"


def test_what_the_clock_withholds_is_a_tombstone_before_any_job_ran(recorded, get_json, set_clock):
    Publication.objects.update(after_grace="withhold", grace_ends_at=datetime(2030, 5, 1, tzinfo=UTC))
    set_clock(datetime(2030, 5, 1, tzinfo=UTC))

    (row,) = get_json("changes/")["results"]

    assert (row["change"], row["reason"], row["temporary"]) == ("tombstone", "review-overdue", True)


def test_after_a_restore_a_client_is_told_to_start_again(several, get_json, require_problem):
    page = follow(get_json, "changes/")[-1]

    epoch.renew()

    problem = require_problem(later(page), 410, "cursor-expired")
    assert "Start again without a cursor" in problem["detail"]


def test_a_history_that_went_another_way_is_noticed_without_an_epoch(several, get_json, require_problem):
    page = follow(get_json, "changes/")[-1]
    drop_triggers()
    last = Event.objects.latest("number")
    Event.objects.filter(number=last.number).update(hash="f" * 64)

    require_problem(later(page), 410, "cursor-expired")


def test_a_server_that_lags_behind_says_so_and_gives_nothing(several, get_json, get):
    page = follow(get_json, "changes/")[-1]
    drop_triggers()
    Counter.objects.filter(name="events").update(value=1)

    answer = get(later(page))

    assert (answer.status_code, json.loads(answer.content)["type"]) == (503, "/problems/unavailable")
    assert answer.headers["Retry-After"]


def test_a_mended_cursor_is_refused(several, get_json, require_problem):
    cursor = get_json("changes/")["cursor"]
    others = [cursor[:n] + ("B" if cursor[n] == "A" else "A") + cursor[n + 1 :] for n in range(len(cursor))]

    for mended in [*others, cursor[:-2], cursor + "A"]:
        require_problem(f"changes/?cursor={mended}", 400, "invalid-cursor")


def test_a_cursor_of_the_list_is_none_of_the_feed(several, get_json, require_problem):
    cursor = get_json("articles/?page_size=1")["next"].rpartition("cursor=")[2]

    require_problem(f"changes/?cursor={cursor}", 400, "invalid-cursor")


def test_an_answer_is_fresh_for_a_minute_at_most(several, get):
    answer = get("changes/")

    assert answer.headers["Cache-Control"] == "public, max-age=55"
    assert answer.headers["Surrogate-Key"] == "changes all"
    assert get("changes/", if_none_match=answer.headers["ETag"]).status_code in (200, 304)


def test_many_pages_never_take_more_than_two_queries(several, get, django_assert_num_queries):
    with django_assert_num_queries(2):
        get("changes/?include=articles&page_size=2")


def test_a_day_is_what_offline_copies_live_by_default(settings, recorded, get_json, set_clock):
    settings.OFFLINE_HOURS = 2
    set_clock(datetime(2027, 1, 1, tzinfo=UTC))

    assert datetime.fromisoformat(get_json("changes/")["valid_until"]) == datetime(2027, 1, 1, tzinfo=UTC) + timedelta(
        hours=2
    )

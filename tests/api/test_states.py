"""States of articles and of the feed: what the delivery key signs, until when, and when nothing is served."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.publishing.erase import erase
from articles.publishing.jobs.due import publish_due
from articles.publishing.proof import private_keys, states
from articles.publishing.refile import refile
from articles.publishing.withdraw import withdraw
from articles.record import epoch
from articles.record.canonical import digest_of, exact_bytes
from articles.record.delivery.clock import DUE_DAYS
from articles.record.keys import cards, proofs
from articles.record.ledger.verify import verify
from articles.record.models import ArticleState, Edition, Event, FeedState, KeyCard, Publication
from articles.record.tree import growth
from tests.factories import edit, make_article, make_on_call, make_topic, publish_at_once, sign_and_publish
from tests.hands import fresh


def soon() -> datetime:
    """The next whole second: the card is as old as the test."""
    return timezone.now().replace(microsecond=0) + timedelta(seconds=1)


@pytest.fixture
def told(client, get_json):
    """told(answer): what the state of an answer says, by the key whose card the organisation signed."""

    def check(signed: str) -> dict:
        ours = client.get("/.well-known/vetted.json").json()["keys"][0]["spki"]
        rows = [row for row in get_json("keys/")["results"] if row["holder"] == "delivery" and not row["revoked"]]
        spki = {row["key"]: proofs.verified(row["card"], ours)["credentialSubject"]["key"]["spki"] for row in rows}
        value = proofs.verified(signed, spki[cards.signer_of(signed)])
        assert value is not None
        return value

    return check


@pytest.fixture
def state(recorded, get_json):
    return lambda name=None: get_json(f"articles/{name or recorded.article_id}/state/")


@pytest.fixture
def feed(get_json):
    return lambda query="": get_json(f"changes/{query}")["state"]


def row(page) -> Publication:
    return Publication.objects.get(article=page.article_id)


def findings() -> set[str]:
    return {found.code for found in verify(now=timezone.now())[0]}


def run(*arguments) -> None:
    call_command("keys", *arguments, stdout=StringIO())


def test_a_state_says_what_readers_get_and_until_when(keep, recorded, state, told, get_json):
    keep()

    article, answer = get_json(f"articles/{recorded.slug}/"), state()
    said = told(answer["state"])
    at, until = (datetime.fromisoformat(said.pop(name)) for name in ("at", "valid_until"))
    assert said == {
        "log": "http://testserver/api/v1/",
        "article": article["id"],
        "locale": "en",
        "status": "current",
        "edition": 1,
        "digests": article["edition"]["digests"],
        "reason": "",
        "event": row(recorded).event,
        "size": Event.objects.count(),
        "root": growth.root_at(Event.objects.count()),
    }
    assert until - at == timedelta(hours=24)
    assert (answer["status"], answer["edition"]) == ("current", 1)
    assert datetime.fromisoformat(answer["valid_until"]) == until
    assert get_json(article["links"]["state"]) == answer
    assert findings() == set()


def test_the_feed_s_state_covers_all_that_is_published(keep, recorded, article, feed, told, get_json):
    article(title="Another")
    keep()

    said, listed = told(feed()), get_json("articles/")["results"]
    parts = ("medical", "presentation")
    lines = [[each["id"], each["edition"]["number"], *map(each["edition"]["digests"].get, parts)] for each in listed]
    assert said["digest"] == digest_of(exact_bytes(sorted(lines)))
    assert (said["articles"], said["locale"], said["epoch"]) == (len(listed), "", epoch.current())
    assert said["event"] == said["size"] == Event.objects.count()
    assert told(feed("?locale=en")) == said | {"locale": "en"}
    assert feed("?page_size=1") == feed()
    assert feed("?locale=es") is None


def change(page, people):
    edit(page, by=people.author, title="Another title")
    sign_and_publish(fresh(page), by=people.author, editor=people.editor, reviewer=people.reviewer)


ACTS = {
    "another edition": (change, "current", 2, ""),
    "withdrawn": (
        lambda page, people: withdraw(page=page, reason="safety", by=people.editor),
        "withdrawn",
        None,
        "safety",
    ),
    "refiled": (
        lambda page, people: refile(page=fresh(page), slug="moved", topics=[make_topic()], by=people.editor),
        "current",
        1,
        "",
    ),
}


@pytest.mark.parametrize(("act", "status", "edition", "reason"), ACTS.values(), ids=ACTS)
def test_after_an_act_no_old_state_is_served_and_the_next_second_signs_another(
    act, status, edition, reason, keep, published, people, state, feed, told
):
    keep()
    before, set_before = state()["state"], feed()

    act(published, people)
    between = state()
    assert (between["state"], between["valid_until"], feed()) == (None, None, None)
    keep()

    after = state()
    said = told(after["state"])
    assert (said["status"], said["edition"], said["reason"]) == (status, edition, reason)
    assert (between["status"], between["edition"]) == (after["status"], after["edition"]) == (status, edition)
    assert said["event"] == row(published).event > told(before)["event"]
    assert (said["digests"] == {}) == (edition is None)
    assert told(feed())["articles"] == told(set_before)["articles"] - (edition is None)
    assert findings() == set()


def test_an_act_while_the_worker_signs_leaves_nothing_stale(
    keep, published, article, people, state, feed, told, monkeypatch
):
    """It comes between the articles and the set: the set waits for the next second."""
    other = article(title="Another")
    sign_feed = states._sign_feed

    def late(*given) -> None:
        withdraw(page=published, reason="safety", by=people.editor)
        sign_feed(*given)

    monkeypatch.setattr(states, "_sign_feed", late)
    keep()
    assert (state()["state"], feed()) == (None, None)
    assert told(state(other.article_id)["state"])["status"] == "current"

    monkeypatch.undo()
    keep()

    assert told(state()["state"])["status"] == "withdrawn"
    assert told(feed())["articles"] == Publication.objects.filter(state="published").count()


def test_a_worker_that_was_slower_does_not_set_the_feed_back(keep, feed, told):
    """It saw a shorter log than the one that signed meanwhile."""
    keep()
    first = told(feed())
    signer = states.Signer(private_keys.delivery_key(), timezone.now() + timedelta(days=1))

    states.renew(signer, size=first["event"] - 1, now=timezone.now())

    assert told(feed()) == first


def test_a_worker_that_died_halfway_is_followed_by_one_that_signs_the_rest(keep, article, feed, told, monkeypatch):
    article(title="Another")
    monkeypatch.setattr(states, "BATCH", 1)
    sign, done = states._sign_articles, []

    def dies(articles, *given) -> None:
        if done:
            raise RuntimeError
        done.extend(articles)
        sign(articles, *given)

    monkeypatch.setattr(states, "_sign_articles", dies)
    with pytest.raises(RuntimeError):
        keep()
    assert (ArticleState.objects.count(), feed()) == (1, None)
    monkeypatch.undo()

    keep()

    assert told(feed())["articles"] == Publication.objects.filter(state="published").count()


def test_what_was_erased_says_so(keep, published, people, state, told):
    digest = Edition.objects.get(subject=published.article_id).digests["medical"]
    withdraw(page=published, reason="legal", by=people.editor)
    keep()
    erase(digest=digest, reason="Court order.", by=None)
    keep()

    assert (told(state()["state"])["status"], told(state()["state"])["digests"]) == ("erased", {})


def test_an_emergency_is_said(keep, people, state, told):
    page = make_article(by=people.author)
    publish_at_once(page, make_on_call())
    keep()

    assert told(state(page.article_id)["state"])["status"] == "emergency"


def test_what_is_scheduled_has_no_state_before_its_hour(keep, signed_later, require_problem, state, told):
    page, schedule = signed_later()
    keep()
    require_problem(f"articles/{page.article_id}/state/", 404, "not-found")

    publish_due(now=schedule.instant)
    keep(schedule.instant)

    assert told(state(page.article_id)["state"])["edition"] == 1


def test_an_old_slug_leads_to_the_state_even_after_a_withdrawal(keep, published, people, get, told):
    old = published.slug
    refile(page=fresh(published), slug="moved", topics=[], by=people.editor)
    withdraw(page=fresh(published), reason="outdated", by=people.editor)
    keep()

    answer = get(f"articles/{old}/state/")

    assert (answer.status_code, answer["Location"]) == (301, "http://testserver/api/v1/articles/moved/state/")
    assert told(json.loads(get("articles/moved/state/").content)["state"])["reason"] == "outdated"


@pytest.fixture
def due(published):
    return row(published).next_review_on


def midnight(day) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@pytest.mark.parametrize(("days", "before", "after"), [(1 - DUE_DAYS, "current", "due"), (1, "due", "overdue")])
def test_no_state_outlives_the_moment_at_which_the_clock_changes_it(
    days, before, after, due, keep, state, told, set_clock
):
    moment = midnight(due + timedelta(days=days))
    set_clock(moment - timedelta(hours=1))
    run("issue", "--delivery")
    keep(moment - timedelta(hours=1))
    said = told(state()["state"])
    assert (said["status"], datetime.fromisoformat(said["valid_until"])) == (before, moment)

    set_clock(moment)
    assert (state()["state"], state()["status"]) == (None, after)
    keep(moment)

    assert told(state()["state"])["status"] == after


def test_what_the_clock_withholds_is_withdrawn_at_its_moment(keep, recorded, state, feed, told, set_clock):
    ends = soon() + timedelta(hours=2)
    Publication.objects.filter(article=recorded.article_id).update(after_grace="withhold", grace_ends_at=ends)
    keep()
    many = told(feed())["articles"]
    assert [datetime.fromisoformat(told(each)["valid_until"]) for each in (state()["state"], feed())] == [ends, ends]

    set_clock(ends)
    assert (state()["state"], state()["status"], feed()) == (None, "withdrawn", None)
    keep(ends)

    said = told(state()["state"])
    assert (said["status"], said["reason"], said["edition"]) == ("withdrawn", "review-overdue", None)
    assert told(feed())["articles"] == many - 1


def test_a_translation_has_a_state_and_a_set_of_its_own(keep, shelve, recorded, state, feed, told):
    other = shelve(locale="es", slug="otro")
    first = Edition.objects.get(subject=recorded.article_id)
    first.pk = first.event = Event.objects.count() + 1
    first.subject = other.article
    first.save(force_insert=True)
    keep()

    assert [told(state(key)["state"])["locale"] for key in (recorded.article_id, other.article)] == ["en", "es"]
    assert told(feed("?locale=es"))["articles"] == 1
    assert told(feed())["articles"] == told(feed("?locale=en"))["articles"] + 1


def test_without_a_key_what_was_erased_says_so_too(published, people, state):
    digest = Edition.objects.get(subject=published.article_id).digests["medical"]
    withdraw(page=published, reason="legal", by=people.editor)
    erase(digest=digest, reason="Court order.", by=None)

    assert state() == {"state": None, "valid_until": None, "status": "erased", "edition": None}


def test_without_a_key_there_is_no_state_and_the_answer_says_the_rest(recorded, state, feed):
    assert state() == {"state": None, "valid_until": None, "status": "current", "edition": 1}
    assert feed() is None


def test_what_a_revoked_key_signed_is_not_served_and_another_key_signs_again(
    keep, state, feed, told, settings, tmp_path
):
    keep()
    first = told(state()["state"])
    run("revoke", "--reason", "compromised", "--", KeyCard.objects.get(holder="delivery").key)
    assert (state()["state"], feed()) == (None, None)
    keep()
    assert (state()["state"], feed()) == (None, None)

    settings.DELIVERY_KEY = str(tmp_path / "keys" / "delivery-2.pem")
    private_keys.make(tmp_path / "keys" / "delivery-2.pem")
    run("issue", "--delivery")
    keep()

    assert told(state()["state"])["event"] == first["event"]
    assert told(feed())["articles"]


def test_no_state_outlives_the_card_and_after_it_nothing_is_signed(
    keep, state, told, get_json, people, published, set_clock
):
    payload = cards.payload_of(KeyCard.objects.get(holder="delivery").card)
    end = datetime.fromisoformat(payload["validUntil"])
    keep(end - timedelta(hours=3))
    set_clock(end - timedelta(hours=3))
    assert told(state()["state"])["valid_until"] == payload["validUntil"]

    withdraw(page=published, reason="safety", by=people.editor)
    keep(end)

    set_clock(end)
    assert (state()["state"], get_json("ledger/head/")["signed"]) == (None, None)


def test_a_state_is_signed_again_when_half_of_its_time_is_over(keep, state, told):
    at = soon()
    keep(at)
    first = state()["state"]

    keep(at + timedelta(hours=11))
    assert state()["state"] == first
    keep(at + timedelta(hours=12))

    assert told(state()["state"])["at"] > told(first)["at"]


def test_an_act_signs_what_it_changed_and_nothing_else(keep, article, people, recorded):
    other = article(title="Another")
    keep()
    before = dict(ArticleState.objects.values_list("article", "signed"))

    withdraw(page=other, reason="safety", by=people.editor)
    keep()

    after = dict(ArticleState.objects.values_list("article", "signed"))
    assert {key for key in before if before[key] != after[key]} == {other.article_id}


def test_a_second_with_nothing_to_sign_reads_no_card(keep):
    keep()

    with CaptureQueriesContext(connection) as asked:
        keep()

    assert len(asked) == 4
    assert not any("keycard" in query["sql"] for query in asked)


def test_caches_keep_a_state_no_longer_than_it_counts(keep, recorded, get, set_clock):
    at = soon()
    keep(at)
    for path, key in ((f"articles/{recorded.slug}/state/", str(recorded.article_id)), ("changes/", "changes")):
        answer = get(path)
        assert answer["Cache-Control"] == "public, max-age=55"
        assert key in answer["Surrogate-Key"].split()

    set_clock(at + timedelta(hours=24, seconds=-20))
    for path in (f"articles/{recorded.slug}/state/", "changes/"):
        assert get(path)["Cache-Control"] == "public, max-age=15"

    set_clock(at + timedelta(hours=24))
    for path in (f"articles/{recorded.slug}/state/", "changes/"):
        assert get(path)["Cache-Control"] == "public, max-age=5"


def test_without_a_key_the_feed_is_cached_as_long_as_ever(recorded, get):
    assert get("changes/")["Cache-Control"] == "public, max-age=55"


def test_a_restore_ends_the_feed_s_state_until_the_next_second(keep, feed, told):
    keep()
    epoch.renew()
    assert feed() is None

    keep()

    assert told(feed())["epoch"] == epoch.current()


CHANGED = {
    "article": {"event": 1},
    "edition": {"edition": 7},
    "digest": {"medical": "sha-256:" + "0" * 64},
    "until": {"valid_until": datetime(2040, 1, 1, tzinfo=UTC)},
    "signature": {"signed": "a.b.c"},
    "key": {"key": "A" * 43},
    "language": {"locale": "es"},
}


@pytest.mark.parametrize("columns", CHANGED.values(), ids=CHANGED)
def test_a_state_changed_by_sql_is_named_and_recompose_takes_it_away(columns, keep, recorded, state):
    keep()
    ArticleState.objects.filter(article=recorded.article_id).update(**columns)

    assert findings() == {"state_not_signed"}
    call_command("recompose", stdout=StringIO(), stderr=StringIO())
    assert (findings(), state()["state"]) == (set(), None)
    keep()

    assert state()["state"]


def test_a_feed_changed_by_sql_is_named(keep):
    keep()
    FeedState.objects.update(event=1)

    assert findings() == {"state_not_signed"}


def test_an_old_state_put_back_by_sql_is_named(keep, published, people):
    """It is signed, and says another event than the row."""
    keep()
    old = ArticleState.objects.get(article=published.article_id).signed
    change(published, people)
    keep()
    ArticleState.objects.filter(article=published.article_id).update(signed=old)

    assert findings() == {"state_not_signed"}

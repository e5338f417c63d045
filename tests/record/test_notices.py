"""Which safety notices a translation takes over, and since when they stand. Pure: made of lines alone."""

from datetime import UTC, date, datetime
from uuid import UUID

from articles.record.delivery.notices import notices_of, told_beside
from articles.record.models import Event
from articles.record.standing import History, Standing
from articles.record.vocabulary import EventKind
from articles.record.words import Word

OWN, FIRST, SECOND = UUID(int=1), UUID(int=2), UUID(int=3)
GIVEN, LATER = datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)


def noticed(number: int, article: UUID, notice: str, **data) -> Event:
    said = {"notice": notice, "digest": f"digest of {notice}", "signoff": 7, "of": 2} | data
    return Event(number=number, kind=EventKind.NOTICED, subject=article, at=GIVEN, data=said)


def lifted(number: int, article: UUID, notice: str) -> Event:
    return Event(number=number, kind=EventKind.NOTICE_LIFTED, subject=article, at=LATER, data={"notice": notice})


def test_it_takes_over_what_stands_beside_it_once_and_in_order():
    lines = [noticed(1, FIRST, "a"), noticed(2, SECOND, "a"), noticed(3, FIRST, "b")]

    assert told_beside(OWN, lines) == [
        {"notice": name, "digest": f"digest of {name}", "signoff": 7}
        | {"beside": str(FIRST), "since": "2026-11-03T09:00:00.000000Z"}
        for name in ("a", "b")
    ]


def test_it_takes_over_nothing_that_it_has():
    assert told_beside(OWN, [noticed(1, FIRST, "a"), noticed(2, OWN, "a")]) == []


def test_one_that_was_lifted_from_any_article_is_lifted():
    lines = [noticed(1, FIRST, "a"), noticed(2, SECOND, "a"), lifted(3, FIRST, "a")]

    assert told_beside(OWN, lines) == []


def test_one_that_was_taken_over_keeps_the_moment_at_which_it_was_given():
    lines = [noticed(5, SECOND, "a", since="2026-10-01T00:00:00.000000Z")]

    assert told_beside(OWN, lines)[0]["since"] == "2026-10-01T00:00:00.000000Z"


def test_readers_hear_since_when_it_stands_and_not_when_the_translation_came():
    (data,) = told_beside(OWN, [noticed(1, FIRST, "a")])
    line = Event(number=9, kind=EventKind.NOTICED, subject=OWN, at=LATER, data=data)
    standing = Standing(date(2026, 11, 24), date(2027, 11, 24), (), "banner", LATER)
    medical = {"language": "en", "references": []}

    found = notices_of(History([], [line], {}), standing, medical, {"digest of a": Word("Stop.", "en")})

    assert found == [{"kind": "safety", "since": "2026-11-03", "text": "Stop.", "lang": "en"}]

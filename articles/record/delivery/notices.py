"""The notices shown above an article, and their words. Pure.

Safety notices and corrections are signed texts, in the article's language. All others are standard sentences derived
from the record. `lang` says which language the text is in.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from articles.record import words
from articles.record.events import instant
from articles.record.models import Event
from articles.record.standing import History, Standing, last_status, questioned
from articles.record.vocabulary import EventKind, NoticeKind, SourceStatus
from articles.record.words import Word

Json = dict[str, Any]
RETRACTED, CONCERN = NoticeKind.REFERENCE_RETRACTED.value, NoticeKind.REFERENCE_CONCERN.value
EMERGENCY = NoticeKind.EMERGENCY.value


def notices_of(history: History, standing: Standing, medical: Json, texts: Mapping[str, Word]) -> list[Json]:
    """The notices, the most serious first. `texts`: {digest: text of a signed safety notice}."""
    language = medical["language"]
    safety = standing_notices(history)
    found = [_notice(NoticeKind.SAFETY, _given_at(event), texts[event.data["digest"]]) for event in safety]
    if standing.emergency_since:
        found.append(_notice(EMERGENCY, standing.emergency_since, words.sentence("notice-emergency", language)))
    found += _of_references(history, medical["references"], language)
    corrected = [edition for edition in history.editions if edition.review.get("correction")]
    return found + [
        _notice(NoticeKind.CORRECTION, row.published_at, Word(row.change_note, language)) for row in reversed(corrected)
    ]


def standing_notices(history: History) -> list[Event]:
    """The safety notices that were not removed, newest first."""
    lifted = {event.data["notice"] for event in history.events if event.kind == EventKind.NOTICE_LIFTED}
    given = [event for event in history.events if event.kind == EventKind.NOTICED]
    return [event for event in reversed(given) if event.data["notice"] not in lifted]


def told_beside(article: UUID, noticed: Iterable[Event]) -> list[Json]:
    """The data of new `noticed` lines for an article, for notices that only its translations have, oldest first.

    `noticed`: all lines by which notices were given to or lifted from it and its translations, oldest first. `since`:
    when the notice was given, for its readers. A notice that was lifted from one article is lifted from all.
    """
    events = list(noticed)
    lifted = {event.data["notice"] for event in events if event.kind == EventKind.NOTICE_LIFTED}
    given = [event for event in events if event.kind == EventKind.NOTICED and event.data["notice"] not in lifted]
    known = {event.data["notice"] for event in given if event.subject == article}
    first = {event.data["notice"]: event for event in reversed(given) if event.data["notice"] not in known}
    return [
        {key: event.data[key] for key in ("notice", "digest", "signoff")}
        | {"beside": str(event.subject), "since": event.data.get("since", instant(event.at))}
        for event in sorted(first.values(), key=lambda event: event.number)
    ]


def overdue(language: str, since: datetime) -> Json:
    return _notice(NoticeKind.REVIEW_OVERDUE, since, words.sentence("notice-review-overdue", language))


def _of_references(history: History, references: Iterable[Json], language: str) -> list[Json]:
    since = questioned(history.sources)
    latest = {key: event.data["status"] for key, event in last_status(history.sources).items()}
    rows = [row for row in references if row["source_id"] in since]
    kinds = {
        row["number"]: RETRACTED if latest[row["source_id"]] == SourceStatus.RETRACTED else CONCERN for row in rows
    }
    made = [
        _notice(
            kinds[row["number"]],
            since[row["source_id"]].at,
            words.sentence(f"notice-{kinds[row['number']]}", language, number=row["number"]),
        )
        | {"reference": row["number"]}
        for row in rows
    ]
    return sorted(made, key=lambda notice: (notice["kind"] != RETRACTED, notice["reference"]))


def _given_at(event: Event) -> datetime:
    return datetime.fromisoformat(event.data["since"]) if "since" in event.data else event.at


def _notice(kind: str, since: datetime, said: Word) -> Json:
    return {"kind": str(kind), "since": _day(since), "text": said.text, "lang": said.lang}


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()

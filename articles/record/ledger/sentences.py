"""A line of the ledger in people's words: one sentence for each kind of event. Pure.

Shared by the ledger report, an article's timeline and the evidence pack. Lines outlive the code that wrote them, so
data are read defensively: what is not there is not said.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from articles.record import vocabulary
from articles.record.vocabulary import (
    DocumentKind,
    EventKind,
    Role,
    ScheduledAction,
    Scope,
    SourceStatus,
    SubjectKind,
    WithdrawReason,
)

Json = dict[str, Any]
Names = Mapping[str, str]


class Line(Protocol):
    """What a sentence needs of an event."""

    @property
    def kind(self) -> str: ...
    @property
    def subject_kind(self) -> str: ...
    @property
    def data(self) -> Any: ...


def sentence(line: Line, names: Names | None = None) -> str:
    """What happened, without who and when. `names` says what ids stand for: {id: title or name}."""
    data = line.data if isinstance(line.data, dict) else {}
    tell = SENTENCES.get(str(line.kind))
    said = tell(data, names or {}, str(line.subject_kind)) if tell else f"{kind_in_words(line.kind)}."
    return one_line(said)


def one_line(text: str) -> str:
    return " ".join(text.split())


def indented(text: str) -> str:
    """What people typed, for a file of lines: only its first line begins one, so that nobody writes another's line."""
    return "\n        | ".join(text.splitlines())


def kind_in_words(kind: str) -> str:
    return label(EventKind, kind)


def label(choices: Any, value: Any) -> str:
    """The words for a value of a closed list; the value itself where the list does not know it."""
    return str(choices(value).label) if value in choices.values else str(value or "")


def moment(at: datetime) -> str:
    """23 November 2026, 08:17:49 UTC."""
    return f"{at.astimezone(UTC):%-d %B %Y, %H:%M:%S} UTC"


def moment_of(text: str) -> str:
    """The same of RFC 3339 as the ledger writes it; the text itself where it is none."""
    try:
        return moment(datetime.fromisoformat(text))
    except (TypeError, ValueError):
        return str(text or "")


def actor_name(actor: Any) -> str:
    """Who did it, as the ledger copied the name; the system where it names nobody."""
    return str((actor.get("name") if isinstance(actor, dict) else "") or "Vetted itself")


def _submitted(data: Json, names: Names, kind: str) -> str:
    return "Submitted for review."


def _signed(data: Json, names: Names, kind: str) -> str:
    part, role = label(DocumentKind, data.get("part")).lower(), label(Role, data.get("role")).lower()
    scope = label(Scope, data.get("scope")).lower()
    return f"Signed the {part or 'text'}{f' as {role}' if role else ''}{f': {scope}' if scope else ''}."


def _voided(data: Json, names: Names, kind: str) -> str:
    whose = f" of {data['name']}" if data.get("name") else ""
    part = f" on the {label(DocumentKind, data['part']).lower()}" if data.get("part") else ""
    return f"Sign-off {data.get('signoff', '')}{whose}{part} was voided: it no longer counts.{_why(data)}"


def _scheduled(data: Json, names: Names, kind: str) -> str:
    verb = "withdrawn" if data.get("action") == ScheduledAction.WITHDRAW else "published"
    when = moment_of(data.get("instant", ""))
    zone = f" (meant in {data['zone']})" if data.get("zone") not in (None, "", "UTC") else ""
    if data.get("cancelled"):
        return f"The schedule was cancelled: it will not be {verb} on {when}{zone}."
    return f"Scheduled to be {verb} on {when}{zone}.{_withdrawal(data, names)}"


def _published(data: Json, names: Names, kind: str) -> str:
    what = "" if kind == SubjectKind.ARTICLE else f" of the {label(SubjectKind, kind).lower()}"
    urgent = " in an emergency" if data.get("emergency") else ""
    at = f" at “{data['filing']['slug']}”" if _slug(data) else ""
    why = f" Reason: {data['emergency']['reason']}." if _says(data.get("emergency"), "reason") else ""
    return f"Edition {data.get('edition', '?')}{what} was published{urgent}: readers get it from now on{at}.{why}"


def _reaffirmed(data: Json, names: Names, kind: str) -> str:
    edition = f"Edition {data['edition']}" if data.get("edition") else "The current edition"
    completed = " This completed its signatures." if data.get("completes") else ""
    return f"{edition} was re-affirmed: the same text was reviewed and signed again.{completed}"


def _refiled(data: Json, names: Names, kind: str) -> str:
    if _slug(data):
        topics = ", ".join(topic.get("name", "") for topic in data["filing"].get("topics") or [])
        return f"Refiled: readers find it at “{data['filing']['slug']}”{f', under {topics}' if topics else ''}."
    shown = [_component(row, names) for row in data.get("components") or [] if isinstance(row, dict)]
    beside = f" Beside it stand: {'; '.join(shown)}." if shown else ""
    return f"Brought up to date with what stands beside it, or with the clock.{beside}"


def _withdrawn(data: Json, names: Names, kind: str) -> str:
    what = "Withheld from readers for now" if data.get("temporary") else "Withdrawn from readers"
    return f"{what}.{_withdrawal(data, names)}"


def _noticed(data: Json, names: Names, kind: str) -> str:
    words = f": “{data['text']}”" if data.get("text") else "."
    return f"A safety notice was put above it{words}{_signed_by(data)}"


def _lifted(data: Json, names: Names, kind: str) -> str:
    return f"The notice above it was lifted.{_why(data)}"


def _source(data: Json, names: Names, kind: str) -> str:
    title = next((str(data[key]) for key in ("source title", "source_title", "title") if data.get(key)), "")
    was = f"; it was {label(SourceStatus, data['was']).lower()}" if data.get("was") else ""
    named = f"The source “{title}”" if title else "A source"
    return f"{named} is now {label(SourceStatus, data.get('status')).lower() or 'of another status'}{was}.{_why(data)}"


def _policy(data: Json, names: Names, kind: str) -> str:
    before, after = data.get("before"), data.get("after")
    is_person = kind == SubjectKind.PERSON
    what = "What a person signs with" if is_person else "A policy"
    thing = "login" if data.get("login") else "person" if is_person else "policy"
    name = f"The {thing} “{data['name']}”" if data.get("name") else what
    is_given = isinstance(after, dict) and "password" in after  # of a login; what it was is nowhere kept
    if not isinstance(before, dict) or not (before or is_given):
        return f"{name} was made."
    if not isinstance(after, dict) or not after:
        return f"{name} was deleted."
    keys = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
    changed = [_changed(key, before, after) for key in keys]
    return f"{name} was changed: {'; '.join(changed) or 'nothing that can be told'}."


def _changed(key: str, before: Json, after: Json) -> str:
    if key == "password":
        return f"password {after[key]}"
    return f"{_plain(key)} from {_value(before.get(key))} to {_value(after.get(key))}"


def _refused(data: Json, names: Names, kind: str) -> str:
    return f"Refused, and not done: {data.get('detail') or data.get('code') or 'the reason was not kept'}"


def _erased(data: Json, names: Names, kind: str) -> str:
    what = label(DocumentKind, data.get("kind")).lower() or "document"
    return f"A signed text ({what}) was erased by law; its digest stays: {data.get('digest', '')}.{_why(data)}"


SENTENCES: dict[str, Callable[[Json, Names, str], str]] = {
    EventKind.SUBMITTED.value: _submitted,
    EventKind.SIGNED.value: _signed,
    EventKind.VOIDED.value: _voided,
    EventKind.SCHEDULED.value: _scheduled,
    EventKind.PUBLISHED.value: _published,
    EventKind.REAFFIRMED.value: _reaffirmed,
    EventKind.REFILED.value: _refiled,
    EventKind.WITHDRAWN.value: _withdrawn,
    EventKind.NOTICED.value: _noticed,
    EventKind.NOTICE_LIFTED.value: _lifted,
    EventKind.SOURCE_STATUS.value: _source,
    EventKind.POLICY_CHANGED.value: _policy,
    EventKind.REFUSED.value: _refused,
    EventKind.ERASED.value: _erased,
}


def _withdrawal(data: Json, names: Names) -> str:
    """Reason, explanation and replacement, each where it is said."""
    said = f" Reason: {label(WithdrawReason, data['reason']).lower()}." if data.get("reason") else ""
    said += f" Readers are told: “{data['explanation']}”" if data.get("explanation") else ""
    instead = data.get("replacement")
    return said + (f" They are sent to {names.get(str(instead), f'article {instead}')} instead." if instead else "")


def _why(data: Json) -> str:
    return f" Reason: {data['reason']}" if data.get("reason") else ""


def _signed_by(data: Json) -> str:
    return f" It rests on sign-off {data['signoff']}." if data.get("signoff") else ""


def _component(row: Json, names: Names) -> str:
    kind = label(vocabulary.SubjectKind, row.get("kind")).lower()
    name = names.get(str(row.get("id")), "")
    return f"{kind}{f' “{name}”' if name else ''}, edition {row.get('edition', '?')}"


def _slug(data: Json) -> str:
    filing = data.get("filing")
    return str(filing.get("slug") or "") if isinstance(filing, dict) else ""


def _says(value: Any, key: str) -> bool:
    return isinstance(value, dict) and bool(value.get(key))


def _plain(key: str) -> str:
    return str(key).replace("_", " ")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return str(value) if value not in (None, "") else "nothing"

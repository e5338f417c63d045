"""A table of sentences in plain English, one for each kind of event. Pure.

Used by the ledger report, an article's timeline and the evidence pack. A sentence is made of phrases. A phrase is left
out if the line lacks one of its values, so that lines from other versions of Vetted also have a sentence.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from string import Formatter
from typing import Any, Protocol

from articles.record.vocabulary import (
    DocumentKind,
    EventKind,
    KeyCheck,
    Method,
    Role,
    ScheduledAction,
    Scope,
    SourceDecision,
    SourceStatus,
    SubjectKind,
    WithdrawReason,
)

Json = dict[str, Any]
Names = Mapping[str, str]
SYSTEM = "Vetted (automatic)"

SENTENCES: dict[str, tuple[str, ...]] = {
    EventKind.IMPORTED: ("Imported as a draft", " from {address}", "."),
    EventKind.SUBMITTED: ("Submitted for review.",),
    EventKind.SIGNED: ("Signed the {part}", " as {role}", ": {scope}", "; {method}", "."),
    EventKind.VOIDED: (
        "Sign-off {signoff}",
        " of {name}",
        " on the {part}",
        " was voided: it no longer counts.",
        " Reason: {reason}",
    ),
    EventKind.SCHEDULED: (
        "Scheduled to be {action} on {instant}",
        " (entered in {zone} time)",
        ".",
        " Reason: {withdrawal}.",
        " Readers will see: “{explanation}”",
        " They will be referred to {replacement} instead.",
    ),
    EventKind.PUBLISHED: ("Edition {edition}", " of the {component}", " was published", " at “{slug}”", "."),
    EventKind.REAFFIRMED: ("Edition {edition} was reviewed and signed again, unchanged.", "{completed}"),
    EventKind.REFILED: (
        "The published article was updated, because something that it shows or its review status changed.",
        " Shown with it now: {components}.",
    ),
    EventKind.WITHDRAWN: (
        "Withdrawn from readers.",
        " Reason: {withdrawal}.",
        " Readers see: “{explanation}”",
        " This explanation was signed with sign-off {signoff}.",
        " They are referred to {replacement} instead.",
    ),
    EventKind.RETURNED: ("Edition {edition} was published again, unchanged, after it had been withdrawn.",),
    EventKind.COMPONENT_WITHDRAWN: (
        "Withdrawn: readers no longer see it.",
        " Reason: {withdrawal}.",
        " Explanation: “{explanation}”",
    ),
    EventKind.NOTICED: ("A safety notice was added", ": “{text}”", ".", " It was signed with sign-off {signoff}."),
    EventKind.NOTICE_CONFIRMED: ("A second person confirmed the safety notice.",),
    EventKind.NOTICE_LIFTED: ("The safety notice was lifted.", " Reason: {reason}"),
    EventKind.SOURCE_STATUS: (
        "The source",
        " “{title}”",
        " now has the status “{status}”",
        " (it was “{was}”)",
        ".",
        " The notice is {notice}.",
        " {said_by} says so.",
        " Reason: {reason}",
    ),
    EventKind.SOURCE_DECIDED: (
        "Decided about the source “{title}”",
        " (“{status}”)",
        ": {decision}.",
        " Reason: {reason}",
    ),
    EventKind.POLICY_CHANGED: ("{changed}",),
    EventKind.PERSON_CHANGED: ("{changed}",),
    EventKind.ROLE_CONFIRMED: (
        "The signing details of “{name}” were confirmed.",
        " A superuser confirmed them. {superuser}",
    ),
    EventKind.KEY_ENROLLED: (
        "A passkey was enrolled",
        " for {name}",
        ", who was checked {check}",
        ".",
        " A superuser confirmed it. {superuser}",
    ),
    EventKind.KEY_ISSUED: ("A key card was issued", " for {name}", "."),
    EventKind.KEY_REVOKED: (
        "A signing key was revoked",
        " for {name}",
        ", from {since} on",
        ".",
        " Reason: {reason}",
    ),
    EventKind.KEY_ROTATED: ("The organisation's key is {key} from now on.",),
    EventKind.REFUSED: ("Refused: {detail}",),
    EventKind.ERASED: (
        "A signed text",
        " ({document})",
        " was erased by law.",
        " Its digest stays: {digest}.",
        " Reason: {reason}",
    ),
}
# Sentences that replace those above if the line's data have this member.
VARIANTS: dict[tuple[str, str], tuple[str, ...]] = {
    (EventKind.SIGNED, "returns"): ("Signed that the article may return unchanged", " as {role}", "; {method}", "."),
    (EventKind.SCHEDULED, "cancelled"): (
        "The schedule was cancelled: the article will not be {action} on {instant}",
        " (entered in {zone} time)",
        ".",
    ),
    (EventKind.PUBLISHED, "emergency"): (
        "Edition {edition} was published in an emergency",
        " at “{slug}”",
        ".",
        " Reason: {urgency}",
    ),
    (EventKind.REFILED, "filing"): ("Refiled: the article is now at “{slug}”", ", under {topics}", "."),
    (EventKind.WITHDRAWN, "temporary"): ("Temporarily withheld from readers.", " Reason: {withdrawal}."),
}


class Line(Protocol):
    """The attributes of an event that a sentence needs."""

    @property
    def kind(self) -> str: ...
    @property
    def subject_kind(self) -> str: ...
    @property
    def data(self) -> Any: ...


def sentence(line: Line, names: Names | None = None) -> str:
    """What happened, without the actor and the time. `names`: {id or digest: title, name or text}."""
    data = line.data if isinstance(line.data, dict) else {}
    kind = str(line.kind)
    varied = (phrases for (of, member), phrases in VARIANTS.items() if of == kind and data.get(member))
    phrases = next(varied, SENTENCES.get(kind, ()))
    words = {key: value for key, value in _words(data, names or {}, str(line.subject_kind)).items() if value}
    if not phrases or not _names_in(phrases[0]) <= words.keys():
        return f"{kind_in_words(kind)}."
    return one_line("".join(phrase.format(**words) for phrase in phrases if _names_in(phrase) <= words.keys()))


def one_line(text: str) -> str:
    return " ".join(text.split())


def kind_in_words(kind: str) -> str:
    return label(EventKind, kind)


def label(choices: Any, value: Any) -> str:
    """The label of a value of a closed list, or the value itself if the list does not have it."""
    return str(choices(value).label) if value in choices.values else str(value or "")


def moment(at: datetime) -> str:
    """23 November 2026, 08:17:49 UTC."""
    return f"{at.astimezone(UTC):%-d %B %Y, %H:%M:%S} UTC"


def actor_name(actor: Any) -> str:
    """The name of the actor as copied into the ledger. Lines without a name were written by Vetted itself."""
    return str((actor.get("name") if isinstance(actor, dict) else "") or SYSTEM)


def _names_in(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def _words(data: Json, names: Names, subject_kind: str) -> dict[str, str]:
    """All values that phrases may use; "" for those that the line does not have."""
    filing, emergency = _object(data.get("filing")), _object(data.get("emergency"))
    copied = (
        *("superuser", "signoff", "name", "key", "since", "reason", "explanation", "edition", "title"),
        *("digest", "address", "notice"),
    )
    replacement = str(data.get("replacement") or "")
    beside = [_component(row, names) for row in _rows(data.get("components"))]
    return {key: str(data.get(key) or "") for key in copied} | {
        "text": names.get(str(data.get("digest")), ""),
        "part": label(DocumentKind, data.get("part")).lower(),
        "role": label(Role, data.get("role")).lower(),
        "scope": label(Scope, data.get("scope")).lower(),
        "action": "withdrawn" if data.get("action") == ScheduledAction.WITHDRAW else "published",
        "instant": _moment_of(data.get("instant")),
        "since": _moment_of(data.get("since")),
        "check": label(KeyCheck, data.get("check")).lower(),
        "method": label(Method, data.get("method")).lower(),
        "zone": str(data.get("zone") or "").replace("UTC", ""),
        "withdrawal": label(WithdrawReason, data.get("reason")).lower(),
        "replacement": names.get(replacement, replacement and f"article {replacement}"),
        "component": "" if subject_kind == SubjectKind.ARTICLE else label(SubjectKind, subject_kind).lower(),
        "completed": " It now has all required signatures." if data.get("completes") else "",
        "components": "; ".join(beside),
        "slug": str(filing.get("slug") or ""),
        "topics": ", ".join(str(topic.get("name") or "") for topic in _rows(filing.get("topics"))),
        "urgency": str(emergency.get("reason") or ""),
        "status": label(SourceStatus, data.get("status")),
        "was": label(SourceStatus, data.get("was")),
        "said_by": {"crossref": "Crossref", "pubmed": "PubMed"}.get(str(data.get("said_by")), ""),
        "decision": label(SourceDecision, data.get("decision")).lower(),
        "detail": str(data.get("detail") or data.get("code") or ""),
        "document": label(DocumentKind, data.get("kind")).lower(),
        "changed": _changed(data, subject_kind),
    }


def _changed(data: Json, subject_kind: str) -> str:
    """The sentence on a changed policy, person or login: {name, login?, before, after}."""
    if "before" not in data and "after" not in data:
        return ""
    before, after = _object(data.get("before")), _object(data.get("after"))
    thing = "login" if data.get("login") else "person" if subject_kind == SubjectKind.PERSON else "policy"
    name = f"The {thing} “{data['name']}”" if data.get("name") else f"A {thing}"
    if not before:
        return f"{name} was created."
    if not after:
        return f"{name} was deleted."
    keys = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key) and key != "login"]
    said = [f"{key.replace('_', ' ')} from {_value(before.get(key))} to {_value(after.get(key))}" for key in keys]
    return f"{name} was changed: {'; '.join(said)}.{_handed_over(data)}"


def _handed_over(data: Json) -> str:
    """“ Dr Second took over 3 signatures and 1 schedule.” for each person; "" if nothing was handed over."""
    said = []
    for row in _rows(data.get("handed_over")):
        counts = [(len(row.get(name) or ()), name[:-1]) for name in ("signatures", "schedules", "articles")]
        what = ", ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in counts if count)
        to = _object(row.get("to")).get("name")
        said.append(f" {to} took over {what}." if to else f" Unassigned: {what}.")
    return "".join(said)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return str(value) if value not in (None, "") else "nothing"


def _component(row: Json, names: Names) -> str:
    name = names.get(str(row.get("id")))
    said = label(SubjectKind, row.get("kind")).lower()
    return f"{said} “{name}”, edition {row.get('edition')}" if name else f"{said}, edition {row.get('edition')}"


def _moment_of(text: Any) -> str:
    """An instant of the ledger in words, or the text itself if it is not an instant."""
    try:
        return moment(datetime.fromisoformat(text))
    except (TypeError, ValueError):
        return str(text or "")


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _rows(value: Any) -> list[Json]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []

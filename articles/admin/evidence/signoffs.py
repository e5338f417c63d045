"""Sign-offs of a pack, for programs and in words. Designed after 21 CFR 11.50: printed name, time and meaning."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from articles.record.events import columns_of
from articles.record.ledger.sentences import actor_name, indented, label, moment
from articles.record.models import Event, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, Role, Scope
from articles.review.signing.checklist import ITEMS, VERSION

Json = dict[str, Any]
SENTENCES = {item.id: item.sentence for item in ITEMS}


@dataclass(frozen=True)
class Given:
    """A sign-off with what it is for, and the line that voided it, if one did."""

    row: SignOff
    why: str
    void: Event | None

    @property
    def name(self) -> str:
        return ", ".join(filter(None, [self.row.name, self.row.credentials]))

    @property
    def signed_at(self) -> str:
        return moment(self.row.signed_at)

    @property
    def what(self) -> str:
        return f"{label(DocumentKind, self.row.part)}, for {self.why}"

    @property
    def role(self) -> str:
        return label(Role, self.row.role)

    @property
    def scope(self) -> str:
        return label(Scope, self.row.scope)

    @property
    def voided(self) -> str:
        if self.void is None:
            return ""
        return f"Voided on {moment(self.void.at)} by {actor_name(self.void.actor)}: {self.void.data.get('reason', '')}"

    @property
    def checklist(self) -> list[str]:
        return list(checklist_lines(self.row.checklist))


def given_of(rows: Iterable[tuple[SignOff, str]]) -> list[Given]:
    rows = list(rows)
    subjects = {row.subject for row, _ in rows}
    lines = Event.objects.filter(subject__in=subjects, kind=EventKind.VOIDED)
    voids = {line.data.get("signoff"): line for line in lines}
    return [Given(row, why, voids.get(row.pk)) for row, why in rows]


def as_json(given: Given) -> Json:
    """`columns` are what line `number` of the ledger seals."""
    void = given.void
    said = {"number": void.number, "at": moment(void.at), "reason": void.data.get("reason", "")} if void else None
    return {"number": given.row.event, "for": given.why, "voided": said, "columns": columns_of(given.row)}


def in_words(given: Given) -> str:
    row = given.row
    pairs = {
        "Signed": given.what,
        "Role": given.role,
        "Name": given.name,
        "Specialty": row.specialty,
        "Registration": row.registration,
        "Credentials valid until": f"{row.valid_until:%-d %B %Y}" if row.valid_until else "",
        "Date and time": given.signed_at,
        "Meaning": row.meaning,
        "Scope": given.scope,
        "Authenticated by": row.method,
        "What readers are told of the change": row.change.get("note", "") if isinstance(row.change, dict) else "",
        "Digest": row.digest,
        "VOIDED": given.voided,
    }
    head = f"SIGN-OFF {row.event} (ledger {row.event})"
    said = [f"{name}: {indented(value)}" for name, value in pairs.items() if value]
    ticked = (
        ["Checklist:", *(f"  - {indented(line)}" for line in given.checklist)]
        if given.checklist
        else ["Checklist: none was kept."]
    )
    return "\n".join([head, *said, *ticked]) + "\n"


def checklist_lines(checklist: Any) -> Iterator[str]:
    """Each point with its answer; in the words of today's checklist where it is that version."""
    if not isinstance(checklist, dict) or not checklist:
        return
    version = checklist.get("version", "")
    known = SENTENCES if version == VERSION else {}
    yield f"version {version}" if version else "without a version"
    for key, decision in (checklist.get("decided") or {}).items():
        detail = f" ({decision['detail']})" if decision.get("detail") else ""
        yield f"{known.get(key, key)} Decided by Vetted: {_plain(decision.get('verdict'))}{detail}"
    for key, answer in (checklist.get("answers") or {}).items():
        yield f"{known.get(key, key)} Reviewer: {_plain(answer)}"


def _plain(value: Any) -> str:
    return str(value or "").replace("-", " ")

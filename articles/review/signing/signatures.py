"""Which signatures count for a text as it is now, and which it still lacks.

A signature is bound to (subject, part, digest, role). It counts if it was given after the latest edition and the
latest withdrawal, for the note to readers that stands there now; or if its digest is that part's in the current
edition, which rests on it or came before it. A voided one never does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from articles.errors import Erased, NotSignedOff
from articles.record.compare.differences import changed_places
from articles.record.models import Document, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, Role
from articles.review.contributions.contributions import people_on_byline
from articles.review.logins import logins_of, with_other_logins
from articles.review.review import MEDICAL, Subject
from articles.review.signing.expired import lapsed


@dataclass(frozen=True)
class Missing:
    """`count` signatures of `role` are still needed on `part`, of clinicians of `specialty` where one is named."""

    part: str
    role: str
    count: int
    specialty: str = ""

    def __str__(self) -> str:
        number = "" if self.count == 1 else f"{self.count} × "
        special = f" ({self.specialty})" if self.specialty else ""
        return f"{number}{role_label(self.role)}{special} on the {part_label(self.part)}"


def counting(subject: Subject, part: str) -> list[SignOff]:
    """The sign-offs that count for the part as it is now, oldest first, the latest of each person by any login.

    Whoever stands on the byline now vouches for nothing of it; nor does, until it is in force, a signature of who
    may not give it any more.
    """
    digest = subject.documents[part].digest
    rows = list(SignOff.objects.filter(subject=subject.id, part=part, digest=digest).order_by("event"))
    people = people_on_byline(subject) if rows else set()
    authors = logins_of(people, links=subject.links) if people else set()
    barred = voided(subject) | {row.pk for row in rows if row.user in authors or row.person in people}
    counted = [row for row in rows if row.pk not in barred and _counts(row, subject)]
    lost = lapsed(row for row in counted if not _is_in_force(row, subject))
    return latest_of_each([row for row in counted if row.pk not in lost], subject)


def latest_of_each(rows: list[SignOff], subject: Subject) -> list[SignOff]:
    """Of each person the last of these, which are in order; two logins of one person are no two people."""
    if len({row.user for row in rows}) < 2:
        return rows[-1:]
    kept: list[SignOff] = []
    for row in rows:
        own = with_other_logins({row.user}, links=subject.links)
        kept = [*(other for other in kept if other.user not in own), row]
    return kept


def missing(subject: Subject, given: Mapping[str, list[SignOff]] | None = None) -> list[Missing]:
    """What the policies ask for and is not there, editors first. `given`: {part: sign-offs that count}, if known."""
    found = [
        Missing(part, lack.role, lack.count, lack.specialty)
        for part, rules in subject.rules.items()
        for lack in rules.lacking(given[part] if given else counting(subject, part))
    ]
    return sorted(found, key=lambda item: Role.values.index(item.role))


def parts_to_sign(subject: Subject, role: str) -> list[str]:
    """Parts that still lack a signature of this role."""
    return list(dict.fromkeys(item.part for item in missing(subject) if item.role == role))


def require(subject: Subject) -> list[SignOff]:
    """The sign-offs that a publication rests on. Raises NotSignedOff with what is missing and what changed."""
    given = {part: counting(subject, part) for part in subject.documents}
    if lacking := missing(subject, given):
        raise NotSignedOff(
            f"Still to sign: {'; '.join(map(str, lacking))}.",
            missing=[str(item) for item in lacking],
            changed=changed_since_signing(subject),
        )
    _require_bytes(subject)
    return [row for rows in given.values() for row in rows]


def require_in_emergency(subject: Subject) -> list[SignOff]:
    """The sign-offs that an emergency rests on: a clinician's on each part that lacks one. Raises NotSignedOff."""
    given = {part: counting(subject, part) for part in subject.documents}
    for part in dict.fromkeys([*(item.part for item in missing(subject, given)), MEDICAL]):
        if not any(row.role == Role.MEDICAL for row in given[part]):
            raise NotSignedOff(f"In an emergency too a clinician signs the {part_label(part)}.")
    _require_bytes(subject)
    return [row for rows in given.values() for row in rows]


def voided(subject: Subject) -> set[int]:
    """Keys of the sign-offs that never count again."""
    return {event.data["signoff"] for event in subject.history.events if event.kind == EventKind.VOIDED}


def changed_since_signing(subject: Subject) -> list[str]:
    """Places that differ from what was last signed, in words."""
    changed: list[str] = []
    for part, document in subject.documents.items():
        last = SignOff.objects.filter(subject=subject.id, part=part).order_by("-event").first()
        if last and last.digest != document.digest:
            signed = Document.objects.filter(digest=last.digest).first()
            if signed and signed.content:
                changed += changed_places(json.loads(bytes(signed.content)), document.value)
    return changed


def lock_documents(subject: Subject) -> list[tuple[str, Any]]:
    """[(kind, bytes)]. Before the ledger's counter and in one order, so that nobody waits in a circle."""
    rows = Document.objects.select_for_update().filter(digest__in=subject.digests.values()).order_by("digest")
    return list(rows.values_list("kind", "content"))


def part_label(part: str) -> str:
    """In words, whatever somebody posted as a part."""
    return str(DocumentKind(part).label).lower() if part in DocumentKind.values else f"part “{part[:32]}”"


def role_label(role: str) -> str:
    return str(Role(role).label).lower() if role in Role.values else f"role “{role[:32]}”"


def _require_bytes(subject: Subject) -> None:
    """Locked until the transaction ends, so that none is erased while it is being published."""
    for kind, content in lock_documents(subject):
        if not content:
            raise Erased(f"The {part_label(kind)}")


def _counts(row: SignOff, subject: Subject) -> bool:
    """Given for this edition to be, and for what readers will be told of it; or in force."""
    latest = max(subject.base.event if subject.base else 0, subject.withdrawn)
    return (row.event > latest and (row.change == subject.change or subject.is_current)) or _is_in_force(row, subject)


def _is_in_force(row: SignOff, subject: Subject) -> bool:
    base = subject.base
    if base is None or not subject.is_in_force or base.digests.get(row.part) != row.digest:
        return False
    return row.pk in base.signoffs or row.event > base.event

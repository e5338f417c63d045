"""The organisation's key says who holds which key: set it, issue cards, revoke, rotate. `manage.py keys` calls these.

A card is a compact JWS in the shape of a W3C credential. Each act is an event; the event of a card holds the card.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from articles.authoring.people import Person
from articles.errors import DomainError
from articles.publishing.proof.private_keys import SigningKey
from articles.record import events
from articles.record.delivery import projection
from articles.record.events import instant
from articles.record.keys import cards, proofs
from articles.record.keys.cards import DELIVERY, ORGANISATION, PERSON
from articles.record.models import Event, KeyCard, KeyRevocation
from articles.record.site import this_site
from articles.record.vocabulary import EventKind, Role, SubjectKind
from articles.review.passkeys.models import Passkey

Json = dict[str, Any]
CONTEXT = "https://www.w3.org/ns/credentials/v2"
CARD, ROTATION = "vc+jwt", "vetted-rotation+jwt"
LONGEST = timedelta(days=400)  # a year, and time to renew
ROLES = (Role.MEDICAL, Role.LEGAL, Role.COMMERCIAL)


class NotIssued(DomainError):
    code = "not-issued"
    title = "The card was not issued."


def current() -> KeyCard | None:
    """The organisation's key in force."""
    return KeyCard.objects.filter(holder=ORGANISATION).order_by("event").last()


def establish(
    key: SigningKey, *, actor: Mapping[str, Any], before: SigningKey | None = None, lost: bool = False
) -> Event:
    """Set the organisation's key. `before` is the one until now, which signs the new one; `lost` if it cannot.

    Raises NotIssued if there is a key already that neither signs nor is lost, or if it is this one.
    """
    last = current()
    if last and last.key == key.id:
        raise NotIssued("This is the organisation's key already.")
    if last and not lost and (before is None or before.id != last.key):
        raise NotIssued(
            f"The key in force is {last.key}: it must sign the new one. If it was lost, say so with --lost."
        )
    said = {"key": key.id, "spki": key.spki, "before": last.key if last else "", "at": instant(timezone.now())}
    card = before.sign({"log": this_site().api_url} | said, typ=ROTATION) if last and before and not lost else ""
    data = {"key": key.id, "spki": key.spki, "before": said["before"], "card": card}
    return _append(EventKind.KEY_ROTATED, key.id, data, actor=actor)


def issue_to_person(
    person: Person, spki: str, alg: str, *, by: SigningKey, actor: Mapping[str, Any], until: date | None = None
) -> Event:
    """A card for a person's key, with what a second lead confirmed. Raises NotIssued for who signs in no role."""
    now = timezone.now()
    roles = [role.value for role in ROLES if person.may_sign(role, on=now.date())]
    if not roles:
        raise NotIssued(
            f"{person.name} signs in no role today: roles and dates must be confirmed by a second lead first."
        )
    last = min(filter(None, [person.valid_until, until, (now + LONGEST).date()]))
    subject = {
        "id": f"urn:uuid:{person.person_id}",
        "name": person.name,
        "credentials": person.credentials,
        "registration": person.registration,
        "roles": roles,
    }
    return _issue(PERSON, person.person_id, subject, spki, alg, last, by=by, actor=actor, name=person.name)


def issue_to_delivery(spki: str, *, by: SigningKey, actor: Mapping[str, Any], until: date | None = None) -> Event:
    """A card for the key that signs heads and states."""
    last = min(filter(None, [until, (timezone.now() + LONGEST).date()]))
    subject = {"id": this_site().api_url, "name": "Delivery", "roles": [DELIVERY]}
    return _issue(
        DELIVERY, _uuid(cards.key_id(spki)), subject, spki, cards.ALGORITHM, last, by=by, actor=actor, name="delivery"
    )


def issue_enrolled(*, by: SigningKey, actor: Mapping[str, Any]) -> tuple[list[Event], list[str]]:
    """Cards for all keys that people enrolled and that have none, nor are revoked. Returns (events, refusals)."""
    done, refused = list[Event](), list[str]()
    known = set(KeyCard.objects.values_list("key", flat=True)) | set(
        KeyRevocation.objects.values_list("key", flat=True)
    )
    for line in Event.objects.filter(kind=EventKind.KEY_ENROLLED).order_by("number"):
        spki = line.data["spki"]
        if cards.key_id(spki) in known:
            continue
        try:
            person = Person.objects.get(person_id=line.subject)
            done.append(issue_to_person(person, spki, cards.NAMES[line.data["alg"]], by=by, actor=actor))
        except (Person.DoesNotExist, NotIssued) as error:
            refused.append(f"{line.data['name']}: {error}")
    return done, refused


def revoke(key: str, *, since: datetime, reason: str, actor: Mapping[str, Any]) -> Event:
    """Nothing that the key signs from `since` on counts. Raises NotIssued for a key without a card and for the
    organisation's own, which is rotated."""
    row = KeyCard.objects.filter(key=key).order_by("event").last()
    if row is None:
        raise NotIssued(f"No card was issued for the key {key}. `manage.py keys list` names them.")
    if row.holder == ORGANISATION:
        raise NotIssued("The organisation's key is not revoked but rotated: `manage.py keys rotate`.")
    if Passkey.objects.filter(spki=cards.decoded(row.spki)).exists():
        raise NotIssued("This is a passkey. A medical lead revokes it in the admin, under *Passkeys*.")
    issued = Event.objects.get(number=row.event)
    data = {"key": key, "spki": row.spki, "since": instant(since), "reason": reason, "name": issued.data["name"]}
    return _append(EventKind.KEY_REVOKED, key, data, actor=actor, subject=issued)


def renew_all(*, by: SigningKey, actor: Mapping[str, Any]) -> tuple[list[Event], list[str]]:
    """New cards, by a new organisation's key, for all keys in force. Returns (events, refusals)."""
    done, refused = list[Event](), list[str]()
    for row in in_force():
        try:
            alg = (_payload(row) or {}).get("credentialSubject", {}).get("key", {}).get("alg", cards.ALGORITHM)
            if row.holder == DELIVERY:
                done.append(issue_to_delivery(row.spki, by=by, actor=actor))
            else:
                person = Person.objects.get(person_id=row.subject)
                done.append(issue_to_person(person, row.spki, alg, by=by, actor=actor))
        except (Person.DoesNotExist, NotIssued) as error:
            refused.append(f"{row.key}: {error}")
    return done, refused


def in_force() -> Iterable[KeyCard]:
    """The latest card of each key of delivery and people that is not revoked."""
    revoked = set(KeyRevocation.objects.values_list("key", flat=True))
    latest = {row.key: row for row in KeyCard.objects.exclude(holder=ORGANISATION).order_by("event")}
    return [row for row in latest.values() if row.key not in revoked]


def card_until(key: str, *, now: datetime) -> datetime | None:
    """When the latest card of this key of delivery ends; None if it is not in force."""
    row = KeyCard.objects.filter(key=key, holder=DELIVERY).order_by("event").last()
    said = None if row is None or KeyRevocation.objects.filter(key=key).exists() else _payload(row)
    if said is None:
        return None
    since, until = (datetime.fromisoformat(said[name]) for name in ("validFrom", "validUntil"))
    return until if since <= now < until else None


def _issue(
    holder: str,
    subject_id: UUID,
    subject: Json,
    spki: str,
    alg: str,
    last: date,
    *,
    by: SigningKey,
    actor: Mapping[str, Any],
    name: str,
) -> Event:
    force = current()
    if force is None or force.key != by.id:
        raise NotIssued(
            "Only the organisation's key in force issues cards. `manage.py keys init` or `keys rotate` sets it."
        )
    key, now = cards.key_id(spki), timezone.now()
    if KeyRevocation.objects.filter(key=key).exists():
        raise NotIssued(f"The key {key} was revoked. Use another.")
    if last < now.date():
        raise NotIssued(f"The card would end on {last}, which is past.")
    value = {
        "@context": [CONTEXT],
        "type": ["VerifiableCredential", "KeyCard"],
        "issuer": this_site().public_url,
        "validFrom": instant(now),
        "validUntil": instant(datetime.combine(last + timedelta(days=1), time(), tzinfo=UTC)),
        "credentialSubject": subject | {"key": {"id": key, "spki": spki, "alg": alg}},
    }
    data = {"key": key, "holder": holder, "spki": spki, "card": by.sign(value, typ=CARD), "name": name}
    kind = SubjectKind.PERSON if holder == PERSON else SubjectKind.KEY
    with transaction.atomic():
        line = events.append(
            EventKind.KEY_ISSUED, subject_kind=kind, subject=subject_id, actor=actor, data=data, at=now
        )
        projection.write_shared(line)
    return line


def _append(kind: str, key: str, data: Json, *, actor: Mapping[str, Any], subject: Event | None = None) -> Event:
    about = (subject.subject_kind, subject.subject) if subject else (SubjectKind.KEY, _uuid(key))
    with transaction.atomic():
        line = events.append(kind, subject_kind=about[0], subject=about[1], actor=actor, data=data)
        projection.write_shared(line)
    return line


def _uuid(key: str) -> UUID:
    """The id under which the ledger speaks of a key that is nobody's: the first 16 bytes of the key's id."""
    return UUID(bytes=cards.decoded(key)[:16])


def _payload(row: KeyCard) -> Json | None:
    issuers = KeyCard.objects.filter(holder=ORGANISATION).values_list("key", "spki")
    spki = dict(issuers).get(cards.signer_of(row.card))
    return proofs.verified(row.card, spki) if spki else None

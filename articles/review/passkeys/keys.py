"""The passkeys of people: who has which, and what leads and owners do about them. Each act has its ledger line.

A key signs once a medical lead who checked the person has confirmed it, and until it is revoked.
"""

from datetime import datetime

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone

from articles.errors import DomainError, Refused
from articles.record import events
from articles.record.delivery import projection
from articles.record.events import instant
from articles.record.keys.cards import encoded
from articles.record.models import Event
from articles.record.vocabulary import EventKind, KeyCheck, SubjectKind
from articles.review import logins, roles
from articles.review.passkeys.models import Passkey
from articles.review.policies import leads
from articles.review.policies.recorded import subject_of

LONGEST_NAME, LONGEST_REASON, MOST_KEYS = 64, 1000, 10
REMOVED = "The owner removed it."


class CannotEnroll(DomainError):
    """A passkey without a name, or one too many."""

    code = "cannot-enroll"
    title = "The passkey was not added."
    status = 422


class CannotConfirmKey(Refused):
    """The key is the lead's own, it was confirmed or revoked already, or nobody said how the person was checked."""

    code = "cannot-confirm-key"
    title = "The passkey was not confirmed."


class CannotRevokeKey(DomainError):
    """It is revoked already, or the instant or the reason is missing."""

    code = "cannot-revoke-key"
    title = "The passkey was not revoked."
    status = 422


def keys_of(user: User) -> list[Passkey]:
    """All of a person's keys, the revoked ones included; one query for each user object."""
    kept = user.__dict__.setdefault("_passkeys", None)
    if kept is None:
        kept = user.__dict__["_passkeys"] = list(Passkey.objects.filter(user_id=user.pk))
    return kept


def usable(user: User) -> list[Passkey]:
    """The keys with which this person can sign now."""
    return [key for key in keys_of(user) if key.is_usable]


def standing(user: User) -> list[Passkey]:
    """The keys that were not revoked, confirmed or not: with them, the person can add another one."""
    return [key for key in keys_of(user) if key.revoked_at is None]


def require_name(user: User, name: str) -> str:
    """The name without spaces around it. Raises CannotEnroll."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise CannotEnroll(f"Name the passkey after its device, in up to {LONGEST_NAME} characters: My phone.")
    if len(standing(user)) >= MOST_KEYS:
        raise CannotEnroll(f"You have {MOST_KEYS} passkeys. Remove one first.")
    return name.strip()


def add(key: Passkey, *, user: User, name: str) -> Passkey:
    """Keep a new key of this person. It signs once a lead has confirmed it. Raises CannotEnroll."""
    if Passkey.objects.filter(credential=key.credential).exists():
        raise CannotEnroll("This passkey is known already. Use another device, or remove it there first.")
    key.user_id, key.name = user.pk, require_name(user, name)
    key.save(force_insert=True)
    user.__dict__.pop("_passkeys", None)
    return key


@transaction.atomic
def confirm(key: Passkey, *, how: str, by: User) -> Event:
    """Confirm as a medical lead that the key is this person's: from now on it signs.

    `how`: the lead checked the person in person or by video. While there are fewer than two leads, a superuser may
    confirm, and the ledger line says so. Raises NotALead, CannotConfirmKey.
    """
    require_confirmation(key, by=by)
    key = Passkey.objects.select_for_update().select_related("user").get(pk=key.pk)
    if how not in KeyCheck.values:
        raise CannotConfirmKey("Say how you checked the person: in person, or by video.")
    if key.confirmed_at or key.revoked_at:
        raise CannotConfirmKey(f"This passkey was {'revoked' if key.revoked_at else 'confirmed'} already.")
    key.confirmed_at, key.confirmed_by, key.check_kind = timezone.now(), roles.signer(by).name, how
    key.save(update_fields=["confirmed_at", "confirmed_by", "check_kind"])
    said: dict[str, object] = {"check": how, "synced": key.is_synced}
    if not leads.is_lead(by):
        said["superuser"] = "There were fewer than two medical leads."
    return _append(EventKind.KEY_ENROLLED, key, by, said, at=key.confirmed_at)


def require_confirmation(key: Passkey, *, by: User) -> None:
    """Raises NotALead, CannotConfirmKey."""
    if not (by.is_superuser and by.is_active and not leads.are_enough()):
        leads.require_lead(by, "who signs with which passkey")
    people = [person.person_id for user in (key.user,) if (person := roles.person_of(user))]
    if logins.with_other_logins({by.pk}) & ({key.user_id} | logins.logins_of(people)):
        raise CannotConfirmKey("This passkey is your own. Ask another medical lead to confirm it.")


@transaction.atomic
def revoke(key: Passkey, *, since: datetime, reason: str, by: User) -> Event | None:
    """Revoke a key as a medical lead: it signs no more. Signatures from `since` on, an instant that is not in the
    future, were not the person's; those before stay.

    A key that nobody had confirmed has no line. Raises NotALead, CannotRevokeKey.
    """
    leads.require_lead(by, "who signs with which passkey")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise CannotRevokeKey(f"Give a reason of up to {LONGEST_REASON} characters. The ledger keeps it.")
    if since > timezone.now():
        raise CannotRevokeKey("Enter now or an earlier moment: the one at which the person lost the passkey.")
    return _revoke(key, since, reason.strip(), by)


@transaction.atomic
def remove(key: Passkey, *, by: User) -> Event | None:
    """Remove one's own key: it signs no more, and what it signed stays. Raises CannotRevokeKey."""
    if key.user_id != by.pk:
        raise CannotRevokeKey("This is not your passkey.")
    return _revoke(key, timezone.now(), REMOVED, by)


def _revoke(key: Passkey, since: datetime, reason: str, by: User) -> Event | None:
    key = Passkey.objects.select_for_update().select_related("user").get(pk=key.pk)
    if key.revoked_at:
        raise CannotRevokeKey("This passkey was revoked already.")
    key.revoked_at, key.revoked_from, key.reason = timezone.now(), since, reason
    key.save(update_fields=["revoked_at", "revoked_from", "reason"])
    by.__dict__.pop("_passkeys", None)
    if key.confirmed_at is None:
        return None
    said: dict[str, object] = {"reason": reason, "since": instant(since)}
    return _append(EventKind.KEY_REVOKED, key, by, said, at=key.revoked_at)


def _append(kind: str, key: Passkey, by: User, said: dict[str, object], *, at: datetime) -> Event:
    """{name, user, key, spki, alg, …}: whose key it is, and the key as everybody can check it."""
    data = {
        "name": roles.signer(key.user).name,
        "user": key.user_id,
        "key": key.credential,
        "spki": encoded(bytes(key.spki)),
        "alg": key.alg,
    }
    subject = subject_of(key.user_id)
    line = events.append(
        kind, subject_kind=SubjectKind.PERSON, subject=subject, actor=roles.actor(by), data=data | said, at=at
    )
    projection.write_shared(line)
    return line

"""`manage.py keys init|issue|revoke|rotate|list`: the organisation's key, and the cards that it signs."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.authoring.people import Person
from articles.errors import DomainError
from articles.publishing.proof import issuing
from articles.publishing.proof.private_keys import BEGINNING, delivery_key, make, organisation_key, read
from articles.record.keys import cards
from articles.record.models import Event, KeyCard, KeyRevocation
from articles.record.vocabulary import RevokeReason
from articles.review.roles import actor

FAILED, USAGE = 1, 2


class Command(BaseCommand):
    help = "Set the organisation's key, issue and revoke key cards. Exit: 0 done, 1 refused, 2 usage error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        added = {name: verbs.add_parser(name, help=text) for name, text in VERBS.items()}
        for name in ACTS:
            added[name].add_argument("--user", metavar="USERNAME", help="who decided; default: the system")
        issue, revoke, rotate = added["issue"], added["revoke"], added["rotate"]
        issue.add_argument("--person", type=UUID, metavar="ID", help="whose key it is; with --public-key")
        issue.add_argument("--public-key", type=Path, metavar="FILE", help="the person's public key, in PEM")
        issue.add_argument("--delivery", action="store_true", help="for DELIVERY_KEY instead of a person's key")
        issue.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="the card's last day")
        revoke.add_argument("key", metavar="KEY", help="its id, as in `keys list`")
        revoke.add_argument("--reason", required=True, choices=RevokeReason.values)
        revoke.add_argument("--since", metavar="INSTANT", help="from when on nothing counts; default: now")
        rotate.add_argument("--new", type=Path, metavar="FILE", required=True, help="the new key; made if missing")
        rotate.add_argument("--lost", action="store_true", help="the old key is lost, so it does not sign the new one")

    def handle(self, *args: Any, verb: str, user: str | None = None, **options: Any) -> None:
        by = get_user_model().objects.filter(username=user).first() if user else None
        if user and by is None:
            raise CommandError(f"There is no user {user}. Check the username.", returncode=USAGE)
        run: dict[str, Callable[..., None]] = {name: getattr(self, name) for name in ACTS} | {"list": self.show}
        try:
            run[verb](actor=actor(by), **options)
        except DomainError as error:
            raise CommandError(error.detail, returncode=FAILED) from error

    def init(self, *, actor: dict, **options: Any) -> None:
        for given in (settings.ORGANISATION_KEY, settings.DELIVERY_KEY):
            if not given.startswith(BEGINNING) and not Path(given).exists():
                make(Path(given))
        key, delivery = organisation_key(), delivery_key()
        issuing.establish(key, actor=actor)
        self.stdout.write(f"organisation {key.id}")
        if delivery:
            self.say(issuing.issue_to_delivery(delivery.spki, by=key, actor=actor))
        self.stderr.write(
            "Publish the organisation's id elsewhere, and move its key to a safe place.", self.style.NOTICE
        )

    def issue(
        self,
        *,
        actor: dict,
        person: UUID | None,
        public_key: Path | None,
        delivery: bool,
        until: date | None,
        **options: Any,
    ) -> None:
        key = organisation_key()
        if delivery:
            found = delivery_key()
            if found is None:
                raise CommandError("There is no DELIVERY_KEY.", returncode=USAGE)
            self.say(issuing.issue_to_delivery(found.spki, by=key, actor=actor, until=until))
        elif person and public_key:
            holder = Person.objects.filter(person_id=person).first()
            if holder is None:
                raise CommandError(f"There is no person {person}.", returncode=USAGE)
            spki, alg = public(public_key)
            self.say(issuing.issue_to_person(holder, spki, alg, by=key, actor=actor, until=until))
        elif person or public_key:
            raise CommandError("--person and --public-key belong together.", returncode=USAGE)
        else:
            self.say_all(*issuing.issue_enrolled(by=key, actor=actor))

    def revoke(self, *, actor: dict, key: str, reason: str, since: str | None, **options: Any) -> None:
        self.say(issuing.revoke(key, since=moment(since), reason=reason, actor=actor))

    def rotate(self, *, actor: dict, new: Path, lost: bool, **options: Any) -> None:
        key = read(str(new), "the new key", "--new") if new.exists() else make(new)
        issuing.establish(key, actor=actor, before=None if lost else organisation_key(), lost=lost)
        self.stdout.write(f"organisation {key.id}")
        self.say_all(*issuing.renew_all(by=key, actor=actor))
        self.stderr.write(f"From now on ORGANISATION_KEY is {new}. Publish its id elsewhere.", self.style.NOTICE)

    def show(self, **options: Any) -> None:
        revoked = {row.key: row for row in KeyRevocation.objects.all()}
        for row in KeyCard.objects.order_by("event"):
            told = {"event": row.event, "key": row.key, "holder": row.holder, "subject": str(row.subject)}
            gone = revoked.get(row.key)
            self.stdout.write(
                json.dumps(told | {"revoked": {"since": gone.since, "reason": gone.reason} if gone else None})
            )

    def say(self, line: Event) -> None:
        self.stdout.write(f"{line.kind} {line.data['key']} {line.data['name']}: event {line.number}")

    def say_all(self, done: list[Event], refused: list[str]) -> None:
        for line in done:
            self.say(line)
        for text in refused:
            self.stderr.write(text)
        if refused:
            raise CommandError(f"{len(refused)} cards were not issued; the lines above say why.", returncode=FAILED)


ACTS = ("init", "issue", "revoke", "rotate")
VERBS = {
    "init": "make the organisation's and the delivery key where they are missing, and record them",
    "issue": "issue cards: to all enrolled keys, to one person's key, or to delivery",
    "revoke": "end a key from an instant on",
    "rotate": "set a new organisation's key, and issue all cards again",
    "list": "print all cards as lines of JSON",
}


def public(path: Path) -> tuple[str, str]:
    """(SPKI in base64url, algorithm) of a public key in PEM."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise CommandError(f"{path} holds no public key in PEM: {error}.", returncode=USAGE) from error
    form = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    match key:
        case Ed25519PublicKey():
            return cards.encoded(form), cards.ALGORITHM
        case EllipticCurvePublicKey() if isinstance(key.curve, SECP256R1):
            return cards.encoded(form), "ES256"
        case RSAPublicKey():
            return cards.encoded(form), "RS256"
    raise CommandError(f"{path}: the key is none of Ed25519, P-256 and RSA.", returncode=USAGE)


def moment(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        found = datetime.fromisoformat(text) if re.search(r"(Z|[+-]\d\d:\d\d)$", text) else None
    except ValueError:
        found = None
    if found is None:
        raise CommandError("--since is an instant with its zone, such as 2026-03-03T12:00:00Z.", returncode=USAGE)
    return found

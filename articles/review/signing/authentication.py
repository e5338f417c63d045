"""Authentication at signing: a passkey, or the password typed now, which is weaker.

A passkey signs the statement itself, in two steps through the same service. In the first (`ASK`) everything is checked
and the statement is made, and `ToSign` ends the transaction before anything is written. The second brings the answer:
the statement is made again, must be the same byte by byte, and is used up.

django-axes counts failed passwords here and at the login page together, by login and address. Its middleware answers
requests of a locked login, regardless of the view.
"""

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from axes.utils import reset
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest
from django.utils import timezone

from articles.addresses import address_of
from articles.errors import CannotSign, ContentChanged, NotAuthenticated
from articles.record.keys.cards import encoded
from articles.record.vocabulary import Method, Role
from articles.review import roles
from articles.review.passkeys import ceremony, keys
from articles.review.passkeys.models import Passkey
from articles.review.policies.rules import Rules

NONCE_BYTES = 16
WRONG = "The password is not right. Nothing was signed; type it again."
NO_PASSKEY = (
    "You have no passkey that can sign. Add one in your account, and ask a medical lead to confirm it. Nothing was "
    "signed."
)
NEEDS_PASSKEY = "The policy asks medical reviewers for a passkey, so your password is not enough. Nothing was signed."
Make = Callable[[datetime, str], str]  # a text from its time and its nonce


class ToSign(Exception):
    """The text that the person's passkey is asked to sign. `documents`: {digest: its canonical bytes}."""

    def __init__(self, text: str, documents: dict[str, str]) -> None:
        super().__init__("A passkey is asked.")
        self.text, self.documents = text, documents


@dataclass(frozen=True)
class Ask:
    """In place of a password: make the statement, which the passkey is then asked to sign."""


@dataclass(frozen=True)
class Answer:
    """In place of a password: what the browser answered, as JSON."""

    text: str


Given = str | Ask | Answer  # what a person gives to confirm an act: a password is a string
ASK = Ask()


@dataclass(frozen=True)
class Confirmation:
    """How a person confirmed an act. `kept`: the text that their `key` answered to; "" before, and with a password."""

    user: User
    method: str
    key: Passkey | None = None
    answer: dict[str, Any] | None = None
    kept: str = ""

    @property
    def is_question(self) -> bool:
        """Whether the person's passkey is still to be asked."""
        return self.method == Method.PASSKEY and self.answer is None

    @property
    def subject(self) -> UUID | None:
        """What a kept statement is about, for a text that is stored when it is signed (a safety notice)."""
        return UUID(json.loads(self.kept)["items"][0]["subject"]) if self.kept else None

    def prove(self, make: Make, documents: Callable[[], dict[str, str]] = dict) -> tuple[str, datetime, dict[str, Any]]:
        """(the text that was confirmed, its time, the proof). Runs in the transaction of the act.

        `make` makes the text; `documents`: the texts that it names, by digest. Raises ToSign if the passkey is to be
        asked, ContentChanged if the text is another than the one that was signed, NotAuthenticated.
        """
        if self.answer is None or self.key is None:
            at = timezone.now()
            text = make(at, encoded(secrets.token_bytes(NONCE_BYTES)))
            if self.is_question:
                raise ToSign(text, documents())
            return text, at, {}
        said = json.loads(self.kept)
        at = datetime.fromisoformat(said["at"])
        if make(at, said["nonce"]) != self.kept:
            raise ContentChanged(
                "What your passkey signed is not what would be signed now. Nothing was signed; read the page again, "
                "and sign it."
            )
        key = Passkey.objects.select_for_update().get(pk=self.key.pk)
        if key.revoked_at:
            raise NotAuthenticated(NO_PASSKEY)
        proof = ceremony.verify(key, self.answer, self.kept)
        ceremony.use_up(self.user, self.kept)
        key.save(update_fields=["sign_count", "is_backed_up", "used_at"])
        return self.kept, at, proof


def confirm(
    user: User, given: Given, *, request: HttpRequest | None = None, among: list[Passkey] | None = None
) -> Confirmation:
    """Authenticate the user. Source: 21 CFR 11.200(a)(1). `among`: the keys that count, by default the usable ones.

    Raises NotAuthenticated; then nothing may be signed. Do not call it inside a transaction, because a refusal would
    roll back the count of failures. Commands have no request, so their failures count without an address.
    """
    if not isinstance(given, str):
        return _by_passkey(user, given, keys.usable(user) if among is None else among)
    request = request or HttpRequest()
    found = authenticate(request, username=user.get_username(), password=given)
    if found is None or found.pk != user.pk:
        raise NotAuthenticated(WRONG)
    reset(username=user.get_username(), ip=address_of(request))
    return Confirmation(user, Method.PASSWORD.value)


def _by_passkey(user: User, given: Ask | Answer, among: list[Passkey]) -> Confirmation:
    if not among:
        raise NotAuthenticated(NO_PASSKEY)
    if isinstance(given, Ask):
        return Confirmation(user, Method.PASSKEY.value)
    answer = ceremony.read_answer(given.text)
    key = next((key for key in among if key.credential == answer.get("id")), None)
    if key is None:
        raise NotAuthenticated(
            "This passkey cannot sign for you: it is another person's, it was revoked, or no medical lead has "
            "confirmed it yet. Nothing was signed."
        )
    return Confirmation(user, Method.PASSKEY.value, key, answer, ceremony.find_kept(user, answer))


def password_refusal(user: User, role: str, policies: Iterable[Rules]) -> str:
    """Why the person's password is not enough to sign under these policies today; "" if it is."""
    person = roles.person_of(user)
    if person and person.password_until and timezone.now().date() > person.password_until:
        return (
            f"Your password counted until {person.password_until:%-d %B %Y}. Sign with a passkey. Nothing was signed."
        )
    needed = role == Role.MEDICAL and any(rules.needs_passkey for rules in policies)
    return NEEDS_PASSKEY if needed else ""


def require_enough(confirmation: Confirmation, role: str, policies: Iterable[Rules]) -> None:
    """Raises CannotSign if the person typed a password where it is not enough."""
    if confirmation.method == Method.PASSWORD and (said := password_refusal(confirmation.user, role, policies)):
        raise CannotSign(said)

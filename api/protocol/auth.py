"""API keys: who asks. Everything here is public; a key raises limits, and lets publishers see who keeps in sync.

The rule: a request that carries a key is answered only if that key works. It is never served as if it carried none.
"""

import hashlib
import re
import time
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from django.db import Error as DatabaseFailure
from django.http import HttpRequest
from django.utils import timezone

from api.protocol import database
from api.protocol.problems import Problem

HEADERS = ("HTTP_AUTHORIZATION", "HTTP_X_API_KEY")  # as WSGI names them
FORM = re.compile(r"vk_([a-z0-9]{8})_[A-Za-z0-9_-]{32}", re.ASCII)
VARY = "Authorization, X-Api-Key"
KEPT_S = 30  # how long a revoked key may still work
MOST_KEPT = 4096
NOBODYS = "0" * 64  # compared with where no key has the prefix, so that all refusals take as long
SYNC = "sync"
FOUND = "SELECT hash, scopes, expires_at, revoked_at FROM api_apikey WHERE prefix = %s"

_kept: dict[str, tuple[float, "Key | None"]] = {}


@dataclass(frozen=True, slots=True)
class Key:
    prefix: str
    hash: str
    scopes: tuple[str, ...]
    expires_at: datetime | None
    is_revoked: bool

    def works_at(self, now: datetime) -> bool:
        return not self.is_revoked and (self.expires_at is None or now < self.expires_at)


class Unauthenticated(Problem):
    """The same for a key that is unknown, expired or revoked."""

    def __init__(self) -> None:
        detail = "The API key does not work. Send one that does, or none: everything here is public."
        super().__init__("unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def key_of(request: HttpRequest) -> Key | None:
    """The key that the request carries; None if it carries none. Raises Unauthenticated if it does not work."""
    given = _given(request)
    if given is None:
        return None
    form = FORM.fullmatch(given)
    if form is None:
        raise Unauthenticated
    key = _find(form[1])
    is_same = compare_digest(digest(given), key.hash if key else NOBODYS)
    if key is None or not (is_same and key.works_at(timezone.now())):
        raise Unauthenticated
    return key


def working_key_of(request: HttpRequest) -> Key | None:
    """As `key_of`, but None if it does not work, or if the database cannot say: for counting, before the view asks."""
    try:
        return key_of(request)
    except (Unauthenticated, DatabaseFailure):
        return None


def digest(key: str) -> str:
    """A key has 192 random bits, so that a fast hash without salt is enough: nobody tries them all."""
    return hashlib.sha256(key.encode()).hexdigest()


def forget() -> None:
    """In this process, at once."""
    _kept.clear()


def _given(request: HttpRequest) -> str | None:
    """What stands in the headers; "", which is no key, where both name different ones or the scheme is another."""
    said, named = request.META.get(HEADERS[0]), request.META.get(HEADERS[1])
    if said is None and named is None:
        return None
    scheme, _, key = (said or "").partition(" ")
    bearer = key.strip(" ") if scheme.lower() == "bearer" else ""
    found = {text for text, is_given in ((bearer, said is not None), (named, named is not None)) if is_given}
    return found.pop() if len(found) == 1 else ""


def _find(prefix: str) -> Key | None:
    """By one query, kept for KEPT_S; that there is none is kept as well, so that asking again takes as long."""
    now = time.monotonic()
    kept = _kept.get(prefix)
    if kept and now < kept[0]:
        return kept[1]
    row = database.fetch_one(FOUND, (prefix,))
    key = _key(prefix, row) if row else None
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[prefix] = (now + KEPT_S, key)
    return key


def _key(prefix: str, row: database.Row) -> Key:
    digest, scopes, expires_at, revoked_at = row
    return Key(prefix, digest, tuple(scopes.split()), database.read_moment(expires_at), revoked_at is not None)

"""The caches in front of the API, and how each is told to drop every answer that carries one of some keys.

The settings name one in `PURGE`: {"BACKEND": its class, "OPTIONS": what the class takes}, made from the environment.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.module_loading import import_string


class NotPurged(Exception):
    """A cache may still hold what it was told to drop; the message says which one and why."""


class CacheInFront(Protocol):
    def purge(self, keys: Sequence[str], *, timeout_s: float) -> None:
        """Drop what carries one of the keys in `Surrogate-Key`. Raises NotPurged. May be done twice."""


def cache_in_front() -> CacheInFront:
    found: CacheInFront = import_string(settings.PURGE["BACKEND"])(**settings.PURGE["OPTIONS"])
    return found


class Varnish:
    """One or more, each with the configuration of docs/operators.md, which turns a BAN request into a ban."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = addresses  # host:port

    def purge(self, keys: Sequence[str], *, timeout_s: float) -> None:
        """All at once, so that one that is down delays no other."""

        def failure(address: str) -> str:
            return _failure(f"http://{address}", "BAN", "/", {"X-Purge-Keys": " ".join(keys)}, timeout_s)

        with ThreadPoolExecutor(len(self.addresses)) as pool:
            _require_none(pool.map(failure, self.addresses))


class Fastly:
    """A service of Fastly, whose API purges up to 256 keys by one request."""

    def __init__(self, service: str, token: str) -> None:
        self.service, self.token = service, token

    def purge(self, keys: Sequence[str], *, timeout_s: float) -> None:
        headers = {"Fastly-Key": self.token, "Surrogate-Key": " ".join(keys), "Accept": "application/json"}
        path = f"/service/{quote(self.service, safe='')}/purge"
        _require_none([_failure(settings.FASTLY_API, "POST", path, headers, timeout_s)])


def _failure(base: str, method: str, path: str, headers: Mapping[str, str], timeout_s: float) -> str:
    """Why the request did not succeed; "" if it did. `timeout_s` limits the wait for each step of the exchange."""
    where = urlsplit(base)
    kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
    connection = kind(where.hostname or "", where.port, timeout=timeout_s)
    try:
        connection.request(method, path, headers=dict(headers))
        answer = connection.getresponse()
    except (OSError, HTTPException) as error:
        return f"{where.netloc}: {type(error).__name__}: {error}"
    finally:
        connection.close()
    return "" if answer.status == 200 else f"{where.netloc} answered {answer.status} {answer.reason}"


def _require_none(failures: Iterable[str]) -> None:
    if said := "; ".join(filter(None, failures)):
        raise NotPurged(said)

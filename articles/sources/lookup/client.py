"""Asks Crossref and PubMed over HTTP, one request at a time for each host, and trusts nothing of the answer.

Settings: LOOKUP = {"CROSSREF_URL": …, "PUBMED_URL": …, "PMC_URL": …, "CONTACT": …, "TIMEOUT_S": …, "SPACING_S": …}.
Source: Crossref REST API, *Etiquette*; NCBI E-utilities, *Usage guidelines* (three requests a second).
"""

import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings

from articles.sources.lookup.errors import CouldNotAsk, LookupsOff, NoSuchRecord, NotUnderstood

MOST_BYTES = 2 * 1024 * 1024
MOST_REDIRECTS = 2
CHUNK_BYTES = 64 * 1024
LONGEST_PAUSE_S = 300.0

_hosts = threading.Lock()
_gates: dict[str, "_Gate"] = {}


class _Gate:
    """Lets one request of this process through to a host, and the next one not before `free_at` (monotonic seconds)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free_at = 0.0


def is_on(service: str) -> bool:
    """Whether this installation asks the service: its address and a contact are set."""
    return bool(settings.LOOKUP[f"{service}_URL"] and settings.LOOKUP["CONTACT"])


def is_any_on() -> bool:
    return is_on("CROSSREF") or is_on("PUBMED")


def ask(service: str, path: str, query: Mapping[str, str], *, who: str, types: tuple[str, ...]) -> bytes:
    """The body of the answer, of at most `MOST_BYTES`. `service`: CROSSREF, PUBMED or PMC; `types`: what it may be.

    Raises LookupsOff, CouldNotAsk, NoSuchRecord (404), NotUnderstood.
    """
    if not is_on(service):
        raise LookupsOff
    address = f"{settings.LOOKUP[f'{service}_URL'].rstrip('/')}/{path}"
    address = f"{address}?{urlencode(query)}" if query else address
    with _hosts:
        gate = _gates.setdefault(urlsplit(address).netloc, _Gate())
    deadline = time.monotonic() + settings.LOOKUP["TIMEOUT_S"]
    if not gate.lock.acquire(timeout=settings.LOOKUP["TIMEOUT_S"]):
        raise CouldNotAsk(who, "others are asking it")
    try:
        return _asked(gate, address, who, types, deadline)
    except (OSError, HTTPException, ValueError) as error:
        raise CouldNotAsk(who, f"{type(error).__name__}") from error
    finally:
        gate.lock.release()


def _asked(gate: _Gate, address: str, who: str, types: tuple[str, ...], deadline: float) -> bytes:
    for _ in range(MOST_REDIRECTS + 1):
        _wait(gate, who, deadline)
        connection = _connection(address, deadline)
        try:
            answer = _request(connection, address)
            if 300 <= answer.status < 400:
                address = _next(address, answer, who)
                continue
            _require_answer(gate, answer, who)
            return _body(connection, answer, who, types, deadline)
        finally:
            gate.free_at = max(gate.free_at, time.monotonic() + settings.LOOKUP["SPACING_S"])
            connection.close()
    raise NotUnderstood(who, "it redirects again and again")


def _wait(gate: _Gate, who: str, deadline: float) -> None:
    wait_s = gate.free_at - time.monotonic()
    if wait_s > max(0.0, deadline - time.monotonic()):
        raise CouldNotAsk(who, "it asked us to wait")
    time.sleep(max(0.0, wait_s))


def _connection(address: str, deadline: float) -> HTTPConnection:
    where = urlsplit(address)
    kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
    return kind(where.hostname or "", where.port, timeout=max(0.1, deadline - time.monotonic()))


def _request(connection: HTTPConnection, address: str) -> HTTPResponse:
    where, contact = urlsplit(address), settings.LOOKUP["CONTACT"]
    headers = {"User-Agent": f"Vetted/1 (mailto:{contact})", "Accept-Encoding": "identity"}
    connection.request("GET", f"{where.path}?{where.query}" if where.query else where.path, headers=headers)
    return connection.getresponse()


def _next(address: str, answer: HTTPResponse, who: str) -> str:
    """Where a redirect leads. Raises NotUnderstood if that is another host."""
    target = urljoin(address, answer.headers.get("Location", ""))
    if urlsplit(target)[:2] != urlsplit(address)[:2]:
        raise NotUnderstood(who, "it redirects to another host")
    return target


def _require_answer(gate: _Gate, answer: HTTPResponse, who: str) -> None:
    if answer.status == 404:
        raise NoSuchRecord("what you pasted")
    if answer.status in (429, 503):
        given = answer.headers.get("Retry-After", "")
        pause_s = float(given) if given.isdecimal() and len(given) < 6 else 5.0
        gate.free_at = time.monotonic() + min(pause_s, LONGEST_PAUSE_S)
    if answer.status != 200:
        raise CouldNotAsk(who, f"it answered {answer.status}")


def _body(connection: HTTPConnection, answer: HTTPResponse, who: str, types: tuple[str, ...], deadline: float) -> bytes:
    if answer.headers.get_content_type() not in types:
        raise NotUnderstood(who, f"it is {answer.headers.get_content_type()}")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise NotUnderstood(who, "it is compressed")
    body = bytearray()
    while chunk := answer.read1(CHUNK_BYTES):
        body += chunk
        if len(body) > MOST_BYTES:
            raise NotUnderstood(who, "it is larger than 2 MB")
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise CouldNotAsk(who, "it was too slow")
        if connection.sock:
            connection.sock.settimeout(left_s)
    if answer.length:
        raise CouldNotAsk(who, "the answer broke off")
    return bytes(body)

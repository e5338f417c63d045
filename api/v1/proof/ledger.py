"""`ledger/head/`, `ledger/proof/{event}/`, `ledger/consistency/`: that the record only grows, for those who keep heads.

Of an event the log tells its number and a hash; of what readers saw also what it did (articles.record.tree.leaves).
"""

import base64
import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import database
from api.protocol.caching import Caching, Representation, respond
from api.protocol.parameters import Parameter, documented, read
from api.protocol.problems import InvalidParameter, NotFound, Unavailable
from api.protocol.views import DeliveryView
from api.v1.answers import CACHED, PATH_EVENT, PLAIN_PROBLEMS, RESOURCE_PROBLEMS
from api.v1.schemas.proof import ConsistencySerializer, HeadSerializer, ProofSerializer
from articles.record.delivery.compose import encode
from articles.record.events import instant
from articles.record.models import Event
from articles.record.site import this_site
from articles.record.tree import hashes, tiles
from articles.record.tree.leaves import entry_of
from articles.record.tree.proving import inclusion

Json = dict[str, Any]
LARGEST = 2**53 - 1
HEAD = "SELECT size, root, at, signed, stamp FROM record_treehead ORDER BY size DESC LIMIT 1"
STAMPED = "SELECT size, root, at, signed, stamp FROM record_treehead WHERE LENGTH(stamp) > 0 ORDER BY size DESC LIMIT 1"
TILES = "SELECT level, position, hashes FROM record_treetile WHERE {}"
LINE = "SELECT kind, subject_kind, subject, at, data, salt, hash FROM record_event WHERE number = %s"


class Head(NamedTuple):
    """What the worker wrote last: TreeHead."""

    size: int
    root: str
    at: datetime | None
    signed: str
    stamp: bytes


NONE = Head(0, hashes.EMPTY.hex(), None, "", b"")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= LARGEST:
        raise ValueError("It must be a number of events: 1, 2, 3 …")
    return int(text)


COUNT = {"type": "integer", "minimum": 1, "maximum": LARGEST}
SIZE = Parameter("size", "The tree to prove it in; by default that of `ledger/head/`.", read=_number, schema=COUNT)
FROM = Parameter("from", "The size of the earlier head.", read=_number, schema=COUNT, is_required=True)
TO = Parameter("to", "The size of the later head; by default that of `ledger/head/`.", read=_number, schema=COUNT)


class LedgerHead(DeliveryView):
    @extend_schema(
        operation_id="ledger_head",
        summary="How far the ledger goes",
        parameters=CACHED,
        responses={200: HeadSerializer} | PLAIN_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """The root of a tree over all events (RFC 9162). Keep it: whoever rewrites the record later cannot prove that
        the new head continues yours."""
        read(request, ())
        stamped = database.fetch(STAMPED, ())
        return _answer(request, described(_head()) | {"stamped": _stamped(_read(stamped[0])) if stamped else None})


class LedgerProof(DeliveryView):
    @extend_schema(
        operation_id="ledger_proof",
        summary="That an event is in the ledger",
        parameters=[PATH_EVENT, *documented((SIZE,)), *CACHED],
        responses={200: ProofSerializer} | RESOURCE_PROBLEMS,
    )
    def get(self, request: HttpRequest, event: str) -> HttpResponse:
        """The leaf, and the hashes from there up to the root. `entry` is what the leaf says: the number and a hash of
        the line; of an act that readers saw also what it did."""
        size = _reached(read(request, (SIZE,))["size"])
        try:
            number = _number(event)
        except ValueError as error:
            raise NotFound("Events have numbers: 1, 2, 3 …") from error
        if number > size:
            raise NotFound(f"The log has {size} events.")
        kept = _tiles(number - 1, size)
        entry = _entry(number)
        return _answer(request, proof(entry, size, kept))


class LedgerConsistency(DeliveryView):
    @extend_schema(
        operation_id="ledger_consistency",
        summary="That one head continues another",
        parameters=[*documented((FROM, TO)), *CACHED],
        responses={200: ConsistencySerializer} | RESOURCE_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Two roots, and the hashes that lead from the first to the second: nothing before the first was changed."""
        asked = read(request, (FROM, TO))
        first, second = asked["from"], _reached(asked["to"])
        if first > second:
            raise InvalidParameter("from", "value", f"from must be at most {second}, the size of the later head.")
        kept = _tiles(first - 1, first, second)
        return _answer(request, consistency(first, second, kept))


def described(head: Head) -> Json:
    return {
        "log": this_site().api_url,
        "size": head.size,
        "root": head.root,
        "at": instant(head.at) if head.at else None,
        "signed": head.signed or None,
    }


def proof(entry: Json, size: int, kept: tiles.Tiles) -> Json:
    root = hashes.root(size, tiles.node_in(kept)).hex()
    return {"event": entry["number"], "size": size, "root": root} | inclusion(entry, size, kept)


def consistency(first: int, second: int, kept: tiles.Tiles) -> Json:
    node = tiles.node_in(kept)
    return {
        "from": {"size": first, "root": hashes.root(first, node).hex()},
        "to": {"size": second, "root": hashes.root(second, node).hex()},
        "path": [step.hex() for step in hashes.consistency(first, second, node)],
    }


def _head() -> Head:
    row = database.fetch_one(HEAD, ())
    return _read(row) if row else NONE


def _read(row: database.Row) -> Head:
    size, root, at, signed, stamp = row
    return Head(size, root, database.read_instant(at), signed, bytes(stamp))


def _stamped(head: Head) -> Json:
    return described(head) | {"stamp": base64.b64encode(head.stamp).decode()}


def _reached(size: int | None) -> int:
    """The size asked for, or that of the head. Raises NotFound beyond the head."""
    last = _head().size
    if size is not None and size > last:
        raise NotFound(f"The log has {last} events.")
    return size or last


def _tiles(*near: int) -> tiles.Tiles:
    keys = tiles.keys_near(*near)
    where = " OR ".join(["(level = %s AND position = %s)"] * len(keys))
    rows = database.fetch(TILES.format(where), [number for key in keys for number in key])
    if not rows:
        raise Unavailable("The log is being written; try again in a moment.")
    return {tiles.Key(level, position): bytes(content) for level, position, content in rows}


def _entry(number: int) -> Json:
    row = database.fetch_one(LINE, (number,))
    if row is None:
        raise NotFound("There is no such event.")
    kind, subject_kind, subject, at, data, salt, own = row
    return entry_of(
        Event(
            number=number,
            kind=kind,
            subject_kind=subject_kind,
            subject=UUID(database.read_uuid(subject)),
            at=database.read_instant(at),
            data=json.loads(data) if isinstance(data, str | bytes) else data,
            salt=salt,
            hash=own,
        )
    )


def _answer(request: HttpRequest, value: Json) -> HttpResponse:
    shown = Representation(encode(value), caching=Caching(surrogate_keys=("ledger",)))
    return respond(request, shown, now=timezone.now())

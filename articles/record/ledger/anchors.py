"""Heads of the ledger kept elsewhere: JSON lines, each with the hash of the line before.

    {"number": 812, "hash": "9f…", "at": "2026-11-23T08:17:49.000000Z", "root": "c2…", "previous": "<line before>"}

`previous` is the SHA-256 of the line before, `root` that of the log over the first `number` events
(articles.record.tree). Answers of the API's `ledger/head/` may be lines of such a file, too: of them `size` and `root`
are compared.

Anchors reveal what the ledger's own chain cannot: a cut tail, a rewritten history, a database restored from an old
copy. The chain of the anchors reveals a line that was altered, inserted or removed in the middle. It cannot reveal a
file that was rewritten completely or cut at its end, so the file must be stored where the database's writers cannot
write. Lines without `previous` (heads recorded by hand) may come first; they are compared with the ledger, too.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from articles.record.events import instant
from articles.record.ledger.finding import UNREADABLE, Finding
from articles.record.models import Event, TreeHead
from articles.record.tree import growth
from articles.record.tree.hashes import EMPTY

FIRST = "0" * 64
Json = dict[str, Any]


@dataclass(frozen=True)
class Anchor:
    """A line of the file; `fault` says why the line is not a valid anchor."""

    line: int
    number: int = 0
    hash: str = ""
    at: str = ""
    root: str = ""
    previous: str | None = None
    fault: str = ""


def head() -> Json:
    """{number, hash, at} of the last ledger line; `at` is null if the ledger is empty."""
    last = Event.objects.order_by("-number").first()
    if last is None:
        return {"number": 0, "hash": FIRST, "at": None}
    return {"number": last.number, "hash": last.hash, "at": instant(last.at)}


def log_head(*, now: datetime) -> Json:
    """`head` with the `root` of the log there, and the head as the delivery key `signed` it, "" without one."""
    growth.grow(now=now)
    found = head()
    signed = TreeHead.objects.filter(size=found["number"]).values_list("signed", flat=True).first()
    return found | {"root": growth.root_at(found["number"]) or EMPTY.hex(), "signed": signed or ""}


def check_file(content: bytes) -> list[Finding]:
    """The findings on the anchors themselves, and on their agreement with the ledger."""
    lines = content.split(b"\n")
    lines = lines[:-1] if lines[-1] == b"" else lines
    anchors = [parse(line, place) for place, line in enumerate(lines, start=1)]
    return [*_check_links(anchors, lines), *_check_against(anchors)]


def append(path: Path) -> tuple[Json | None, list[Finding]]:
    """Add the head as a line, unless it is the last one already. Returns (line or None, findings).

    If there are findings, nothing was written.
    """
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        content = file.read()
        if findings := check_file(content):
            return None, findings
        lines, now = content.splitlines(), log_head(now=timezone.now())
        if lines and parse(lines[-1], len(lines)).number == now["number"]:
            return None, []
        line = now | {"previous": hashlib.sha256(lines[-1]).hexdigest() if lines else FIRST}
        os.write(file.fileno(), json.dumps(line).encode() + b"\n")  # O_APPEND, one call: the whole line or none
        os.fsync(file.fileno())
    return line, []


def parse(line: bytes, place: int) -> Anchor:
    try:
        value = json.loads(line)
        if "size" in value:
            value = {"number": value["size"], "hash": "", "at": "", "root": value["root"]}
        number, mark, at, previous = value["number"], value["hash"], value["at"], value.get("previous")
        root = value.get("root", "")
        if not (isinstance(number, int) and all(isinstance(text, str) for text in (mark, at, root, previous or ""))):
            raise TypeError("number is not an integer, or hash, at, root or previous is not a string")
    except (*UNREADABLE, RecursionError) as error:
        return Anchor(place, fault=f"The line is not an anchor ({type(error).__name__}: {error}).")
    return Anchor(place, number, mark, at, root, previous)


def _check_links(anchors: list[Anchor], lines: list[bytes]) -> Iterator[Finding]:
    is_chained, before = False, Anchor(0)
    for anchor in anchors:
        place = f"anchor in line {anchor.line}"
        wanted = hashlib.sha256(lines[anchor.line - 2]).hexdigest() if anchor.line > 1 else FIRST
        if anchor.fault:
            yield Finding("anchor_unreadable", place, anchor.fault)
        elif (is_chained or anchor.previous) and anchor.previous != wanted:
            yield Finding("anchor_chain_broken", place, "The previous line was changed, inserted or removed.")
        elif anchor.number < before.number:
            yield Finding("anchor_order", place, f"It refers to event {anchor.number} after event {before.number}.")
        is_chained = is_chained or anchor.previous is not None
        before = anchor if not anchor.fault else before


def _check_against(anchors: list[Anchor]) -> Iterator[Finding]:
    growth.grow(now=timezone.now())
    last, named = head()["number"], [anchor.number for anchor in anchors if not anchor.fault]
    rows = Event.objects.filter(number__in=named).values_list("number", "hash", "at")
    events = {number: (mark, instant(at)) for number, mark, at in rows}
    for anchor in anchors:
        place = f"anchor in line {anchor.line}"
        if anchor.fault:
            continue
        if anchor.number > last:
            yield Finding(
                "anchor_ahead",
                place,
                f"It refers to event {anchor.number}, but the ledger ends at {last}: the tail was cut, an old database "
                "was restored, or the anchor is forged.",
            )
        elif anchor.hash and events.get(anchor.number) != (anchor.hash, anchor.at):
            yield Finding(
                "anchor_not_in_ledger",
                place,
                f"Event {anchor.number} of the ledger differs: the history was rewritten, or the anchor is forged.",
            )
        elif anchor.root and anchor.root != growth.root_at(anchor.number):
            yield Finding(
                "anchor_not_in_log",
                place,
                f"The log over the first {anchor.number} events has another root: the history was rewritten, or the "
                "anchor is forged.",
            )

"""Heads of the ledger kept elsewhere: JSON lines, each with the hash of the line before.

    {"number": 812, "hash": "9f…", "at": "2026-11-23T08:17:49.000000Z", "previous": "<SHA-256 of the line before>"}

They show what no chain can: a cut tail, a history written anew, a database set back. The lines' own chain shows one
that was altered, put in or taken out of the middle. It cannot show a file that was written anew as a whole or cut at
its end; for that the file has to lie where whoever writes the database cannot write. Lines without `previous`
(heads noted by hand) may come first, and are compared with the ledger all the same.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.record.events import instant
from articles.record.ledger.finding import UNREADABLE, Finding
from articles.record.models import Event

FIRST = "0" * 64
Json = dict[str, Any]


@dataclass(frozen=True)
class Anchor:
    """A line of the file; `fault` says why it is none."""

    line: int
    number: int = 0
    hash: str = ""
    at: str = ""
    previous: str | None = None
    fault: str = ""


def head() -> Json:
    """{number, hash, at} of the last line of the ledger; at is null where there is none."""
    last = Event.objects.order_by("-number").first()
    if last is None:
        return {"number": 0, "hash": FIRST, "at": None}
    return {"number": last.number, "hash": last.hash, "at": instant(last.at)}


def check_file(content: bytes) -> list[Finding]:
    """What is wrong with the anchors themselves and against the ledger."""
    lines = content.split(b"\n")
    lines = lines[:-1] if lines[-1] == b"" else lines
    anchors = [parse(line, place) for place, line in enumerate(lines, start=1)]
    return [*_check_links(anchors, lines), *_check_against(anchors)]


def append(path: Path) -> tuple[Json | None, list[Finding]]:
    """Add the head as a line; nothing where it is the last one already. Findings mean that nothing was written."""
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        content = file.read()
        if findings := check_file(content):
            return None, findings
        lines, now = content.splitlines(), head()
        if lines and json.loads(lines[-1])["number"] == now["number"]:
            return None, []
        line = now | {"previous": hashlib.sha256(lines[-1]).hexdigest() if lines else FIRST}
        os.write(file.fileno(), json.dumps(line).encode() + b"\n")  # O_APPEND, one call: the whole line or none
        os.fsync(file.fileno())
    return line, []


def parse(line: bytes, place: int) -> Anchor:
    try:
        value = json.loads(line)
        number, mark, at, previous = value["number"], value["hash"], value["at"], value.get("previous")
        if not (isinstance(number, int) and all(isinstance(text, str) for text in (mark, at, previous or ""))):
            raise TypeError("number is no integer, or hash, at or previous no text")
    except (*UNREADABLE, RecursionError) as error:
        return Anchor(place, fault=f"The line is no anchor ({type(error).__name__}: {error}).")
    return Anchor(place, number, mark, at, previous)


def _check_links(anchors: list[Anchor], lines: list[bytes]) -> Iterator[Finding]:
    is_chained, before = False, Anchor(0)
    for anchor in anchors:
        place = f"anchor in line {anchor.line}"
        wanted = hashlib.sha256(lines[anchor.line - 2]).hexdigest() if anchor.line > 1 else FIRST
        if anchor.fault:
            yield Finding("anchor_unreadable", place, anchor.fault)
        elif (is_chained or anchor.previous) and anchor.previous != wanted:
            yield Finding("anchor_chain_broken", place, "The line before was changed, put in or taken out of the file.")
        elif anchor.number < before.number:
            yield Finding("anchor_order", place, f"It names event {anchor.number} after event {before.number}.")
        is_chained = is_chained or anchor.previous is not None
        before = anchor if not anchor.fault else before


def _check_against(anchors: list[Anchor]) -> Iterator[Finding]:
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
                f"It names event {anchor.number}, and the ledger ends at {last}: the tail was cut, an old database "
                "was restored, or the anchor is forged.",
            )
        elif events.get(anchor.number) != (anchor.hash, anchor.at):
            yield Finding(
                "anchor_not_in_ledger",
                place,
                f"Event {anchor.number} of the ledger is another: the history was rewritten, or the anchor is forged.",
            )

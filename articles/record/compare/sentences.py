"""A difference, cut into sentences, so that what changed alike in many texts is read once. Pure.

Only unchanged text is cut, so every changed word is in one of the pieces.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.record.compare.differences import BREAK, Change, Run, lines_of

END = re.compile(r"(?<=[.!?…])[\"'”’)]*(?=\s+[\"'“‘(]?[A-ZÀ-Þ¿¡0-9])")
STOP = re.compile(r"[.!?…][\"'”’)]*(?=\s)")


@dataclass(frozen=True)
class Told:
    """One difference in its sentence, and where it is. Two with the same `key` say the same of any text."""

    key: str
    kind: str
    runs: tuple[Run, ...]
    place: str
    section: str


def told(part: str, change: Change) -> list[Told]:
    """The differences of one change of the part, in their order. A sentence that is not changed is left out."""
    sentences = list(_changed(change.runs)) if change.kind == "changed" else [change.runs]
    return [Told(_key(part, change, runs), change.kind, runs, change.place, change.section) for runs in sentences]


def _changed(runs: tuple[Run, ...]) -> Iterator[tuple[Run, ...]]:
    for line in lines_of(runs):
        for sentence in _sentences(_tight(line)):
            if any(run.op != "same" for run in sentence):
                yield _without_space_before(sentence)


def _without_space_before(sentence: tuple[Run, ...]) -> tuple[Run, ...]:
    first, *rest = sentence
    text = first.text.lstrip()
    return (Run(first.op, text), *rest) if text else sentence


def _tight(line: list[Run]) -> list[Run]:
    """The same changes, so that a sentence that was added or removed stands by itself: the full stop before it is
    unchanged."""
    found: list[Run] = []
    for run in line:
        last = found[-1] if found else BREAK
        if (last.op, run.op) == ("removed", "added"):
            start = _common(last.text, run.text)
            found[-1:] = [Run("same", start), Run("removed", last.text[len(start) :])]
            run = Run("added", run.text[len(start) :])
        elif (
            last.op != "same" and run.op == "same" and (stop := STOP.match(last.text)) and run.text.startswith(stop[0])
        ):
            found[-1:] = [Run("same", stop[0]), Run(last.op, last.text[stop.end() :] + stop[0])]
            run = Run("same", run.text[stop.end() :])
        found.append(run)
    return [run for run in found if run.text]


def _common(one: str, other: str) -> str:
    length = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]


def _sentences(line: list[Run]) -> Iterator[tuple[Run, ...]]:
    """Cut where both versions end a sentence: the space before the next one belongs to it."""
    text, is_same = "".join(run.text for run in line), [run.op == "same" for run in line for _ in run.text]
    cuts = [found.end() for found in END.finditer(text) if all(is_same[found.start() - 1 : found.end()])]
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        yield tuple(_between(line, start, end))


def _between(line: list[Run], start: int, end: int) -> Iterator[Run]:
    at = 0
    for run in line:
        if text := run.text[max(0, start - at) : max(0, end - at)]:
            yield Run(run.op, text)
        at += len(run.text)


def _key(part: str, change: Change, runs: tuple[Run, ...]) -> str:
    said = [part, change.kind, [[run.op, run.text] for run in runs], change.unsaid]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]

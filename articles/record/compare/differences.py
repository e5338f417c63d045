"""The differences between two documents, block by block, with marked words. Pure; reads the signed JSON alone.

Used by the sign-off page, by refusals that name what changed, and for differences between editions.
Citations are compared by their sources, so a renumbered reference is not a difference. All other differences yield a
Change, in words if possible.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby

from articles.record.compare.alignment import in_place, partners
from articles.record.compare.citations import by_source, canonical_value, names_of_works
from articles.record.compare.pieces import Line, Piece, pieces_of
from articles.record.compare.text import TOKEN
from articles.record.compare.values import Json, Names

# Words, since marking them takes quadratic time: of a longer line, and of lines with more of them in one place,
# the old ones and the new ones are shown as a whole.
MANY = 8_000
MANY_IN_ONE_PLACE = 30_000
MOST_PAIRS = 250_000  # of an old and a new word: repetitive text takes cubic time


@dataclass(frozen=True)
class Run:
    """A stretch of text: `same`, `added` or `removed`."""

    op: str
    text: str


@dataclass(frozen=True)
class Change:
    """One place that differs. `kind`: added, removed, changed or moved; `section` is the id of its block, or "".

    `runs` are lines, each with its break: paragraphs, items of lists, facts. `key`: equal exactly if the same field or
    section changed from the same content to the same content. `is_told`: the runs say all that differs; else a picture,
    a source or the target of a link is another, which no words tell apart for certain.
    """

    place: str
    kind: str
    runs: tuple[Run, ...]
    section: str = ""
    key: str = ""
    is_told: bool = True

    @property
    def excerpt(self) -> tuple[Run, ...]:
        """The runs without unchanged lines, which are replaced by an ellipsis."""
        if self.kind == "moved":
            return self.runs
        lines = _lines(self.runs)
        told = [line if any(run.op != "same" for run in line) else None for line in lines]
        return tuple(run for line in _without_gaps(told) for run in line)


EMPTY = ("null", '""', "[]", "{}")
Mark = Callable[[Sequence[str], Sequence[str]], Iterator[Run]]
BREAK = Run("same", "\n")
MOVED = Run("added", "(Moved) ")
UNSEEN = Run("added", "(Something changed here that has no words of its own.)")
WORDLESS = "(Something without words.)"
MACHINES = re.compile(r"sha-256:[0-9a-f]+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")  # what machines are told


def differences(old: Json | None, new: Json, *, names: Names | None = None) -> list[Change]:
    """Every place that differs, in the order of the new document, removed ones last.

    `old` is None for a first version: everything is added. `names`: {id: name}.
    Raises NotRepresentable for values that no document can hold.
    """
    values = canonical_value(old or {}), canonical_value(new)
    named = names_of_works(*values) | _headings(*values) | dict(names or {})
    before, after = (pieces_of(by_source(value), named) for value in values)
    moved = _moved(list(before), list(after))
    found = [_change(before.get(key), piece, key in moved, is_first=old is None) for key, piece in after.items()]
    gone = [_whole(piece, "removed") for key, piece in before.items() if key not in after]
    return [change for change in [*found, *gone] if change]


def _headings(*documents: Json) -> dict[str, str]:
    """{id of a section: its heading}, for the links that lead to it."""
    sections = (section for document in documents for section in document.get("sections") or [])
    return {section["id"]: f"“{section['heading']}”" for section in sections if section.get("heading")}


def changed_places(old: Json, new: Json) -> list[str]:
    """The places alone, each once, in words: “Title”, “Risks: Side effects of tablets”."""
    return list(dict.fromkeys(change.place for change in differences(old, new)))


def mark_words(before: str, after: str) -> tuple[Run, ...]:
    """Both texts in one, word by word."""
    return _joined([list(_mark(TOKEN.findall(before), TOKEN.findall(after)))])


def _mark(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    if len(old) + len(new) > MANY:
        yield from _replace(old, new)
        return
    is_long = len(old) * len(new) > MOST_PAIRS  # then words that are everywhere are no beginnings of what is alike
    bare, others = ([word.rstrip() or word for word in words] for words in (old, new))
    matcher = SequenceMatcher(None, bare, others, autojunk=is_long)
    said = [pair for opcode in matcher.get_opcodes() for pair in _said(old, new, bare, opcode)]
    for is_same, stretch in groupby(said, key=lambda pair: pair[0] == "same"):
        told = list(stretch)
        yield from _runs(("same", _text("same", told))) if is_same else _replaced(told)


def _said(
    old: Sequence[str], new: Sequence[str], bare: Sequence[str], opcode: tuple[str, int, int, int, int]
) -> Iterator[tuple[str, str]]:
    """(op, text). A word that only the white space after it tells apart is the same word."""
    op, i1, i2, j1, j2 = opcode
    if op != "equal":
        yield from (("removed", "".join(old[i1:i2])), ("added", "".join(new[j1:j2])))
        return
    for before, after, word in zip(old[i1:i2], new[j1:j2], bare[i1:i2], strict=True):
        if before == after:
            yield "same", before
        else:
            yield from (("same", word), ("removed", before[len(word) :]), ("added", after[len(word) :]))


def _replaced(told: list[tuple[str, str]]) -> Iterator[Run]:
    """A space with which both end is not marked: what comes for a stop is a comma, and not a comma and a space."""
    removed, added = _text("removed", told), _text("added", told)
    space = " " if removed.endswith(" ") and added.endswith(" ") else ""
    return _runs(("removed", removed.removesuffix(space)), ("added", added.removesuffix(space)), ("same", space))


def _text(op: str, told: list[tuple[str, str]]) -> str:
    return "".join(text for each, text in told if each == op)


def _replace(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    if old == new:
        return _runs(("same", "".join(old)))
    return _runs(("removed", "".join(old)), ("added", "".join(new)))


def _runs(*said: tuple[str, str]) -> Iterator[Run]:
    return (Run(op, text) for op, text in said if text)


def _change(before: Piece | None, after: Piece, is_moved: bool, *, is_first: bool) -> Change | None:
    if before is None:
        is_silent = is_first and not _loud(after)
        return None if is_silent else _whole(after, "added")
    if before.raw != after.raw:
        runs = _joined(_compared(before, after, is_moved=is_moved))
        is_told = _is_told(runs) and MACHINES.findall(before.raw) == MACHINES.findall(after.raw)
        return Change(after.place, "changed", runs, after.section, _key("changed", before, after), is_told)
    if is_moved:
        return replace(_whole(after, "same"), kind="moved", is_told=False)
    return None


def _whole(piece: Piece, op: str) -> Change:
    """The whole text of a piece, or a placeholder if it is empty."""
    lines = [[Run(op, "".join(line.words))] for line in _loud(piece)]
    runs = _joined(lines or [[Run(op, "(No words.)")]])
    return Change(piece.place, op, runs, piece.section, _key(op, piece), _is_told(runs) and "sha-256" not in piece.raw)


def _is_told(runs: tuple[Run, ...]) -> bool:
    """Whether no placeholder stands for what has no words."""
    return not any(words in run.text for run in runs for words in (UNSEEN.text, WORDLESS))


def _key(kind: str, *pieces: Piece) -> str:
    """The id of a section is its own in each document, and says nothing."""
    said = [kind, *(text for piece in pieces for text in (piece.place, piece.raw.replace(piece.section or "\0", "")))]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def _loud(piece: Piece) -> list[Line]:
    return [line for line in piece.lines if line.words and not line.is_quiet]


def _compared(before: Piece, after: Piece, *, is_moved: bool) -> list[list[Run]]:
    """Lines of both in the order of the new one; a removed line keeps its place, before the line that replaces it."""
    pairs = partners(before.lines, after.lines)
    kept, gone = in_place(pairs), set(range(len(before.lines))) - set(pairs.values())
    rows: list[list[Run]] = [[MOVED]] if is_moved else []
    mark = _mark if _count(before, after, pairs) <= MANY_IN_ONE_PLACE else _replace
    here = there = 0
    for at in [*sorted(kept), len(after.lines)]:
        until = pairs.get(at, len(before.lines))
        rows += [_alone("removed", before.lines[index]) for index in range(there, until) if index in gone]
        for index in range(here, min(at + 1, len(after.lines))):
            partner = before.lines[pairs[index]] if index in pairs else None
            rows.append(_row(partner, after.lines[index], mark, is_moved=index in pairs and index not in kept))
        here, there = at + 1, until + 1
    told = [row for row in rows if row]
    return told if any(run.op != "same" for row in told for run in row) else [*told, [UNSEEN]]


def _count(before: Piece, after: Piece, pairs: dict[int, int]) -> int:
    """The number of words in changed lines."""
    both = [(before.lines[there], after.lines[here]) for here, there in pairs.items()]
    return sum(len(old.words) + len(new.words) for old, new in both if old.raw != new.raw)


def _alone(op: str, line: Line) -> list[Run]:
    """A line that the other version lacks. Empty fields show nothing; everything else shows at least a placeholder."""
    words = "".join(line.words) or ("" if line.raw in EMPTY else WORDLESS)
    return [Run(op, words)] if words else []


def _row(before: Line | None, after: Line, mark: Mark, *, is_moved: bool) -> list[Run]:
    """One line of the new version, compared with its partner. Quiet lines are shown only if they differ."""
    if before is None:
        return _alone("added", after)
    if before.raw == after.raw and after.is_quiet:
        return []
    runs = list(mark(before.words, after.words))
    if before.raw != after.raw and before.words == after.words:
        runs.append(UNSEEN)
    return [MOVED, *runs] if is_moved else runs


def _joined(rows: list[list[Run]]) -> tuple[Run, ...]:
    """Lines with breaks between them, neighbours of one kind as one run."""
    runs = [run for row in rows for run in [BREAK, *row]][1:]
    return tuple(Run(op, "".join(run.text for run in same)) for op, same in groupby(runs, key=lambda run: run.op))


def _moved(old: list[str], new: list[str]) -> set[str]:
    """The sections that moved: the smallest set that explains the new order."""
    places = {key: at for at, key in enumerate(old)}
    pairs = {at: places[key] for at, key in enumerate(new) if key in places and key.startswith("section ")}
    return {new[at] for at in set(pairs) - in_place(pairs)}


def _lines(runs: tuple[Run, ...]) -> list[list[Run]]:
    """Runs cut at line breaks, each line with its break."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        for part in run.text.splitlines(keepends=True):
            lines[-1].append(Run(run.op, part))
            if part.endswith("\n"):
                lines.append([])
    return [line for line in lines if line]


def _without_gaps(lines: list[list[Run] | None]) -> list[list[Run]]:
    """Each row of unchanged lines (None) becomes one ellipsis."""
    told: list[list[Run]] = []
    for line, before in zip(lines, [[], *lines], strict=False):
        if line is not None:
            told.append(line)
        elif before is not None:
            told.append([Run("same", "…\n")])
    return told

"""What differs between two documents, block by block, the words marked. Pure; reads the signed JSON alone.

Used by the sign-off page, by refusals that name what changed, and by whoever serves differences of editions.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles.record.wording import Json, Names, Piece, pieces_of

TOKEN = re.compile(r"\n|[^\S\n]+|(?:\w+|[^\w\s])[^\S\n]*")
MANY = 8_000  # tokens; a longer block is shown as a whole, since marking words takes quadratic time


@dataclass(frozen=True)
class Run:
    """A stretch of text: `same`, `added` or `removed`."""

    op: str
    text: str


@dataclass(frozen=True)
class Change:
    """One place that differs. `kind`: added, removed, changed or moved; `section` is the id of its block, or ""."""

    place: str
    kind: str
    runs: tuple[Run, ...]
    section: str = ""

    @property
    def excerpt(self) -> tuple[Run, ...]:
        """The runs without the lines in which nothing changed; an ellipsis stands for those."""
        lines = _lines(self.runs)
        told = [line if any(run.op != "same" for run in line) else None for line in lines]
        return tuple(run for line in _without_gaps(told) for run in line)


UNSEEN = (Run("added", "\n(Something changed here that has no words of its own.)"),)


def differences(old: Json | None, new: Json, *, names: Names | None = None) -> list[Change]:
    """Every place that differs, in the order of the new document, removed ones last.

    `old` is None for a first version: everything is added. `names` says what ids stand for.
    """
    before, after = pieces_of(old or {}, names or {}), pieces_of(new, names or {})
    moved = _moved(list(before), list(after))
    found = [_change(before.get(key), piece, key in moved) for key, piece in after.items()]
    gone = [_removed(piece) for key, piece in before.items() if key not in after]
    return [change for change in [*found, *gone] if change]


def changed_places(old: Json, new: Json) -> list[str]:
    """The places alone, each once, in words: “Title”, “Risks: Side effects of tablets”."""
    return list(dict.fromkeys(change.place for change in differences(old, new)))


def mark_words(before: str, after: str) -> tuple[Run, ...]:
    """Both texts in one, word by word."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if len(old) + len(new) > MANY:
        return (Run("removed", before), Run("added", after))
    runs: list[Run] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            runs.append(Run("same", "".join(old[i1:i2])))
            continue
        runs += [Run("removed", "".join(old[i1:i2]))] if i2 > i1 else []
        runs += [Run("added", "".join(new[j1:j2]))] if j2 > j1 else []
    return tuple(runs)


def _change(before: Piece | None, after: Piece, is_moved: bool) -> Change | None:
    if before is None:
        return Change(after.place, "added", (Run("added", after.text),), after.section) if after.text else None
    if before.raw != after.raw:
        runs = mark_words(before.text, after.text) + (UNSEEN if before.text == after.text else ())
        return Change(after.place, "changed", runs, after.section)
    return Change(after.place, "moved", (Run("same", after.text),), after.section) if is_moved else None


def _removed(piece: Piece) -> Change | None:
    return Change(piece.place, "removed", (Run("removed", piece.text),), piece.section) if piece.text else None


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Sections of both that stand in another order: the fewest that explain it."""
    common = [key for key in old if key in new and key.startswith("section ")]
    order = [key for key in new if key in common]
    kept = {
        key
        for block in SequenceMatcher(None, common, order, autojunk=False).get_matching_blocks()
        for key in common[block.a : block.a + block.size]
    }
    return set(common) - kept


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

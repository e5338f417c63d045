"""Matches the lines of an old version to those of the new one. Pure.

The same line first, then the one of the same name, then one that shares half of its words.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence

from articles.record.compare.pieces import Line

ALIKE = 0.5  # share of words in common from which an unnamed line is taken for the same one, rewritten
MANY = 40_000  # pairs of lines; beyond them, only equal and equally named lines find each other


def partners(old: Sequence[Line], new: Sequence[Line]) -> dict[int, int]:
    """{index in new: index in old}; a line of one kind becomes a line of that kind."""
    found: dict[int, int] = {}
    _pair(old, new, found, lambda line: (line.kind, line.name, line.raw))
    _pair(old, new, found, lambda line: (line.kind, line.name) if line.name else None)
    _pair_alike(old, new, found)
    return found


def in_place(pairs: dict[int, int]) -> set[int]:
    """The indexes in new whose lines kept their order: as many as there can be. The others moved."""
    ends: list[int] = []  # the lowest old index at which a row of each length can end
    ends_at: list[int] = []
    before: dict[int, int | None] = {}
    for at in sorted(pairs):
        length = bisect_left(ends, pairs[at])
        before[at] = ends_at[length - 1] if length else None
        ends[length:], ends_at[length:] = [pairs[at], *ends[length + 1 :]], [at, *ends_at[length + 1 :]]
    kept, at_last = set(), ends_at[-1] if ends_at else None
    while at_last is not None:
        kept.add(at_last)
        at_last = before[at_last]
    return kept


def _pair(
    old: Sequence[Line], new: Sequence[Line], found: dict[int, int], key: Callable[[Line], Hashable | None]
) -> None:
    """Adds pairs of lines that share a key, the first with the first."""
    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in _free(old, found.values()):
        waiting[key(old[index])].append(index)
    for index in _free(new, found):
        if (shared := key(new[index])) is not None and waiting[shared]:
            found[index] = waiting[shared].pop(0)


def _pair_alike(old: Sequence[Line], new: Sequence[Line], found: dict[int, int]) -> None:
    gone, come = _free(old, found.values()), _free(new, found)
    if len(gone) * len(come) > MANY:
        return
    before = {there: _telling(old[there]) for there in gone}
    after = {here: _telling(new[here]) for here in come}
    likeness = [
        (-share, here, there)
        for here in come
        for there in gone
        if old[there].kind == new[here].kind and (share := _share(before[there], after[here])) >= ALIKE
    ]
    taken: set[int] = set()
    for _, here, there in sorted(likeness):
        if here not in found and there not in taken:
            found[here] = there
            taken.add(there)


def _free(lines: Sequence[Line], taken) -> list[int]:
    used = set(taken)
    return [index for index in range(len(lines)) if index not in used]


def _share(words: Counter[str], others: Counter[str]) -> float:
    return 2 * (words & others).total() / max(1, words.total() + others.total())


def _telling(line: Line) -> Counter[str]:
    """The words of the line without punctuation and without the prefix of its kind, such as “Side effect: ”."""
    what, colon, _ = line.name.partition(": ")
    common = set(what.split()) if colon else set()
    stripped = (word.strip() for word in line.words)
    return Counter(word for word in stripped if word not in common and any(map(str.isalnum, word)))

"""A linear-chain model: labels for a row of things, by what is seen of each and by what usually follows what. Pure.

The weights are data (`model/*.json`), taught by `articles.intake.teaching.train` from the corpus beside it. The
probabilities are those of a conditional random field: forward-backward over emissions and transitions.
Source: Lafferty, McCallum & Pereira 2001, Conditional Random Fields.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp
from pathlib import Path

FOLDER = Path(__file__).parent / "model"
NEVER = -1e9
Row = Sequence[float]
# What is seen of one thing: groups of names, with how much a name of the group counts.
Groups = Sequence[tuple[Sequence[str], float]]


# A weight is one sign, in steps of 0.05 from -2.2 to 2.2: a feature's row has a sign for each label.
SIGNS = "".join(chr(code) for code in range(35, 127) if chr(code) != "\\")
STEP = 0.05
MIDDLE = len(SIGNS) // 2
VALUES = {sign: (at - MIDDLE) * STEP for at, sign in enumerate(SIGNS)}


@dataclass(frozen=True)
class Model:
    """`weights[name]` has a sign for each label; `follows[i][j]` scores label j after label i."""

    labels: tuple[str, ...]
    weights: Mapping[str, str]
    first: Row
    follows: Sequence[Row]
    last: Row
    calibration: Sequence[tuple[float, float]] = ((0.0, 0.0), (1.0, 1.0))

    def emissions(self, groups: Groups) -> list[float]:
        scores = [0.0] * len(self.labels)
        for names, share in groups:
            for name in names:
                for index, value in enumerate(decode(self.weights.get(name, ""))):
                    scores[index] += value * share
        return scores

    def calibrated(self, probability: float) -> float:
        """The share that is right of what gets this probability, as measured on pages that the model was not taught."""
        points = self.calibration
        for (low, at_low), (high, at_high) in itertools.pairwise(points):
            if probability <= high:
                return at_low + (at_high - at_low) * (probability - low) / ((high - low) or 1)
        return points[-1][1]


@lru_cache(maxsize=65536)
def decode(row: str) -> tuple[float, ...]:
    return tuple(VALUES[sign] for sign in row)


def encode(row: Iterable[float]) -> str:
    return "".join(SIGNS[min(max(round(value / STEP) + MIDDLE, 0), len(SIGNS) - 1)] for value in row)


@cache
def load(name: str) -> Model:
    data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    calibration = tuple((low, high) for low, high in data["calibration"])
    return Model(tuple(data["labels"]), data["weights"], data["first"], data["follows"], data["last"], calibration)


@contextmanager
def models_of(folder: Path) -> Iterator[None]:
    """Reads the models of another folder meanwhile: to measure what is not yet shipped."""
    global FOLDER
    before, FOLDER = FOLDER, folder
    load.cache_clear()
    try:
        yield
    finally:
        FOLDER = before
        load.cache_clear()


def best(model: Model, emissions: Sequence[Row]) -> list[int]:
    """The most probable labels of the whole row (Viterbi)."""
    if not emissions:
        return []
    scores = [a + b for a, b in zip(model.first, emissions[0], strict=True)]
    pointers: list[list[int]] = []
    size = range(len(model.labels))
    for row in emissions[1:]:
        before = [_best_before(model, scores, j) for j in size]
        scores = [scores[i] + model.follows[i][j] + row[j] for j, i in enumerate(before)]
        pointers.append(before)
    label = max(size, key=lambda i: scores[i] + model.last[i])
    found = [label]
    for before in reversed(pointers):
        label = before[label]
        found.append(label)
    return found[::-1]


def _best_before(model: Model, scores: Row, label: int) -> int:
    return max(range(len(scores)), key=lambda before: scores[before] + model.follows[before][label])


def probabilities(model: Model, emissions: Sequence[Row]) -> list[list[float]]:
    """For each thing the probability of each label, given the whole row (forward-backward)."""
    if not emissions:
        return []
    size = range(len(model.labels))
    jumps = [[exp(value) for value in row] for row in model.follows]
    seen = [_exp(row) for row in emissions]
    forward = [_normalized([exp(model.first[i]) * seen[0][i] for i in size])]
    for row in seen[1:]:
        before = forward[-1]
        forward.append(_normalized([row[j] * sum(before[i] * jumps[i][j] for i in size) for j in size]))
    backward = [_normalized([exp(value) for value in model.last])]
    for row in reversed(seen[1:]):
        after = [a * b for a, b in zip(row, backward[-1], strict=True)]
        backward.append(_normalized([sum(jumps[i][j] * after[j] for j in size) for i in size]))
    return [
        _normalized([a * b for a, b in zip(*pair, strict=True)]) for pair in zip(forward, backward[::-1], strict=True)
    ]


def _exp(row: Row) -> list[float]:
    highest = max(row)
    return [exp(max(value - highest, -60.0)) for value in row]


def _normalized(row: list[float]) -> list[float]:
    total = sum(row) or 1.0
    return [value / total for value in row]

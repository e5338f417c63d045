"""Fits the weights of a linear chain to labelled rows: stochastic gradient on the log-likelihood, with AdaGrad.

The same rows and seed give the same weights to the last digit: everything is drawn from one generator, and weights are
rounded to steps. Source: Duchi, Hazan & Singer 2011, Adaptive Subgradient Methods.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from articles.intake.recognize.chain import Groups, encode

Array = np.ndarray[Any, Any]
SMALLEST = 0.12  # a feature whose weights are all smaller is left out


@dataclass(frozen=True)
class Row:
    """One text: what is seen of each of its things, and the label of each. `target` is a share for each label."""

    features: Sequence[Groups]
    labels: Sequence[int]


@dataclass(frozen=True)
class Settings:
    rate: float = 0.15
    decay: float = 2e-5  # L2
    epochs: int = 6
    rarest: int = 3  # a feature that is seen in fewer rows is not kept
    unseen: float = 0.25  # the share of features that are hidden at each step, so that none is leaned on alone


def fit(rows: Sequence[Row], labels: Sequence[str], settings: Settings, seed: int = 1) -> dict[str, Any]:
    """The data of a model: {labels, weights: {feature: signs}, first, follows, last}."""
    return _Fit(rows, labels, settings, seed).run()


def _numbered(seen: Groups, index: dict[str, int]) -> tuple[Array, Array]:
    """The numbers of the names that are kept, each once, and how much each counts."""
    pairs = {index[name]: share for names, share in seen for name in names if name in index}
    return np.array(list(pairs), dtype=np.int64), np.array(list(pairs.values()))


class _Fit:
    def __init__(self, rows: Sequence[Row], labels: Sequence[str], settings: Settings, seed: int) -> None:
        self.labels, self.settings = labels, settings
        self.chance = random.Random(seed)
        self.hide = np.random.RandomState(seed)
        counts = Counter(
            name for row in rows for name in {each for seen in row.features for names, _ in seen for each in names}
        )
        self.names = sorted(name for name, count in counts.items() if count >= settings.rarest)
        index = {name: number for number, name in enumerate(self.names)}
        self.rows = [
            ([_numbered(seen, index) for seen in row.features], np.array(row.labels)) for row in rows if row.labels
        ]
        size = len(labels)
        self.weights = np.zeros((len(self.names), size))
        self.weights_seen = np.full((len(self.names), size), 1e-3)
        self.jumps = np.zeros((size + 2, size))  # from each label, from the start; the last row: to the end
        self.jumps_seen = np.full((size + 2, size), 1e-3)

    def run(self) -> dict[str, Any]:
        order = list(range(len(self.rows)))
        total = np.zeros_like(self.weights)
        total_jumps = np.zeros_like(self.jumps)
        steps = 0
        for epoch in range(self.settings.epochs):
            self.chance.shuffle(order)
            for number in order:
                self._step(*self.rows[number])
            if epoch >= self.settings.epochs // 2:
                total += self.weights
                total_jumps += self.jumps
                steps += 1
        return self._data(total / steps, total_jumps / steps)

    def _step(self, features: list[tuple[Array, Array]], labels: Array) -> None:
        size = len(self.labels)
        features = [self._hidden(*each) for each in features]
        emissions = np.array([shares @ self.weights[seen] for seen, shares in features])
        single, pairs = self._expected(emissions)
        gradient = -single
        gradient[np.arange(len(labels)), labels] += 1
        jumps = np.zeros_like(self.jumps)
        jumps[:size] -= pairs
        np.add.at(jumps, (labels[:-1], labels[1:]), 1)
        jumps[size] -= single[0]
        jumps[size, labels[0]] += 1
        jumps[size + 1] -= single[-1]
        jumps[size + 1, labels[-1]] += 1
        self.jumps_seen += jumps**2
        self.jumps += self.settings.rate * jumps / np.sqrt(self.jumps_seen)
        for (seen, shares), row in zip(features, gradient, strict=True):
            if len(seen) and np.abs(row).max() > 1e-4:
                change = shares[:, None] * row[None, :]
                self.weights_seen[seen] += change**2
                step = self.settings.rate * change / np.sqrt(self.weights_seen[seen])
                self.weights[seen] += step - self.settings.decay * self.weights[seen]

    def _hidden(self, seen: Array, shares: Array) -> tuple[Array, Array]:
        kept = self.hide.random_sample(len(seen)) >= self.settings.unseen
        return seen[kept], shares[kept] / (1 - self.settings.unseen)

    def _expected(self, emissions: Array) -> tuple[Array, Array]:
        """Probabilities of each label at each place, and the expected number of each pair of neighbors."""
        size = len(self.labels)
        seen = np.exp(emissions - emissions.max(1, keepdims=True))
        jumps = np.exp(self.jumps[:size])
        forward = np.zeros_like(seen)
        backward = np.zeros_like(seen)
        forward[0] = np.exp(self.jumps[size]) * seen[0]
        forward[0] /= forward[0].sum()
        for at in range(1, len(seen)):
            forward[at] = (forward[at - 1] @ jumps) * seen[at]
            forward[at] /= forward[at].sum()
        backward[-1] = np.exp(self.jumps[size + 1])
        for at in range(len(seen) - 2, -1, -1):
            backward[at] = jumps @ (seen[at + 1] * backward[at + 1])
            backward[at] /= backward[at].sum()
        single = forward * backward
        single /= single.sum(1, keepdims=True)
        pairs = np.zeros((size, size))
        for at in range(1, len(seen)):
            pair = forward[at - 1][:, None] * jumps * (seen[at] * backward[at])[None, :]
            pairs += pair / pair.sum()
        return single, pairs

    def _data(self, weights: Array, jumps: Array) -> dict[str, Any]:
        size = len(self.labels)
        table = {
            name: encode(map(float, row))
            for name, row in zip(self.names, weights, strict=True)
            if abs(row).max() >= SMALLEST
        }
        rounded = np.round(jumps, 2)
        return {
            "labels": list(self.labels),
            "first": rounded[size].tolist(),
            "follows": rounded[:size].tolist(),
            "last": rounded[size + 1].tolist(),
            "calibration": [[0, 0], [1, 1]],
            "weights": table,
        }

"""How sure the import may be: what it says of itself beside the share that is right, on pages it was not taught."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from articles.intake.outline import Part
from articles.intake.readers.text import read_blocks
from articles.intake.recognize.classify import outline
from articles.intake.teaching.labelled import Labelled, Section, as_text

FEWEST = 60  # judgements in a step
Judged = tuple[float, bool]  # the confidence that was given, and whether the kind was right or fair
BINS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def judge(page: Labelled) -> Iterator[Judged]:
    """Each section of the outline whose kind is a guess, against the label that most of its words have."""
    labels = {_key(line.text): section for section in page.sections for line in section.lines}
    for part in outline(read_blocks(as_text(page).encode())).sections:
        if part.call is None and (section := _labelled(part, labels)):
            yield part.confidence, str(part.aspect or part.kind) in (section.kind, *section.fair)


def _labelled(part: Part, labels: dict[str, Section]) -> Section | None:
    votes: Counter[int] = Counter()
    found: dict[int, Section] = {}
    for block in part.blocks:
        if section := labels.get(_key(block.text)):
            votes[id(section)] += len(block.text.split())
            found[id(section)] = section
    return found[votes.most_common(1)[0][0]] if votes else None


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def fit_steps(judged: Sequence[Judged]) -> list[list[float]]:
    """Points (confidence, share that is right), rising: neighbors that fall are joined, as in isotonic regression."""
    ordered = sorted(judged)
    size = max(FEWEST, len(ordered) // 14)
    steps = [ordered[at : at + size] for at in range(0, len(ordered), size)]
    if len(steps) > 1 and len(steps[-1]) < size:
        steps[-2:] = [steps[-2] + steps[-1]]
    points = [(_mean([c for c, _ in step]), _mean([float(right) for _, right in step]), len(step)) for step in steps]
    joined: list[tuple[float, float, int]] = []
    for point in points:
        joined.append(point)
        while len(joined) > 1 and joined[-1][1] < joined[-2][1]:
            (a, x, n), (b, y, m) = joined[-2:]
            joined[-2:] = [((a * n + b * m) / (n + m), (x * n + y * m) / (n + m), n + m)]
    inner = [[round(a, 3), round(x, 3)] for a, x, _ in joined]
    return [[0.0, 0.0], *inner, [1.0, inner[-1][1] if inner else 1.0]]


def table(judged: Sequence[Judged], bins: Sequence[float] = BINS) -> list[tuple[str, int, float]]:
    """A reliability table: (range of confidence, number of sections, share that is right)."""
    found = []
    for low, high in itertools.pairwise(bins):
        inside = [right for confidence, right in judged if low <= confidence < high]
        if inside:
            found.append((f"{low:.1f} to {min(high, 1.0):.1f}", len(inside), _mean([float(each) for each in inside])))
    return found


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)

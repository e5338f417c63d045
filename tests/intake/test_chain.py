"""The linear chain: its best row and its probabilities are those of trying every row."""

from itertools import pairwise, product
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.intake.recognize import chain
from articles.intake.recognize.chain import Model, best, decode, encode, load, probabilities

SCORES = st.floats(-3, 3)


def rows(size: int, least: int = 1, most: int = 4) -> st.SearchStrategy:
    return st.lists(st.lists(SCORES, min_size=size, max_size=size), min_size=least, max_size=most)


def model(first: list[float], follows: list[list[float]], last: list[float]) -> Model:
    return Model(("a", "b", "c"), {}, first, follows, last)


MODELS = st.builds(
    model,
    st.lists(SCORES, min_size=3, max_size=3),
    st.lists(st.lists(SCORES, min_size=3, max_size=3), min_size=3, max_size=3),
    st.lists(SCORES, min_size=3, max_size=3),
)


def score(model: Model, emissions: list[list[float]], labels: tuple[int, ...]) -> float:
    total = model.first[labels[0]] + model.last[labels[-1]]
    total += sum(row[label] for row, label in zip(emissions, labels, strict=True))
    return total + sum(model.follows[a][b] for a, b in pairwise(labels))


@given(MODELS, rows(3))
def test_the_best_row_has_the_highest_score_of_all_rows(model, emissions):
    found = best(model, emissions)

    highest = max(score(model, emissions, labels) for labels in product(range(3), repeat=len(emissions)))
    assert score(model, emissions, tuple(found)) == pytest.approx(highest)


@given(MODELS, rows(3))
def test_a_probability_is_the_share_of_all_rows_with_that_label(model, emissions):
    weights = {labels: exp(score(model, emissions, labels)) for labels in product(range(3), repeat=len(emissions))}
    total = sum(weights.values())

    for at, row in enumerate(probabilities(model, emissions)):
        shares = [sum(w for labels, w in weights.items() if labels[at] == label) / total for label in range(3)]
        assert row == pytest.approx(shares, abs=1e-9)


@given(st.lists(st.floats(-2.2, 2.2), max_size=20))
def test_a_weight_keeps_its_value_within_half_a_step(weights):
    assert decode(encode(weights)) == pytest.approx(weights, abs=chain.STEP / 2 + 1e-9)


def test_a_label_that_may_never_stand_somewhere_is_never_chosen():
    flat = model([0.0] * 3, [[0.0] * 3] * 3, [0.0] * 3)

    assert best(flat, [[chain.NEVER, 0.0, -1.0], [5.0, chain.NEVER, 0.0]]) == [1, 0]


@pytest.mark.parametrize("name", ["blocks", "kinds"])
def test_the_shipped_models_have_a_weight_for_each_label(name):
    shipped = load(name)

    assert {len(row) for row in shipped.weights.values()} == {len(shipped.labels)}
    assert len(shipped.follows) == len(shipped.first) == len(shipped.last) == len(shipped.labels)


def test_more_probability_never_means_less_confidence():
    shipped = load("kinds")

    given = [shipped.calibrated(step / 100) for step in range(101)]
    assert given == sorted(given)

"""An outline survives the way into the database and back."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.intake.outline import Block, Call, Origin, Outline, Part, Reference
from articles.intake.outline_json import (
    blocks_json,
    digest,
    origin_json,
    outline_json,
    read_blocks,
    read_origin,
    read_outline,
)
from articles.intake.readers import text
from articles.intake.recognize.classify import outline

SAMPLES = sorted(Path(__file__).resolve().parents[3].glob("cms/demo/articles/*.txt"))
WORDS = st.text(max_size=4)
calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BLOCKS = st.builds(Block, rows=st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple), level=st.integers(0, 6))
PARTS = st.builds(
    Part,
    blocks=st.lists(BLOCKS, max_size=3).map(tuple),
    confidence=st.floats(0, 1),
    call=st.none() | st.builds(Call),
    reference=st.none() | st.builds(Reference),
)
OUTLINES = st.builds(Outline, st.lists(PARTS, max_size=4).map(tuple), st.lists(WORDS, max_size=2).map(tuple))
ORIGINS = st.builds(
    Origin, authors=st.lists(WORDS, max_size=2).map(tuple), fields=st.dictionaries(WORDS, WORDS, max_size=2)
)


@calm
@given(OUTLINES)
def test_an_outline_comes_back_as_it_was(made):
    assert read_outline(outline_json(made)) == made


@calm
@given(ORIGINS)
def test_an_origin_comes_back_as_it_was(made):
    assert read_origin(origin_json(made)) == made


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_real_article_comes_back_with_all_its_words(sample):
    blocks = tuple(text.read_blocks(sample.read_bytes()))

    assert read_blocks(blocks_json(blocks)) == blocks
    assert read_outline(outline_json(outline(blocks))).words == outline(blocks).words


def test_what_a_later_version_added_is_no_error():
    stored = outline_json(Outline((), ("Check it.",))) | {"colour": "green"}

    assert read_outline(stored) == Outline((), ("Check it.",))


def test_the_digest_is_the_same_whatever_the_order_of_the_keys():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})

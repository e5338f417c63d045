"""Signed bytes are read with all the members of their kind."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.record.canonical import document_bytes
from articles.record.documents import SECTIONS, SHAPES, read_document, with_all_members

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["", "x"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["kind", "text", "x"]), inside),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", SHAPES)
def test_a_document_that_says_nothing_still_names_all_members(kind):
    read = read_document(json.dumps({"kind": kind, "format": 1}).encode())

    assert set(read) == {"kind", "format", *SHAPES[kind]}


@pytest.mark.parametrize("kind", SECTIONS)
def test_a_section_that_says_nothing_still_names_all_members(kind):
    [section] = with_all_members({"kind": "medical", "sections": [{"kind": kind}]})["sections"]

    assert {"id", "kind", "importance", "heading", "text", *SECTIONS[kind]} == set(section)


NAMES = st.sampled_from([*SHAPES["medical"], *SHAPES["presentation"]])


@given(st.dictionaries(NAMES, JSON), st.sampled_from([*SHAPES]))
def test_reading_adds_nothing_that_says_something(said, kind):
    content = document_bytes(said | {"kind": kind, "format": 1})

    assert document_bytes(read_document(content)) == content


def test_members_that_this_version_does_not_know_are_kept():
    read = with_all_members({"kind": "medical", "sections": [{"kind": "hologram", "beam": [1]}], "later": True})

    assert (read["later"], read["sections"][0]["beam"]) == (True, [1])


def test_a_document_that_is_no_object_is_refused():
    with pytest.raises(ValueError, match="object"):
        read_document(b"[]")

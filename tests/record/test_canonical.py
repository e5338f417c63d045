"""Canonical bytes: the same on every machine, or refused with a reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import NotRepresentable
from articles.record.canonical import canonical_bytes, digest_of, document_bytes

SAFE = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
VALUES = st.recursive(
    st.none() | st.booleans() | SAFE | TEXT,
    lambda inside: st.lists(inside) | st.dictionaries(TEXT, inside),
    max_leaves=12,
)


@given(VALUES)
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(value):
    shuffled = json.loads(json.dumps(value), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert canonical_bytes(shuffled) == canonical_bytes(value)


@given(VALUES)
def test_canonical_bytes_are_a_fixed_point(value):
    content = canonical_bytes(value)

    assert canonical_bytes(json.loads(content)) == content


def test_the_two_ways_to_write_an_accent_give_one_digest():
    assert digest_of(canonical_bytes("e\u0301")) == digest_of(canonical_bytes("\u00e9"))


def test_superscripts_are_not_flattened_to_digits():
    assert canonical_bytes("10²") == '"10²"'.encode()


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", 0.5, 2**53, {"key": [1.0]}, b"bytes"])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(NotRepresentable):
        canonical_bytes(value)


@given(VALUES)
def test_a_document_holds_no_member_that_says_nothing(value):
    def silent(value):
        if isinstance(value, dict):
            return any(item in (None, "", [], {}) or silent(item) for item in value.values())
        return isinstance(value, list) and any(map(silent, value))

    assert not silent(json.loads(document_bytes(value)))


def test_members_that_say_nothing_leave_a_document_at_any_depth():
    value = {"a": None, "b": "", "c": [], "d": {}, "e": {"f": {"g": None}}, "h": [{"i": ""}]}

    assert document_bytes(value) == b'{"h":[{}]}'


def test_elements_of_lists_stay_and_false_and_zero_say_something():
    value = {"rows": [["", "x", None], []], "header": False, "number": 0}

    assert json.loads(document_bytes(value)) == value


def test_a_member_that_a_later_version_adds_changes_no_digest_until_it_is_used():
    now, later = {"title": "Scalps"}, {"title": "Scalps", "synonyms": [], "ai_use": None, "more": {"x": ""}}

    assert document_bytes(later) == document_bytes(now)

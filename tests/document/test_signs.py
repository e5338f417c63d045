"""Signs that nobody sees: which are refused, and what they are called."""

import pytest

from articles.document.characters import names_of, unreadable_signs


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\x00", "\x07", "\x85", "\ud800"])
def test_what_reorders_controls_or_is_half_a_character_is_unreadable(sign):
    assert unreadable_signs(f"Take {sign}05 mg, {sign}daily.") == [sign]


@pytest.mark.parametrize(
    "text", ["", "Take 5 mg.\r\n\tDaily.", "Größe: 10² µg", "soft\u00adhyphen", "👩\u200d⚕️", "¿Cuánto?"]
)
def test_what_people_write_is_readable(text):
    assert unreadable_signs(text) == []


def test_signs_are_named_by_unicode_else_by_number():
    assert names_of(["\u202e", "\x07"]) == "RIGHT-TO-LEFT OVERRIDE, U+0007"

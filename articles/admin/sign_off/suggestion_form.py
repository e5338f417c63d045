"""The form for suggesting a change: a row for each field of a section, and what can be added to it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

from django import forms
from django.http import QueryDict

from articles.review.passages import passages_in
from articles.review.responses.fields import Content, fields_of
from articles.review.responses.missing import SECTION, WORDS, Missing, find_missing, missing_of

ADDED = re.compile(r"add-([0-9]{1,4})-key")
ROW = re.compile(r"(?:after|key)-([0-9]{1,4})")


@dataclass(frozen=True)
class Input:
    """A field of the form. `kind`: text, choice, choices, tick or number. `options`: (value, label, is chosen)."""

    name: str
    label: str
    kind: str
    value: str
    options: list[tuple[str, str, bool]] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """The height of the text area in rows, from the length of the text."""
        return min(12, 1 + len(self.value) // 70)


@dataclass(frozen=True)
class Row:
    """A field of the article, or a passage of it: its current value, and the input with what the person entered."""

    number: int
    key: str
    item: str
    before: str
    input: Input


@dataclass(frozen=True)
class Addition:
    """Something that can be added. `places`: (section, in words); a section can stand in one of many."""

    number: int
    key: str
    noun: str
    label: str
    places: list[tuple[str, str]]
    behind: str
    inputs: list[Input]
    is_open: bool


def rows_of(content: Content, section: str, posted: QueryDict) -> Iterator[Row]:
    """A row for each field of the section; of a rich text, for each of its paragraphs."""
    number = count()
    for place in fields_of(content):
        if place.section == section:
            texts = [passage.text for passage in passages_in(place.block, place.stored) if passage.text.strip()]
            for before in texts if place.is_rich else [place.value]:
                at = next(number)
                name = f"after-{at}"
                after = given(posted, name) if name in posted or f"key-{at}" in posted else before
                yield Row(at, place.key, place.item, before, _input(name, place.label, place.form, after))


def additions_of(content: Content, section: str, posted: QueryDict) -> Iterator[Addition]:
    """What can be added to the section; to the article, a section behind each of its sections."""
    found = [each for each in missing_of(content) if (each.key == SECTION) == (not section)]
    if section:
        found = [each for each in found if each.section == section]
    for number, missing in enumerate(found if section else found[:1]):
        places = [(each.section, each.where) for each in (found if not section else [missing])]
        named = {name: f"add-{number}-{name}" for name in missing.inputs}
        inputs = [
            _input(named[name], str(form.label), form, given(posted, named[name]) or str(form.initial or ""))
            for name, form in missing.inputs.items()
        ]
        label = _label_of(missing)
        behind = posted.get(f"add-{number}-section", places[-1][0])
        yield Addition(
            number, missing.key, missing.noun, label, places, behind, inputs, bool(_filled(missing, number, posted))
        )


def _label_of(missing: Missing) -> str:
    """“Add a side effect”, “Add a paragraph to question “Is it rare?””."""
    label = f"Add {'an' if missing.noun[0] in 'aeiou' else 'a'} {missing.noun}"
    if missing.place is None or not missing.place.is_rich:
        return label
    return f"{label} to {missing.place.item or f'“{missing.place.label}”'}"


def changed_in(posted: QueryDict) -> list[tuple[str, str, str]]:
    """(key, before, after) of each changed row. Differences in line endings do not count."""
    numbers = [match[1] for name in posted if (match := ROW.fullmatch(name))]
    rows = [
        (posted.get(f"key-{at}", ""), posted.get(f"before-{at}", ""), given(posted, f"after-{at}"))
        for at in dict.fromkeys(numbers)
    ]
    return [(key, before, after) for key, before, after in rows if before.split() != after.split()]


def added_in(posted: QueryDict, content: Content) -> list[tuple[str, str, dict[str, str]]]:
    """(section, key, values) of what somebody wrote into the form of something missing."""
    found = []
    for name in posted:
        if match := ADDED.fullmatch(name):
            section, key = posted.get(f"add-{match[1]}-section", ""), posted.get(name, "")
            missing = find_missing(content, section, key)
            values = _filled(missing, match[1], posted) if missing else _typed(match[1], posted)
            found += [(section, key, values)] if values else []
    return found


def given(posted: QueryDict, name: str) -> str:
    """What was entered; several ticked choices are separated by commas."""
    return ",".join(posted.getlist(name))


def _filled(missing: Missing, number: int | str, posted: QueryDict) -> dict[str, str]:
    """The entered values; empty if nothing but what stood there was entered."""
    values = {name: given(posted, f"add-{number}-{name}") for name in missing.inputs}
    began = {name: _initial(form) for name, form in missing.inputs.items()}
    return values if any(text.strip() not in ("", began[name]) for name, text in values.items()) else {}


def _typed(number: str, posted: QueryDict) -> dict[str, str]:
    """The words for a place that is gone; the service says so."""
    return {name: text for name in ("heading", "text", WORDS) if (text := posted.get(f"add-{number}-{name}"))}


def _initial(form: forms.Field) -> str:
    """What the browser sends if nobody enters anything."""
    if form.initial or not isinstance(form, forms.ChoiceField):
        return str(form.initial or "")
    return str(next((value for value, _ in _choices(form)), ""))


def _choices(form: forms.Field | None) -> Iterable[tuple[Any, Any]]:
    return cast(Iterable[tuple[Any, Any]], getattr(form, "choices", ()))


def _input(name: str, label: str, form: forms.Field | None, value: str) -> Input:
    choices = [(str(each or ""), str(said) if each else "Not stated") for each, said in _choices(form)]
    chosen = set(value.split(",")) if isinstance(form, forms.MultipleChoiceField) else {value}
    options = [(each, said, each in chosen) for each, said in choices]
    return Input(name, label, kind_of_input(form), value, options)


def kind_of_input(form: forms.Field | None) -> str:
    match form:
        case forms.MultipleChoiceField():
            return "choices"
        case forms.ChoiceField():
            return "choice"
        case forms.BooleanField():
            return "tick"
        case forms.IntegerField():
            return "number"
    return "text"

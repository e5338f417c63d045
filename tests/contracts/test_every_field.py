"""Every field of every block reaches what is signed, what readers see, what the differences show and what checks read.

The values are made from the blocks themselves, so a new field or kind is tried as soon as it is in `ArticleBody`.
"""

import copy
import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from articles.authoring.blocks.article import ArticleBody
from articles.checks.language import texts
from articles.document.draft import Section
from articles.document.render import render
from articles.document.stored import kind_of
from articles.record.compare.differences import differences
from articles.record.delivery.content.portable_text import Shown
from articles.record.delivery.content.sections import section_html
from articles.record.documents import ITEM_NAMES
from tests.checks.conftest import make_draft, make_image, make_offer, make_source

Path = tuple[str | int, ...]
KINDS = ArticleBody().child_blocks
DRAFT = replace(
    make_draft(),
    sources={1: make_source(1), 2: make_source(2, title="Another study")},
    images={1: make_image(), 2: replace(make_image(), key=2, sha256="sha-256:2")},
    offers={1: make_offer(), 2: make_offer(key=2, id="offer-2")},
)
SEEN_ELSEWHERE = {"system", "locator", "quote", "alt"}  # as data, beside the claim, and by screen readers


def fill(block: blocks.Block, words: Iterator[int]) -> Any:
    """A value that says something in each field of the block."""
    match block:
        case blocks.StructBlock():
            return {name: fill(child, words) for name, child in block.child_blocks.items()}
        case blocks.ListBlock():
            return [fill(block.child_block, words)]
        case blocks.MultipleChoiceBlock():
            return [_choices(block)[0]]
        case blocks.ChoiceBlock():
            return _choices(block)[0]
        case blocks.IntegerBlock():
            return 4000 + next(words)
        case blocks.RichTextBlock():
            return f"<p>Word{next(words)}.</p>"
        case TableBlock():
            return {"data": [[f"Word{next(words)}"]], "table_caption": f"Word{next(words)}"}
        case ImageChooserBlock() | SnippetChooserBlock() | blocks.BooleanBlock():
            return int(not isinstance(block, blocks.BooleanBlock))
        case blocks.CharBlock() | blocks.TextBlock():
            return f"Word{next(words)}"
    raise AssertionError(f"Say in this test what {type(block).__name__} holds")


def _choices(block: blocks.Block) -> list[str]:
    return [value for value, _ in block.field.choices if value]


def leaves(block: blocks.Block, path: Path = ()) -> Iterator[tuple[Path, blocks.Block]]:
    """(path, block) of every field that people fill in."""
    match block:
        case blocks.StructBlock():
            for name, child in block.child_blocks.items():
                yield from leaves(child, (*path, name))
        case blocks.ListBlock():
            yield from leaves(block.child_block, (*path, 0))
        case _:
            yield path, block


def other(block: blocks.Block, value: Any) -> Any:
    match block:
        case blocks.MultipleChoiceBlock():
            return [_choices(block)[1]]
        case blocks.ChoiceBlock():
            return _choices(block)[1]
        case blocks.BooleanBlock():
            return not value
        case TableBlock():
            return value | {"data": [["Other"]]}
        case blocks.CharBlock() | blocks.TextBlock() | blocks.RichTextBlock():
            return value.replace("Word", "Other")
    return value + 1


def put(value: Any, path: Path, new: Any) -> Any:
    made = copy.deepcopy(value)
    inner = made
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = new
    return made


def get(value: Any, path: Path) -> Any:
    for name in path:
        value = value[name]
    return value


def rendered(name: str, value: Any) -> dict[str, Any]:
    section = Section(name, kind_of(name), 0, value)
    return render(replace(DRAFT, sections=(section,)))


FIELDS = [
    pytest.param(name, path, block, id="/".join(map(str, (name, *path))))
    for name, kind in KINDS.items()
    for path, block in leaves(kind)
]


@pytest.mark.parametrize(("name", "path", "block"), FIELDS)
def test_a_changed_field_moves_one_digest_and_shows_among_the_changes(name, path, block):
    value = fill(KINDS[name], itertools.count())
    changed = put(value, path, other(block, get(value, path)))

    before, after = rendered(name, value), rendered(name, changed)

    moved = [part for part in before if before[part].digest != after[part].digest]
    assert len(moved) == 1
    assert all(differences(before[part].value, after[part].value) for part in moved)


@pytest.mark.parametrize("name", KINDS)
def test_every_word_of_a_section_is_in_its_html(name):
    section = rendered(name, fill(KINDS[name], itertools.count()))["medical"].value["sections"][0]
    extra = {"offer": None} if name == "cta" else {}

    html = section_html(section | extra, Shown("en"), references=[])

    assert [word for word in words_of(section) if word not in html] == []


def words_of(value: Any, key: str = "") -> list[str]:
    if isinstance(value, dict):
        return [word for name, item in value.items() for word in words_of(item, name)]
    if isinstance(value, list):
        return [word for item in value for word in words_of(item, key)]
    return [value.rstrip(".")] if str(value).startswith("Word") and key not in SEEN_ELSEWHERE else []


@pytest.mark.parametrize("name", KINDS)
def test_checks_read_every_word_of_a_section_but_those_of_sources_and_terminologies(name):
    own = [path for path, block in leaves(KINDS[name]) if isinstance(block, blocks.CharBlock | blocks.TextBlock)]
    own = [path for path in own if not {"citations", "codes"} & set(path)]
    value = fill(KINDS[name], itertools.count())
    draft = replace(DRAFT, sections=(Section(name, kind_of(name), 0, value),))

    read = {text for place in texts(draft) for text in [str(place.value)]}

    assert [path for path in own if get(value, path) not in read] == []


@pytest.mark.parametrize(("name", "path"), [param.values[:2] for param in FIELDS if 0 in param.values[1][:2]])
def test_an_item_of_each_list_has_a_name_for_people(name, path):
    is_chosen_record = isinstance(KINDS[name].child_blocks[path[0]].child_block, SnippetChooserBlock)

    assert is_chosen_record or ITEM_NAMES[kind_of(name)][path[0]]

"""What blocks say to authors, and what they leave to them: help of their own, names in headers, no choice made."""

from collections.abc import Iterator

import pytest
from wagtail import blocks

from articles.authoring.blocks.article import ArticleBody
from articles.authoring.blocks.codes import CodeBlock, SubstanceBlock
from articles.authoring.components import Offer
from articles.checks.structure import TO_CHOOSE
from articles.document.stored import kind_of

KINDS = ArticleBody().child_blocks
SAYS_NOTHING = {"aspect", "certainty"}  # “Other” is the truth until somebody says more


@pytest.mark.parametrize("name", ["heading", "text"])
def test_each_kind_of_section_has_help_of_its_own(name):
    helps = [kind.child_blocks[name].field.help_text for kind in KINDS.values()]

    assert all(helps) and len(set(helps)) == len(KINDS)


def structs(block: blocks.Block) -> Iterator[tuple[str, blocks.StructBlock]]:
    """(name of the list, its item) of every list whose items have fields of their own."""
    for name, child in block.child_blocks.items():
        if isinstance(child, blocks.ListBlock) and isinstance(child.child_block, blocks.StructBlock):
            yield name, child.child_block
            yield from structs(child.child_block)


@pytest.mark.parametrize("kind", [*KINDS.values(), SubstanceBlock()], ids=lambda kind: type(kind).__name__)
def test_an_item_of_a_list_says_in_its_header_what_it_is_and_its_name(kind):
    for name, item in structs(kind):
        assert item.meta.label, name
        assert "{" in item.meta.label_format, name


def choices(block: blocks.StructBlock) -> dict[str, blocks.ChoiceBlock]:
    return {name: child for name, child in block.child_blocks.items() if isinstance(child, blocks.ChoiceBlock)}


@pytest.mark.parametrize("name", KINDS)
def test_no_choice_of_a_section_is_made_before_its_author_makes_it(name):
    kind, items = KINDS[name], dict(structs(KINDS[name]))
    lists = {"": kind} | items

    for block in lists.values():
        assert {key for key, choice in choices(block).items() if choice.meta.default} <= SAYS_NOTHING
    asked = {place: set(fields) for place, fields in TO_CHOOSE.get(kind_of(name), {}).items()}
    assert all(fields <= set(choices(lists[place])) for place, fields in asked.items())
    refused = {key for block in lists.values() for key, choice in choices(block).items() if choice.required}
    assert refused <= {"system", "status"} | SAYS_NOTHING  # the form itself asks for a code's terminology


def test_a_code_names_no_terminology_by_itself():
    assert not CodeBlock().child_blocks["system"].meta.default


def test_purposes_of_a_call_to_action_are_ticks():
    assert KINDS["cta"].child_blocks["purposes"].field.widget.input_type == "checkbox"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("https://example.org/book", "Book (consultation, example.org/book)"),
        ("", "Book (consultation)"),
        (f"https://example.org/{'x' * 60}", f"Book (consultation, example.org/{'x' * 27}…)"),
    ],
)
def test_the_name_of_an_offer_says_what_it_is_and_where_it_leads(target, said):
    assert str(Offer(name="Book", purpose="consultation", target=target)) == said

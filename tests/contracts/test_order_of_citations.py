"""The editor numbers citations in the order of its page, readers by the order of the document: it is the same."""

import pytest
from wagtail.blocks import ListBlock, RichTextBlock

from articles.authoring.blocks.article import ArticleBody
from articles.authoring.blocks.citations import CitationList
from articles.document.stored import kind_of
from articles.record.documents import CITATION, RICH_TEXT, SECTION, SECTIONS

BLOCKS = ArticleBody.base_blocks


def places_in(block) -> list[str]:
    """The fields below a block that may cite, in the order of the editor: “items/citations”."""
    if isinstance(block, RichTextBlock | CitationList):
        return [""]
    if isinstance(block, ListBlock):
        return places_in(block.child_block)
    children = getattr(block, "child_blocks", {})
    return [f"{name}/{place}".rstrip("/") for name, child in children.items() for place in places_in(child)]


def members_in(shape) -> list[str]:
    """The members of a document that may cite, in the order in which they are rendered."""
    if shape in ([CITATION], RICH_TEXT):
        return [""]
    if isinstance(shape, list):
        return members_in(shape[0]) if shape else []
    members = shape.items() if isinstance(shape, dict) else ()
    return [f"{name}/{place}".rstrip("/") for name, inner in members for place in members_in(inner)]


@pytest.mark.parametrize("name", BLOCKS)
def test_a_section_cites_in_the_same_order_in_the_editor_and_in_the_document(name):
    assert places_in(BLOCKS[name]) == members_in(SECTION | SECTIONS.get(kind_of(name), {}))

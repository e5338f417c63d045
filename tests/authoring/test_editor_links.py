"""What the editor loads it saves: no link, anchor or citation gets lost between the stored text and Draftail."""

import json

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from articles.authoring.rich_text.features import ANSWER_FEATURES, SECTION_FEATURES
from articles.document.entities import stored_entities

KEPT = [
    '<a linktype="anchor" section="s1">the risks</a>',
    '<a linktype="citation" locator="p. 3" sources="1" support="direct">[1]</a>',
    '<a href="https://example.org">us</a>',
    '<a href="#risks">below</a>',
]
LOST = ["<a>us</a>", '<a href="sms:1">us</a>', '<a linktype="document" id="3">us</a>', '<a href="javascript:x">us</a>']


def saved(html: str, features: list[str]) -> str:
    converter = ContentstateConverter(features)
    return converter.to_database_format(converter.from_database_format(html))


@pytest.mark.parametrize("features", [SECTION_FEATURES, ANSWER_FEATURES], ids=["text", "answer"])
@pytest.mark.parametrize("link", KEPT)
def test_a_link_is_saved_as_it_was_loaded(link, features):
    html = f"<p>See {link} here.</p>"

    assert stored_entities(saved(html, features)) == stored_entities(html)


@pytest.mark.parametrize("link", LOST)
def test_a_link_whose_address_cannot_be_kept_stays_a_link_until_its_author_mends_it(link):
    once = saved(f"<p>See {link} here.</p>", SECTION_FEATURES)
    state = json.loads(ContentstateConverter(SECTION_FEATURES).from_database_format(once))

    (entity,) = stored_entities(saved(once, SECTION_FEATURES))
    assert (entity.kind, entity.words, entity.target) == ("link", "us", "")
    assert [each["type"] for each in state["entityMap"].values()] == ["LINK"]

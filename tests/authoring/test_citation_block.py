"""A citation says how its source supports the claim only once somebody chose it."""

import json
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from articles.authoring.blocks.citations import CitationBlock
from articles.authoring.rich_text.features import SECTION_FEATURES
from articles.document.gather import gather
from articles.document.render import render
from tests.factories import block, citation, make_article, make_source, make_user

pytestmark = pytest.mark.django_db


def test_a_new_citation_states_no_support():
    assert CitationBlock().get_default().get("support") in (None, "")


@pytest.mark.parametrize("support", ["", None])
def test_what_is_signed_states_no_support_that_nobody_chose(support):
    source = make_source()
    causes = block("causes", items=[{"name": "Dandruff", "citations": [citation(source, support=support)]}])
    said = f'<p>It helps <a linktype="citation" sources="{source.pk}" support="" locator="">[1]</a>.</p>'
    page = make_article(by=make_user("author", "Authors"), body=[causes, block("conclusion", text=said)])

    document = render(gather(page.get_latest_revision()))["medical"]

    assert b'"support"' not in document.content


SAID = {"support": "direct", "locator": "p. 3", "quote": "It <b>was</b> “so” & more."}


def of_several(sources, said: object, *, shared: str = "") -> str:
    """A stored citation, as Draftail writes it."""
    text = escape(said if isinstance(said, str) else json.dumps(said))
    keys = ",".join(str(source.pk) for source in sources)
    return f'<p>It helps <a linktype="citation" sources="{keys}"{shared} said="{text}">[Doe 2024]</a>.</p>'


def marks(text: str) -> list[dict]:
    """What is signed of the citations in a section with this text."""
    page = make_article(by=make_user("author", "Authors"), body=[block("conclusion", text=text)])
    (section,) = render(gather(page.get_latest_revision()))["medical"].value["sections"]
    return section["text"][0]["markDefs"][0]["citations"]


def test_each_source_of_a_citation_has_its_own_support_locator_and_quote():
    one, other, third = make_source(), make_source(), make_source()
    said = {str(other.pk): {"support": "background", "locator": "", "quote": ""}, str(one.pk): SAID}

    found = marks(of_several([one, other, third], said))

    assert [row["reference"] for row in found] == [1, 2, 3]
    assert {name: found[0][name] for name in SAID} == SAID
    assert found[1]["support"] == "background" and not found[1].get("quote")
    assert not found[2].get("support")


def test_of_a_source_of_which_nothing_is_said_an_older_citation_tells():
    one, other = make_source(), make_source()

    found = marks(of_several([one, other], {str(one.pk): SAID}, shared=' support="indirect" locator="table 2"'))

    assert found[0]["support"] == "direct"
    assert (found[1]["support"], found[1]["locator"]) == ("indirect", "table 2")


@pytest.mark.parametrize("said", ["", "{", "[]", "null", '{"1": 7}', '{"x": {}}', "[" * 5000, '{"1": {"quote": 7}}'])
def test_what_no_editor_stores_says_nothing(said):
    source = make_source()

    (row,) = marks(of_several([source], said.replace('"1"', f'"{source.pk}"')))

    assert row["reference"] == 1 and not row.get("support") and not row.get("quote")


def test_what_is_said_has_the_lengths_of_the_fields_and_a_known_support():
    source = make_source()
    said = {"support": "proves", "locator": "p" * 500, "quote": "q" * 5000}

    (row,) = marks(of_several([source], {str(source.pk): said}))

    assert (len(row["locator"]), len(row["quote"]), row.get("support")) == (80, 1000, None)


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_editor_stores_what_was_typed(locator, quote):
    """Whatever the characters: through the attribute and back."""
    data = {"7": {"support": "", "locator": locator, "quote": quote}}
    converter = ContentstateConverter(features=SECTION_FEATURES)
    attributes = {"linktype": "citation", "sources": "7", "said": json.dumps(data)}
    tag = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())

    state = json.loads(converter.from_database_format(f"<p>x<a{tag}>[1]</a></p>"))
    again = json.loads(converter.from_database_format(converter.to_database_format(json.dumps(state))))

    for each in (state, again):
        (entity,) = each["entityMap"].values()
        assert json.loads(entity["data"]["said"]) == data

"""Another source at every place that named one: what is said of it stays, and nothing else changes."""

import html
import json

import pytest

from articles.document.render import render_rich_text
from articles.document.replacing import Replacing
from tests.checks.conftest import make_draft, make_source
from tests.factories import block

OLD, NEW, OTHER = 1, 2, 3
QUOTE = 'He wrote “<b>so</b>” & "more", it\'s true.'


def cite(*keys: int, **said: dict) -> str:
    given = {str(key): {"support": "direct", "locator": f"p. {key}", "quote": QUOTE} for key in keys}
    return (
        f'<a linktype="citation" sources="{",".join(map(str, keys))}" support="" locator="" '
        f'said="{html.escape(json.dumps(given))}">[Doe 2024]</a>'
    )


def row(source: int, **fields) -> dict:
    return {"source": source, "support": "direct", "locator": "", "quote": QUOTE} | fields


def with_rows(*rows: dict) -> list[dict]:
    return [block("risks", effects=[{"name": "Itch", "citations": list(rows)}])]


def rows_of(body) -> list[dict]:
    return [each["value"] for each in body[0]["value"]["effects"][0]["value"]["citations"]]


def listing(*keys: int) -> list[dict]:
    made = block("sources")
    made["value"]["items"] = [{"type": "item", "id": str(key), "value": key} for key in keys]
    return [made]


def signed(body) -> list[dict]:
    """What is said of each source, as it is rendered of the first text."""
    draft = make_draft(sources={key: make_source(key) for key in (OLD, NEW, OTHER)})
    [paragraph] = render_rich_text(body[0]["value"]["text"], draft)
    return paragraph["markDefs"][0]["citations"]


def test_running_text_says_of_the_new_source_what_it_said_of_the_old():
    replacing = Replacing({OLD}, NEW)

    body = replacing.body([block("introduction", text=f"<p>So {cite(OLD, OTHER)} and more.</p>")])

    text = body[0]["value"]["text"]
    assert f'sources="{NEW},{OTHER}"' in text and text.startswith("<p>So <a") and text.endswith("</a> and more.</p>")
    assert signed(body) == [
        {"reference": 1, "support": "direct", "locator": "p. 1", "quote": QUOTE},
        {"reference": 2, "support": "direct", "locator": "p. 3", "quote": QUOTE},
    ]
    assert (replacing.citations, replacing.quotes) == (1, 1)


def test_an_older_citation_keeps_the_support_that_it_says_of_all():
    old = f'<a linktype="citation" sources="{OLD},{OTHER}" support="indirect" locator="p. 9">[1]</a>'

    body = Replacing({OLD}, NEW).body([block("introduction", text=f"<p>So {old}</p>")])

    assert signed(body) == [{"reference": number, "support": "indirect", "locator": "p. 9"} for number in (1, 2)]


def test_a_list_of_citations_keeps_what_is_said():
    before = with_rows(row(OLD, locator="p. 1"), row(OTHER))
    replacing = Replacing({OLD}, NEW)

    assert rows_of(replacing.body(before)) == [row(NEW, locator="p. 1"), row(OTHER)]
    assert rows_of(before)[0]["source"] == OLD  # the stored draft is untouched
    assert (replacing.citations, replacing.quotes) == (1, 1)


@pytest.mark.parametrize("there", [NEW, OTHER], ids=["the record itself", "one that was merged into it"])
def test_a_claim_that_cites_both_keeps_what_it_says_of_the_new_one(there):
    replacing = Replacing({OLD}, NEW, {OTHER})

    body = replacing.body(with_rows(row(OLD, quote="Old."), row(there, quote="New.")))
    text = Replacing({OLD}, NEW, {OTHER}).body([block("introduction", text=cite(OLD, there))])

    assert rows_of(body) == [row(there, quote="New.")]
    assert f'sources="{there}"' in text[0]["value"]["text"]
    assert replacing.citations == 1


def test_the_list_of_further_reading_names_each_once():
    replacing = Replacing({OLD}, NEW)

    assert [item["value"] for item in replacing.body(listing(OLD, OTHER))[0]["value"]["items"]] == [NEW, OTHER]
    assert [item["value"] for item in Replacing({OLD}, NEW).body(listing(OLD, NEW))[0]["value"]["items"]] == [NEW]
    assert (replacing.listed, replacing.citations) == (1, 0)


def test_what_names_another_source_stays_to_the_letter():
    text = (
        f'<p>So {cite(OTHER)} and <a linktype="page" id="1">here</a>, <a href="https://a.example/?a=1">there</a>.</p>'
    )
    body = [block("introduction", text=text), *with_rows(row(OTHER)), *listing(OTHER)]

    assert Replacing({OLD}, NEW).body(body) == body


def test_a_number_that_is_no_source_stays():
    body = [block("risks", effects=[{"name": "1", "sample_size": OLD, "citations": []}])]

    assert Replacing({OLD}, NEW).body(body) == body

"""What differs between two documents, in words: nothing that is signed can differ unseen."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.record.canonical import canonical_bytes
from articles.record.differences import Run, changed_places, differences, mark_words


def span(text, *marks):
    return {"_type": "span", "text": text, "marks": list(marks)}


def paragraph(*children, **more):
    return {"_type": "block", "style": "normal", "children": list(children), "markDefs": []} | more


def section(key="s1", kind="risks", **more):
    return {
        "id": key,
        "kind": kind,
        "importance": "normal",
        "heading": "Risks",
        "text": [paragraph(span("Take care."))],
    } | more


@pytest.fixture
def medical():
    effect = {"name": "Mouth ulcers", "frequency": "common", "severity": "mild", "route": "oral", "citations": []}
    text = {"ama": "Doe J.", "nlm": "Doe J."}
    reference = {"number": 1, "source_id": "a", "design": "cohort", "text": text, "csl": {"volume": "1"}}
    return {
        "kind": "medical",
        "title": "Scalps",
        "summary": "About scalps.",
        "codes": [],
        "sections": [section(effects=[effect]), section("s2", "conclusion", heading="In short")],
        "references": [reference | {"doi": "10.1/x", "pmid": "", "url": ""}],
    }


def changed(medical, change):
    other = copy.deepcopy(medical)
    change(other)
    return other


def test_equal_documents_differ_nowhere_however_their_keys_are_ordered(medical):
    stored = json.loads(canonical_bytes(medical))

    assert differences(stored, medical) == []


CHANGES = {
    "Title": lambda d: d.update(title="Hair"),
    "Summary": lambda d: d.update(summary="About hair."),
    "Codes": lambda d: d["codes"].append({"system": "mesh", "code": "D1", "display": ""}),
    "Risks: Risks": lambda d: d["sections"][0]["effects"][0].update(frequency="rare"),
    "Conclusion: In short": lambda d: d["sections"][1]["text"][0]["children"][0].update(marks=["strong"]),
    "Reference 1": lambda d: d["references"][0]["csl"].update(volume="2"),
}


@pytest.mark.parametrize("place", CHANGES)
def test_a_change_is_named_by_its_place_and_marked(medical, place):
    other = changed(medical, CHANGES[place])

    [found] = differences(medical, other)

    assert (found.place, found.kind) == (place, "changed")
    assert {run.op for run in found.runs} & {"added", "removed"}
    assert changed_places(medical, other) == [place]


def test_an_added_a_removed_and_a_moved_section_are_told_apart(medical):
    def change(document):
        document["sections"].reverse()
        document["sections"].append(section("s3", "faq", heading="Questions"))

    grown = differences(medical, changed(medical, change))
    shrunk = differences(changed(medical, change), medical)

    assert sorted(found.kind for found in grown) == ["added", "moved"]
    assert sorted(found.kind for found in shrunk) == ["moved", "removed"]


def test_a_link_that_leads_elsewhere_shows_as_words(medical):
    def linked(href):
        made = {"_key": "m0", "_type": "link", "href": href}
        return lambda d: d["sections"][0].update(text=[paragraph(span("here", "m0"), markDefs=[made])])

    before, after = changed(medical, linked("https://good.example")), changed(medical, linked("https://bad.example"))

    assert "bad" in "".join(run.text for run in differences(before, after)[0].runs if run.op == "added")


def test_a_first_version_is_all_new(medical):
    assert {found.kind for found in differences(None, medical)} == {"added"}


def test_ids_are_said_by_name(medical):
    before = {"kind": "presentation", "disclaimers": [{"id": "1"}]}
    after = {"kind": "presentation", "disclaimers": [{"id": "2"}]}

    [found] = differences(before, after, names={"1": "General", "2": "Medicines"})

    assert found.runs == (Run("removed", "General"), Run("added", "Medicines"))


@given(st.text(max_size=200), st.text(max_size=200))
def test_marked_words_hold_both_texts_whole(before, after):
    runs = mark_words(before, after)

    assert "".join(run.text for run in runs if run.op != "added") == before
    assert "".join(run.text for run in runs if run.op != "removed") == after


def test_a_removed_not_is_marked():
    runs = mark_words("It is not safe in pregnancy.", "It is safe in pregnancy.")

    assert Run("removed", "not ") in runs


def test_very_long_texts_are_compared_in_time():
    runs = mark_words("word " * 50_000, "other " * 50_000)

    assert [run.op for run in runs] == ["removed", "added"]


def test_an_excerpt_leaves_out_the_lines_that_stayed(medical):
    other = changed(medical, lambda d: d["sections"][0]["effects"][0].update(name="Sore mouth"))

    [found] = differences(medical, other)

    assert "Take care" not in "".join(run.text for run in found.excerpt)
    assert found.excerpt[0] == Run("same", "…\n")
    assert [run.text for run in found.excerpt if run.op == "added"] == ["Sore mouth"]

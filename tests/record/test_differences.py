"""What differs between two documents, in words: nothing that is signed can differ unseen."""

import copy
import json
import time

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.record.canonical import canonical_bytes, document_bytes
from articles.record.compare.differences import Run, changed_places, differences, mark_words
from tests.record.signed_values import at, leaves, lists, make_documents, put, renumbered

FAST = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


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
    reference = {"number": 1, "source_id": "a", "design": "cohort", "csl": {"title": "Doe J.", "volume": "1"}}
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
    "Reference: “Doe J.”": lambda d: d["references"][0]["csl"].update(volume="2"),
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


def test_an_anchor_that_leads_to_another_section_names_the_section(medical):
    def anchored(target):
        made = {"_key": "m0", "_type": "anchor", "section": target}
        paragraphs = [paragraph(span("here", "m0"), markDefs=[made])]
        return lambda d: d.update(sections=[section("s1", text=paragraphs), section("s2", heading="Dosage")])

    before, after = changed(medical, anchored("s1")), changed(medical, anchored("s2"))

    assert "“Dosage”" in "".join(run.text for run in differences(before, after)[0].runs if run.op == "added")


def test_a_first_version_is_all_new(medical):
    assert {found.kind for found in differences(None, medical)} == {"added"}


def test_ids_are_said_by_name(medical):
    before = {"kind": "presentation", "disclaimers": [{"id": "1"}]}
    after = {"kind": "presentation", "disclaimers": [{"id": "2"}]}

    [found] = differences(before, after, names={"1": "General", "2": "Medicines"})

    assert found.runs == (Run("removed", "General"), Run("same", "\n"), Run("added", "Medicines"))


@given(st.text(max_size=200), st.text(max_size=200))
def test_marked_words_hold_both_texts_whole(before, after):
    runs = mark_words(before, after)

    assert "".join(run.text for run in runs if run.op != "added") == before
    assert "".join(run.text for run in runs if run.op != "removed") == after


def test_a_removed_not_is_marked():
    runs = mark_words("It is not safe in pregnancy.", "It is safe in pregnancy.")

    assert Run("removed", "not ") in runs


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("Make an appointment.", "Make an appointment, if you can.", "", ", if you can"),
        ("an appointment today", "an appointment, today", "", ","),
        ("an appointment, today", "an appointment today", ",", ""),
        ("Go now. Rest.", "Go. Rest.", " now", ""),
        ("a low-dose scan", "a low dose scan", "-", " "),
        ("10 mg", "10\u00a0mg", " ", "\u00a0"),
        ("Take 5 mg.", "Take 50 mg.", "5", "50"),
    ],
)
def test_of_a_word_and_its_punctuation_only_what_changed_is_marked(before, after, removed, added):
    runs = mark_words(before, after)

    assert [run.text for run in runs if run.op != "same"] == [text for text in (removed, added) if text]


def test_very_long_texts_are_compared_in_time():
    runs = mark_words("word " * 50_000, "other " * 50_000)

    assert [run.op for run in runs] == ["removed", "added"]


def test_an_excerpt_leaves_out_the_lines_that_stayed(medical):
    other = changed(medical, lambda d: d["sections"][0]["effects"][0].update(name="Sore mouth"))

    [found] = differences(medical, other)

    assert "Take care" not in "".join(run.text for run in found.excerpt)
    assert found.excerpt[0] == Run("same", "…\n")
    assert [run.text for run in found.excerpt if run.op == "added"] == ["Sore mouth"]


# A whole article, as it is signed


@pytest.fixture(scope="module")
def signed(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_documents()
        transaction.set_rollback(True)


@pytest.fixture
def article(signed):
    return copy.deepcopy(signed["medical"])


def section_of(document, kind):
    return next(section for section in document["sections"] if section["kind"] == kind)


def excerpt_of(old, new, **options):
    [found] = differences(old, new, **options)
    return found.excerpt


def said(runs, *ops):
    return "".join(run.text for run in runs if run.op in (ops or ("same", "added", "removed")))


def test_a_first_version_reads_in_words(article):
    words = "\n".join(said(change.runs) for change in differences(None, article))

    often = "Common (at least 1 in 100 but fewer than 1 in 10 people)"
    assert f"Side effect: Irritation. {often}. Severity: Mild. On the skin." in words
    assert "Very low certainty. Certainty based on: Our judgment." in words
    assert "Cites Roe 2024 (Scalp Letters), directly, p. 3: “Some had ulcers.”" in words
    assert "Step: inhibits" in words
    assert "A dose of 10² units [Roe 2024 (Scalp Letters), indirectly, table 2], see" in words
    assert not [code for code in ("our-judgement", "very-low", "source_id", "must-show", "topical") if code in words]


def test_only_the_item_that_changed_is_shown_with_the_words_that_differ(article):
    other = copy.deepcopy(article)
    section_of(other, "risks")["effects"][1]["frequency"] = "very-rare"

    shown = excerpt_of(article, other)

    assert "Irritation" not in said(shown)
    assert said(shown).count("Side effect: Mouth ulcers.") == 1
    assert said(shown, "removed") == "Rare (at least 1 in 10,000 but fewer than 1 in 1,000 people)."
    assert said(shown, "added") == "Very rare (fewer than 1 in 10,000 people)."


def test_an_added_and_a_removed_item_are_named_and_the_others_left_out(article):
    other = copy.deepcopy(article)
    effects = section_of(other, "risks")["effects"]
    effects[0] = effects[0] | {"name": "Sleepiness", "severity": None, "route": None, "frequency": "not-known"}

    shown = excerpt_of(article, other)

    assert said(shown, "removed").startswith("Side effect: Irritation.")
    assert said(shown, "added") == (
        "Side effect: Sleepiness. Frequency not known. Cites Zwirbelmark 2024 (Journal of Scalps), directly."
    )
    assert "Mouth ulcers" not in said(shown)


def test_items_in_another_order_are_said_to_have_moved(article):
    other = copy.deepcopy(article)
    section_of(other, "risks")["effects"].reverse()

    shown = excerpt_of(article, other)

    assert said(shown, "added") == "(Moved) "
    assert not said(shown, "removed")


def test_a_row_of_a_table_is_shown_alone(article):
    other = copy.deepcopy(article)
    section_of(other, "table")["table"]["rows"][1][1] = "Common"

    shown = excerpt_of(article, other)

    assert (said(shown, "removed"), said(shown, "added")) == ("Rare", "Common")
    assert "Effect" not in said(shown)


def test_numbering_anew_is_no_change(article):
    other = renumbered(article, [1, 0])

    assert canonical_bytes(other) != canonical_bytes(article)
    assert section_of(other, "prose")["text"][1] != section_of(article, "prose")["text"][1]
    assert differences(article, other) == []


def test_a_citation_placed_early_is_the_only_change_beside_its_reference(article):
    third = article["references"][0] | {"source_id": "third", "number": 3, "csl": {"title": "A third study"}}
    other = renumbered(article | {"references": [*article["references"], third]}, [2, 0, 1])
    made = {"_key": "m0", "_type": "citation", "citations": [{"reference": 1, "support": "direct"}]}
    opening = section_of(other, "introduction")["text"][0]
    opening["children"].append(span("[1]", "m0"))
    opening["markDefs"].append(made)
    section_of(other, "sources")["references"] = [1, 2, 3]

    found = differences(article, other)

    assert [(change.place, change.kind) for change in found] == [
        ("Introduction", "changed"),
        ("Reference: “A third study”", "added"),
    ]
    assert said(found[0].excerpt, "added") == "[“A third study”, directly]"


CITATIONS = {
    "another source": lambda citations: citations[0].update(reference=1),
    "other support": lambda citations: citations[0].update(support="background"),
    "another page": lambda citations: citations[0].update(locator="p. 4"),
    "another quotation": lambda citations: citations[0].update(quote="None had ulcers."),
    "removed": lambda citations: citations.clear(),
    "added": lambda citations: citations.append(citations[0] | {"reference": 1}),
}


@pytest.mark.parametrize("way", CITATIONS)
def test_a_citation_that_says_something_else_is_a_change_of_its_item(article, way):
    other = copy.deepcopy(article)
    CITATIONS[way](section_of(other, "risks")["effects"][1]["citations"])

    shown = excerpt_of(article, other)

    assert "Mouth ulcers" in said(shown, "same")
    assert said(shown, "added", "removed")


def test_another_picture_is_said_in_words(signed):
    before = signed["medical"]
    after = put(put(before, ("hero", "sha256"), "sha-256:" + "0" * 64), ("hero", "alt"), "A comb")

    [found] = differences(before, after)

    assert found.place == "Hero image"
    assert "Picture file: 000000000000." in said(found.excerpt, "same", "added")
    assert "In words: A comb" in said(found.excerpt, "same", "added")


def test_an_offer_in_a_slot_is_named(signed):
    before = signed["presentation"]
    slot = before["offers"][0]
    after = before | {"offers": [slot | {"offer": "other"}]}
    names = {slot["section"]: "Questions?", slot["offer"]: "Consultation", "other": "Newsletter"}

    shown = excerpt_of(before, after, names=names)

    assert said(shown, "same", "added").strip() == "In the slot “Questions?”: Newsletter"


def test_a_picture_that_comes_for_none_is_a_change(signed):
    before, after = signed["medical"] | {"hero": None}, signed["medical"]

    assert [change.place for change in differences(before, after)] == ["Hero image"]
    assert [change.place for change in differences(after, before)] == ["Hero image"]


def test_a_section_that_moved_and_changed_says_both(article):
    other = copy.deepcopy(article)
    other["sections"].append(other["sections"].pop(2))
    other["sections"][-1]["heading"] = "Something else"

    [found] = differences(article, other)

    assert said(found.runs, "added").startswith("(Moved)")


def test_a_citation_without_its_number_is_a_change(article):
    other = copy.deepcopy(article)
    [span] = [span for span in spans(other) if span["text"] == "[1]"][:1]
    span["text"] = ""

    assert said(differences(article, other)[0].runs, "added")


def spans(value):
    """Every piece of rich text in it."""
    if isinstance(value, list):
        for item in value:
            yield from spans(item)
    elif isinstance(value, dict):
        if value.get("_type") == "span":
            yield value
        for item in value.values():
            yield from spans(item)


def changed_somewhere(document, data):
    """A copy of the document with one thing changed, added, removed, repeated or put elsewhere."""
    how = data.draw(st.sampled_from(["leaf", "drop", "repeat", "reverse", "key"]))
    if how == "leaf" or not list(lists(document)):
        paths = [path for path in leaves(document) if path != ("kind",)]  # without a kind it is no document
        path = data.draw(st.sampled_from(paths))
        least = int(path[-1] in ("_type", "_key"))  # nor is anything rich text without these
        values = st.one_of(st.none(), st.booleans(), st.integers(0, 5), st.text("ab 1.\u00a0\n", max_size=4))
        is_text = isinstance(at(document, path), str)
        return put(document, path, data.draw(st.text("aB 12.,\n", min_size=least, max_size=6) if is_text else values))
    path = data.draw(st.sampled_from(list(lists(document))))
    items = at(document, path)
    if how == "reverse":
        return put(document, path, items[::-1])
    here = data.draw(st.integers(0, len(items) - 1))
    if how == "key" and isinstance(items[here], dict):
        return put(document, (*path, here), items[here] | {"later": data.draw(st.text("ab", max_size=2))})
    return put(
        document, path, [*items[:here], *items[here + (how != "repeat") :], *([items[here]] * (how == "repeat"))]
    )


@FAST
@given(data=st.data(), part=st.sampled_from(["medical", "presentation", "offer", "disclaimer"]))
def test_whatever_differs_shows(signed, data, part):
    before = signed[part]
    after = changed_somewhere(before, data)
    found = differences(before, after)

    assert bool(found) == (document_bytes(before) != document_bytes(after))
    assert all(said(change.excerpt) for change in found)
    assert all(change.kind == "moved" or said(change.excerpt, "added", "removed") for change in found)


@FAST
@given(data=st.data())
def test_whatever_differs_shows_when_two_things_do(signed, data):
    before = signed["medical"]
    after = changed_somewhere(changed_somewhere(before, data), data)

    assert bool(differences(before, after)) == (document_bytes(before) != document_bytes(after))


@FAST
@given(order=st.permutations([0, 1, 2, 3]))
def test_no_order_of_the_references_is_a_change(signed, order):
    more = [signed["medical"]["references"][0] | {"number": at, "source_id": f"s{at}"} for at in (3, 4)]
    article = signed["medical"] | {"references": [*signed["medical"]["references"], *more]}

    assert differences(article, renumbered(article, list(order))) == []


def test_repetitive_text_is_compared_quickly():
    """Words that are everywhere would take cubic time."""
    before, after = (" ".join(f"Aa {number}." for _ in range(1_300)) for number in (1, 2))
    begun = time.monotonic()

    runs = mark_words(before, after)

    assert time.monotonic() - begun < 5
    assert "".join(run.text for run in runs if run.op != "added") == before
    assert "".join(run.text for run in runs if run.op != "removed") == after


@pytest.mark.parametrize(
    ("other", "is_same"),
    [({}, True), ({"heading": "Other"}, False), ({"kind": "conclusion"}, False), ({"words": "Never take"}, False)],
)
def test_the_key_is_that_of_the_whole_section(other, is_same):
    """The id of the section aside."""

    def key(section: str, *, heading: str = "Use", kind: str = "prose", words: str = "Take") -> str:
        def document(dose: str) -> dict:
            block = {"_type": "block", "style": "normal", "children": [{"_type": "span", "text": f"{words} {dose}."}]}
            return {"sections": [{"id": section, "kind": kind, "heading": heading, "text": [block]}]}

        (change,) = differences(document("5 mg"), document("50 mg"))
        assert change.is_told
        return change.key

    ids = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")
    assert (key(ids[0]) == key(ids[1], **other)) is is_same

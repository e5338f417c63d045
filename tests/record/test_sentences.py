"""The same difference in many texts is one; what differs more is another."""

from hypothesis import given
from hypothesis import strategies as st

from articles.record.compare.differences import Change, differences, mark_words
from articles.record.compare.sentences import told


def change(before: str, after: str, **more) -> Change:
    return Change("Summary", "changed", mark_words(before, after), **more)


def said(before: str, after: str) -> list[str]:
    """Each difference as text, with [-removed-] and {+added+}."""
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    found = told("medical", change(before, after))
    return ["".join(signs[run.op].format(run.text) for run in each.runs).strip() for each in found]


def test_only_the_sentence_is_told():
    assert said("It is safe. Take 5 mg. Ask us.", "It is safe. Take 0.5 mg. Ask us.") == ["Take {+0.+}5 mg."]


def test_a_sentence_that_was_added_stands_alone():
    assert said("It is safe.", "It is safe. Ask us.") == ["{+Ask us.+}"]
    assert said("It is safe. Ask us.", "It is safe.") == ["[-Ask us.-]"]


def test_two_sentences_are_two_differences():
    assert len(said("One cat sat. It slept. Two dogs ran.", "One cow sat. It slept. Two hens ran.")) == 2


def test_abbreviations_and_decimals_end_no_sentence():
    assert said("Take 0.5 mg, e.g. at night.", "Take 0.6 mg, e.g. at night.") == [
        "Take 0.[-5 -]{+6 +}mg, e.g. at night."
    ]


def test_the_same_sentence_has_the_same_key_wherever_it_is():
    keys = {told("medical", change(f"{more} Take 5 mg.", f"{more} Take 6 mg."))[0].key for more in ("It helps.", "No.")}

    assert len(keys) == 1


def test_another_part_sentence_or_unsaid_difference_has_another_key():
    one = change("Take 5 mg.", "Take 6 mg.")
    found = [
        told("medical", one),
        told("presentation", one),
        told("medical", change("Take 5 mg.", "Take 6 mg.", unsaid="x")),
        told("medical", change("Take 5 mg at night.", "Take 6 mg at night.")),
        told("medical", change("Take 6 mg.", "Take 5 mg.")),
    ]

    assert len({rows[0].key for rows in found}) == len(found)


words = st.text(st.sampled_from("ab .!?\"'AÄ1\n"), max_size=60)


@given(words, words)
def test_every_word_that_changed_is_told(before, after):
    """Put together, what is told holds all that was removed and added, but what both have in common."""
    runs = mark_words(before, after)
    told_runs = [run for each in told("medical", Change("", "changed", runs)) for run in each.runs]
    lost = {op: "".join(run.text for run in runs if run.op == op) for op in ("removed", "added")}
    kept = {op: "".join(run.text for run in told_runs if run.op in (op, "same")) for op in lost}
    for op, text in lost.items():
        rest = iter(kept[op])
        assert all(letter in rest for letter in text if not letter.isspace())


def test_a_difference_between_works_of_one_name_is_unsaid():
    def document(source: str) -> dict:
        row = {"number": 1, "source_id": source, "csl": {"title": "A study", "type": "article"}}
        mark = {"_key": "m0", "_type": "citation", "citations": [{"reference": 1, "support": "direct"}]}
        block = {"_type": "block", "style": "normal", "markDefs": [mark]}
        children = [{"_type": "span", "text": "It helps.", "marks": ["m0"]}]
        section = {"id": "s", "kind": "prose", "heading": "Help", "text": [block | {"children": children}]}
        return {"sections": [section], "references": [row]}

    first, second = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")
    found = [each for each in differences(document(first), document(second)) if each.section == "s"]

    assert found and all(each.unsaid for each in found)

"""Which numbers are reference numbers that somebody typed, and which are powers, units, intervals and years."""

import time

import pytest

from articles.checks.typed import find_typed, typed_reference
from tests.checks.conftest import make_draft, make_section
from tests.checks.faults import mark

REFERENCES = {
    "It helps most people [2].": ["[2]"],
    "It helps most people. [2]": ["[2]"],
    "A review found few trials [1,3].": ["[1,3]"],
    "Several trials [1, 3–5] agree.": ["[1, 3–5]"],
    "Two trials [1][2] agree.": ["[1]", "[2]"],
    "Another one reported thicker hair.¹": ["¹"],
    "Another one reported thicker hair¹, and two did not.": ["¹"],
    "Agreed by all.¹²": ["¹²"],
    "It helps <b>most</b> people<sup>2</sup>.": ["²"],
    "It helps most people.<sup>1,3</sup>": ["¹,³"],
    "Die meisten Menschen vertragen es gut [4].": ["[4]"],
    "Eine Studie fand dickeres Haar.²": ["²"],
    "La mayoría lo tolera bien [4, 7].": ["[4, 7]"],
    "El cabello era más grueso.³": ["³"],
}
OTHERS = [
    "10³ units, 10² cells, 5 × 10⁻⁶ g",
    "25 kg/m², 12 cm³, 3 m²",
    "25 kg/m<sup>2</sup> and 10<sup>3</sup>",
    "R² was 0.5, and χ² was 3",
    "twelve square metres² of skin",
    "(4) four things, and (2) two",
    "in 2017, or [2017]",
    "95% CI [1, 3]",
    "95-%-KI [1, 3], Konfidenzintervall: [2; 4]",
    "IC [1, 3]",
    "Ca²⁺ and PO₄³⁻",
    "from 3 to 5 mg",
    "a[b] and [see below]",
]


def found(text: str) -> list[str]:
    draft = make_draft(make_section("conclusion", text=f"<p>{text}</p>"))
    return [finding.message.split("”")[0].removeprefix("Replace “") for finding in typed_reference(draft)]


@pytest.mark.parametrize(("text", "numbers"), REFERENCES.items())
def test_a_typed_reference_number_is_found(text, numbers):
    assert found(text) == numbers


@pytest.mark.parametrize("text", OTHERS)
def test_another_number_is_left_alone(text):
    assert found(text) == []


def test_what_the_numbering_made_is_no_typed_number():
    assert found(f"It helps {mark('1')}.") == []


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("It helps [2].", "write it without brackets."),
        ("It covers a room².", "write it in words, such as “square meters”."),
        ("It covers a room<sup>2</sup>.", "write it in words, such as “square meters”."),
    ],
)
def test_the_advice_fits_what_stands_there(text, advice):
    (finding,) = typed_reference(make_draft(make_section("conclusion", text=f"<p>{text}</p>")))

    assert finding.message.endswith(f"If it is no reference, {advice}")


@pytest.mark.parametrize(
    ("section", "path"),
    [
        (make_section("causes", items=[{"name": "Dandruff [2]", "text": ""}]), "body/causes/items/0/name"),
        (make_section("faq", items=[{"question": "Why?", "answer": "<p>So [2].</p>"}]), "body/faq/items/0/answer"),
        (make_section("table", table={"data": [["Itch [2]"]]}), "body/table/table/data/0/0"),
    ],
    ids=["item", "answer", "cell"],
)
def test_it_is_found_in_every_field_with_its_place(section, path):
    assert [finding.path for finding in typed_reference(make_draft(section))] == [path]


@pytest.mark.parametrize("text", ["[1]", "[1, ", "hair.¹ ", "¹ ", "[1  "])
def test_a_very_long_text_is_read_in_time(text):
    begun = time.monotonic()

    find_typed(text * 100_000)

    assert time.monotonic() - begun < 20  # it took minutes for a tenth of this

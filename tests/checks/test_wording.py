"""How hard a text is, which abbreviations it explains, and which words label people."""

import pytest

from articles.checks.wording.plain import hard_to_read, stigmatizing_term, undefined_abbreviation
from articles.checks.wording.reading import grade, syllables
from tests.checks.conftest import make_draft, make_section
from tests.checks.faults import HARD

SYLLABLES = {
    "the": 1,
    "used": 1,
    "made": 1,
    "rule": 1,
    "helped": 1,
    "likes": 1,
    "table": 2,
    "needed": 2,
    "causes": 2,
    "diseases": 3,
    "medicine": 3,
    "inflammation": 4,
}
EXPLAINED = [
    "Low-dose CT (LDCT) is a scan. LDCT is quick.",
    "LDCT (low-dose CT) is a scan.",
    "Nonsteroidal medicines (also called NSAIDs) help. NSAIDs can hurt.",
    "Cells use a protein called STAT.",
    "The protein mTOR is a switch.",
    "An MRI or a CT scan in the US, says WHO. Type II is rare, and so is COVID-19.",
    "Do NOT scratch. It does not help.",
    "Vitamin B12, CD4+ and pH.",
]
LABELS = {
    "Diabetics heal slowly.": "Diabetics",
    "He suffers from acne.": "suffers from",
    "A patient confined to a wheelchair.": "confined to a wheelchair",
    "Heroin addicts need help.": "addicts",
    "Signs of substance abuse.": "substance abuse",
}
NO_LABELS = [
    "Diabetic ketoacidosis is an emergency.",
    "People with diabetes heal slowly.",
    "The National Institute on Drug Abuse says so.",
    "An addiction can be treated.",
    "Epileptic seizures are short.",
]


@pytest.mark.parametrize(("word", "count"), SYLLABLES.items())
def test_syllables_are_counted(word, count):
    assert syllables(word) == count


def test_the_grade_follows_the_formula():
    assert grade("The cat sat on the mat. It was fat.") == pytest.approx(0.39 * 9 / 2 + 11.8 - 15.59)
    assert grade("12 – 5") == 0


@pytest.mark.parametrize(
    "draft",
    [
        make_draft(make_section("conclusion", text=HARD), audience="clinician"),
        make_draft(make_section("conclusion", text=HARD), locale="de"),
        make_draft(make_section("conclusion", text=f"<p>{'It can itch for a long time. ' * 60}</p>")),
        make_draft(make_section("conclusion", text=HARD[:400])),
    ],
    ids=["clinicians", "german", "easy", "short"],
)
def test_a_text_that_is_easy_enough_or_cannot_be_judged_is_in_order(draft):
    assert list(hard_to_read(draft)) == []


@pytest.mark.parametrize("text", EXPLAINED)
def test_an_abbreviation_is_explained_or_known(text):
    assert list(undefined_abbreviation(saying(text))) == []


def test_clinicians_know_their_abbreviations():
    assert list(undefined_abbreviation(make_draft(summary="LDCT", audience="clinician"))) == []


def test_all_abbreviations_are_one_finding_at_the_first():
    (finding,) = undefined_abbreviation(make_draft(make_section("conclusion", text="<p>LDCT, NLST.</p>")))

    assert finding.path == "body/conclusion/text"
    assert finding.message == "Write out LDCT, NLST where it first appears, with the abbreviation in brackets."


@pytest.mark.parametrize(("text", "label"), LABELS.items())
def test_a_label_is_found(text, label):
    (finding,) = stigmatizing_term(saying(text))

    assert finding.message.startswith(f"Replace “{label}” in “In short”, for example by “")


@pytest.mark.parametrize("text", NO_LABELS)
def test_other_words_are_no_labels(text):
    assert list(stigmatizing_term(saying(text))) == []


def saying(text: str):
    return make_draft(make_section("conclusion", heading="In short", text=f"<p>{text}</p>"))

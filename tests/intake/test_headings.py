"""Headings are understood, not listed: ways of asking and word families, in any wording."""

import json

import pytest

from articles.intake.recognize.headings import read_heading
from articles.record.vocabulary import SectionKind

HEADINGS = {
    "introduction": [
        "What is psoriasis?",
        "Metformin explained",
        "Why is metformin prescribed?",
        "About acrivastine",
    ],
    "causes": [
        "Why do I keep getting migraines?",
        "How do people catch scabies?",
        "What makes eczema flare up?",
        "Is it hereditary?",
        "Common culprits behind a dry scalp",
    ],
    "mechanism": [
        "How does sirolimus work?",
        "What goes on inside the follicle?",
        "Mode of action",
        "How do statins affect the liver?",
    ],
    "evidence": [
        "What the studies say",
        "Does collagen really work?",
        "How effective is it?",
        "Can vitamin D help with depression?",
        "Trial results so far",
    ],
    "risks": [
        "Is it safe to take every day?",
        "Who shouldn't take it",
        "Possible downsides",
        "Can you drink alcohol while taking it?",
        "Use during pregnancy and breastfeeding",
        "Cautions with other medicines",
    ],
    "seek-help": ["When should I see a doctor?", "When to call your doctor", "Red flags"],
    "conclusion": ["The bottom line", "Key takeaways", "In a nutshell", "Final thoughts"],
    "faq": ["Frequently asked questions", "Your questions answered"],
    "cta": ["Book an appointment", "Start your journey today"],
    "symptoms": ["What does a melanoma look like?", "How can I tell if I have it?", "Signs to look for"],
    "diagnosis": ["Getting a diagnosis", "Tests you may need", "How is it found?"],
    "treatment": ["How do you get rid of warts?", "Home remedies", "What helps?", "How doctors treat it"],
    "dosage": ["How much should I take?", "Missed doses", "How often should it be applied?"],
    "prevention": ["Lowering your risk", "Can it be prevented?", "How to stop it spreading"],
    "preparation": ["Before the procedure", "How do I get ready for the scan?"],
    "results": ["Understanding your results", "What do the numbers mean?"],
    "living-with": ["Day-to-day life with lupus", "Coping with chronic pain"],
    "prognosis": ["What is the outlook?", "How long does it last?", "Will it come back?"],
    "other": ["How common is it?", "Where to buy it", "Cost and availability", "6-in-1 vaccine ingredients"],
}
CASES = [(heading, kind) for kind, headings in HEADINGS.items() for heading in headings]


def kind_of(heading: str, title: str = "") -> str:
    meaning = read_heading(heading, title=title).meaning
    return str(meaning.aspect or meaning.kind) if meaning else "none"


@pytest.mark.parametrize(("heading", "kind"), CASES)
def test_a_heading_announces_its_kind(heading, kind):
    assert kind_of(heading) == kind


def test_the_head_of_a_heading_counts_more_than_what_follows_its_preposition():
    assert kind_of("Side effects of treatment") == "risks"
    assert kind_of("Treatment of acne symptoms") == "treatment"


def test_words_of_the_title_name_the_topic_and_not_the_kind():
    assert kind_of("What causes treatment resistance?", title="Treatment resistance") == "causes"
    assert kind_of("What is a treatment break?", title="Treatment breaks") == "introduction"


def test_a_heading_of_title_words_alone_is_still_read():
    assert kind_of("Side effects", title="Side effects of statins") == "risks"


def test_a_reading_names_the_words_that_spoke_for_it():
    assert read_heading("What causes scalp inflammation?").words == "causes"


def test_natural_nhs_headings_are_understood(shared):
    lines = (shared / "data/expected/nhs_sections.jsonl").read_text(encoding="utf-8").splitlines()
    sections = [json.loads(line) for line in lines]

    right = [each for each in sections if _scored(kind_of(each["heading"])) in each["accept"]]

    assert len(right) / len(sections) >= 0.9


def _scored(kind: str) -> str:
    return "other" if kind in (SectionKind.FAQ, SectionKind.SEEK_HELP, "none") else kind

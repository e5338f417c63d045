"""From blocks to parts: every block in one part, in file order, with a reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.authoring.characters import clean
from articles.errors import Unreadable
from articles.intake.outline import Role, count_words
from articles.intake.readers import text
from articles.intake.recognize.classify import outline
from articles.record.vocabulary import Purpose, SectionKind, TargetType

HARM = "It can make people drowsy the next day, so nobody should drive after it before they know how they take it."
PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it."
WORDS = st.sampled_from(
    [
        "What causes it?",
        "Sources",
        "- item",
        "1. one",
        "0 Shares:",
        "Book a visit with us today.",
        "NIH: A title",
        "a-",
        "b",
        PROSE,
    ]
)
FILES = st.one_of(
    st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1),
    st.lists(st.one_of(WORDS, st.text(max_size=20)), min_size=1).map("\n\n".join),
    st.lists(WORDS, min_size=1).map("\n".join),
)  # fmt: skip


def shown(read) -> list[tuple[str, str, str]]:
    return [(str(part.kind), part.heading, part.text) for part in read.sections]


@settings(deadline=None)
@given(FILES)
def test_no_word_is_lost_or_invented(written):
    data = written.encode("utf-8", "ignore")

    try:
        words = outline(text.read_blocks(data)).words
    except Unreadable:
        words = None

    assert words is None or words == count_words([clean(data.decode())])


def test_the_seed_reads_as_its_author_meant_it(seed):
    read = outline(text.read_blocks(seed.read_bytes()))

    assert [str(part.kind) for part in read.sections] == [
        "introduction", "causes", "mechanism", "evidence", "risks", "conclusion", "cta", "cta", "cta",
    ]  # fmt: skip
    assert read.title == "The connection between rapamycin and scalp inflammation"
    assert read.hero_alt == "Close up of a woman's hair, showing her scalp"
    assert [part.text for part in read.of(Role.LEFT_OUT)] == ["Sources", "0 Shares:"]


def test_the_seeds_sources_have_publisher_and_title(seed):
    sources = outline(text.read_blocks(seed.read_bytes())).of(Role.SOURCE)

    assert [part.reference.publisher for part in sources] == ["NIH", "ScienceDirect", "Nature", "The Lancet"]
    assert sources[3].reference.title.startswith("Targeting ageing with rapamycin")


def test_the_seed_needs_no_guess(seed):
    assert min(part.confidence for part in outline(text.read_blocks(seed.read_bytes())).sections) >= 0.5


def test_text_before_the_first_heading_is_the_introduction(read):
    assert shown(read(f"Title\n\n{PROSE}\n\nRisks\n\n{PROSE}"))[0] == ("introduction", "", PROSE)


def test_a_heading_that_says_nothing_known_is_judged_by_its_text(read):
    body = "Studies in 40 participants found lower scores; a placebo did not help. Researchers call for trials."

    sections = read(f"Title\n\n{PROSE}\n\nWhat about that other one?\n\n{body}").sections

    assert sections[1].kind == SectionKind.EVIDENCE
    assert "text" in sections[1].reason


@pytest.mark.parametrize(
    "items",
    [
        ("itching", "redness", "dry skin", "a burning feeling"),
        ("Eat slowly", "Chew well", "Drink water between meals", "Avoid fizzy drinks"),
        ("Apples", "Pears", "Milk"),
    ],
    ids=["symptoms", "advice", "foods"],
)
def test_a_list_without_bullets_makes_no_headings(read, items):
    listed = "\n\n".join(items)

    found = read(f"Title\n\n{PROSE}\n\nRisks\n\nThese matter:\n\n{listed}\n\n{PROSE}")

    assert [part.heading for part in found.sections] == ["", "Risks"]


def test_items_of_a_list_stand_a_line_each(read):
    assert shown(read("Title\n\nSymptoms\n\nThere are two:\n\n- itching\n\n- redness"))[0][2] == (
        "There are two:\n\n- itching\n- redness"
    )


def test_questions_below_a_faq_belong_to_it(read):
    questions = f"Is it safe?\n\n{PROSE}\n\nDoes it hurt?\n\n{PROSE}"

    written = f"Title\n\n{PROSE}\n\nFrequently asked questions\n\n{questions}"

    assert [kind for kind, _, _ in shown(read(written))] == ["introduction", "faq"]


@pytest.mark.parametrize(
    ("call", "purpose", "target_type", "target"),
    [
        ("Schedule a consultation with Heally today.", Purpose.CONSULTATION, TargetType.HTTPS, ""),
        ("Check out our different services.", Purpose.SERVICE, TargetType.HTTPS, ""),
        ("Interested in getting Rapamycin?", Purpose.PRODUCT, TargetType.HTTPS, ""),
        ("Subscribe to our newsletter.", Purpose.NEWSLETTER, TargetType.HTTPS, ""),
        ("Book a visit online at https://example.org/book.", Purpose.CONSULTATION, TargetType.HTTPS, "https://example.org/book"),
        ("Questions? Call us on +44 20 7946 0000.", Purpose.SERVICE, TargetType.TEL, "+44 20 7946 0000"),
        ("Contact our team: help@example.org", Purpose.SERVICE, TargetType.MAILTO, "help@example.org"),
    ],
)  # fmt: skip
def test_an_invitation_to_a_service_is_a_call_to_action_wherever_it_stands(read, call, purpose, target_type, target):
    part = read(f"Title\n\nRisks\n\n{PROSE}\n\n{call}\n\n0 Shares").sections[1]

    assert (part.kind, part.text) == (SectionKind.CTA, call)
    assert (part.call.purpose, part.call.target_type, part.call.target) == (purpose, target_type, target)


def test_text_after_a_call_goes_on_with_the_section_that_it_interrupts(read):
    sections = read(f"Title\n\nRisks\n\n{PROSE}\n\nBook a visit with us today.\n\n{PROSE}").sections

    assert [str(part.kind) for part in sections] == ["risks", "cta", "risks"]


@pytest.mark.parametrize(
    "advice",
    [
        "Make an appointment with your doctor if it gets worse.",
        "Call 911 now if you cannot breathe.",
        "See a GP if the rash spreads or you feel unwell.",
        "Talk to your pharmacist before you buy it online.",
        "For side effects of treatment, see our Side Effects page.",
    ],
)
def test_medical_advice_is_no_call_to_action(read, advice):
    assert len(read(f"Title\n\nRisks\n\n{PROSE}\n\n{advice}").sections) == 1


def test_a_teaser_above_an_invitation_is_its_heading(read):
    written = f"Title\n\n{PROSE}\n\nReady to feel better?\n\nBook a visit with us today."

    assert shown(read(written))[1] == ("cta", "Ready to feel better?", "Book a visit with us today.")


@pytest.mark.parametrize(
    "furniture",
    [
        "0 Shares:",
        "12 comments",
        "Share this",
        "Tweet",
        "Facebook | Twitter | Email",
        "Read more »",
        "Related articles",
        "Advertisement",
        "Photo: Getty Images",
        "We use cookies to improve your visit. Accept all cookies.",
        "© 2024 Example Ltd. All rights reserved.",
        "5 min read",
        "[Book now]",
        "[photo: the waiting room]",
        ">> BOOK ONLINE <<",
        "Back to top",
        "* * *",
    ],
)
def test_page_furniture_is_left_out_with_the_reason(read, furniture):
    left_out = read(f"Title\n\n{PROSE}\n\n{furniture}\n\nRisks\n\n{HARM}").of(Role.LEFT_OUT)

    assert [(part.text, part.reason[:14]) for part in left_out] == [(furniture, "Page furniture")]


@pytest.mark.parametrize(
    "line", ["By Dr. Jane Miller", "Medically reviewed by Ann Lee, MD", "Updated on March 3, 2024"]
)
def test_bylines_and_dates_below_the_title_are_left_out(read, line):
    assert [part.text for part in read(f"Title\n\n{line}\n\n{PROSE}").of(Role.LEFT_OUT)] == [line]


def test_a_title_pasted_twice_is_left_out_once(read):
    assert [part.text for part in read(f"On acne\n\nOn acne\n\n{PROSE}").of(Role.LEFT_OUT)] == ["On acne"]


@pytest.mark.parametrize("line", ["What is acne?", "Overview", "A guide for families"])
def test_other_lines_below_the_title_are_no_alt_text(read, line):
    assert read(f"Title\n\n{line}\n\n{PROSE}").hero_alt == ""


@pytest.mark.parametrize("heading", ["Sources", "References:", "Further reading", "SOURCES AND REFERENCES", "Quellen"])
def test_source_lists_are_known_by_their_heading(read, heading):
    written = f"Title\n\n{PROSE}\n\n{heading}\n\nNIH: Acne in adults\n\nNHS: Acne, an overview"

    assert len(read(written).of(Role.SOURCE)) == 2


def test_a_section_after_the_source_list_is_no_source(read):
    author = "About the author\n\nAnn Lee writes for you and your family."

    assert len(read(f"Title\n\n{PROSE}\n\nSources\n\nNIH: Acne\n\n{author}").of(Role.SOURCE)) == 1


def test_a_file_with_only_a_title_says_what_is_missing(read):
    assert "No text was found below the title." in read("Acne").warnings


def test_a_file_that_begins_with_prose_has_no_title(read):
    prose_first = read(f"{PROSE} {PROSE}\n\n{PROSE}")

    assert prose_first.title == ""
    assert "No title was found" in prose_first.warnings[0]


def test_a_second_introduction_is_announced_as_prose(read):
    written = f"Title\n\nWhat is acne?\n\n{PROSE}\n\nWhat is a comedo?\n\n{PROSE}"

    assert any("becomes prose" in warning for warning in read(written).warnings)

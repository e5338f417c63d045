"""Numbers by which a file cites its own list become citations of these sources; all others stay words."""

import time

import pytest
from wagtail.models import Locale

from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.intake.importing import Destination, import_file
from articles.intake.numbered import cite, numbered_sources
from articles.intake.outline import Role
from articles.intake.readers import text
from articles.intake.recognize import classify
from articles.sources.models import Source

KEYS = {1: 11, 2: 12, 3: 13, 4: 14}

CITATIONS = {
    "Most people get enough [2].": [("12", "[2]")],
    "Most people get enough. [2]": [("12", "[2]")],
    "A review found few trials [1,3].": [("11,13", "[1,3]")],
    "Several trials [1–3] agree.": [("11,12,13", "[1–3]")],
    "Two trials [1][2] agree.": [("11", "[1]"), ("12", "[2]")],
    "Thicker hair was reported.¹": [("11", "¹")],
    "Thicker hair was reported¹,³ twice.": [("11,13", "¹,³")],
    "In cells it changes keratin (4).": [("14", "(4)")],
    "Die meisten vertragen es gut [4].": [("14", "[4]")],
    "Eine Studie fand dickeres Haar.²": [("12", "²")],
    "Das Haar war dicker (3), aber nicht bei allen.": [("13", "(3)")],
    "La mayoría lo tolera bien [1, 4].": [("11,14", "[1, 4]")],
    "El cabello era más grueso.³": [("13", "³")],
}
WORDS = [
    "A source that the list does not have [7].",
    "One that it has, and one that it has not [1,7].",
    "10³ units and 25 kg/m²",
    "Four things help: (1) sleep, (2) food, (3) light, (4) rest.",
    "It took 3 (4) days of rest.",
    "in 2017 (2) and [2017]",
    "95% CI [1, 3]",
    "(4)",
]


def citations(html: str) -> list[tuple[str, str]]:
    parts = html.split('<a linktype="citation" sources="')[1:]
    return [(part.split('"')[0], part.split(">")[1].split("<")[0]) for part in parts]


@pytest.mark.parametrize(("words", "made"), CITATIONS.items())
def test_a_number_of_the_files_own_list_becomes_a_citation_and_no_word_is_lost(words, made):
    html = cite({"text": f"<p>{words}</p>"}, KEYS)["text"]

    assert citations(html) == made
    assert html.count('support=""') == len(made)


@pytest.mark.parametrize("words", WORDS)
def test_what_is_unsure_stays_words(words):
    assert cite({"text": f"<p>{words}</p>"}, KEYS) == {"text": f"<p>{words}</p>"}


def test_a_heading_is_never_cited_and_answers_are():
    value = {"heading": "Zinc [1]", "items": [{"question": "Why [1]?", "answer": "<p>So [1].</p>"}]}

    made = cite(value, KEYS)

    assert (made["heading"], made["items"][0]["question"]) == ("Zinc [1]", "Why [1]?")
    assert citations(made["items"][0]["answer"]) == [("11", "[1]")]


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (["1. Adams B. Zinc. J Test. 2017;3:1-9.", "2. Evans F. Nails. J Test. 2019;5:11-19."], [1, 2]),
        (["[1] Adams B. Zinc. J Test. 2017;3:1-9.", "[2] Evans F. Nails. J Test. 2019;5:11-19."], [1, 2]),
        (["Adams B. Zinc. J Test. 2017;3:1-9.", "Evans F. Nails. J Test. 2019;5:11-19."], []),
        (["1. Adams B. Zinc. J Test. 2017;3:1-9.", "3. Evans F. Nails. J Test. 2019;5:11-19."], []),
    ],
    ids=["1.", "[1]", "without numbers", "with a gap"],
)
def test_a_list_counts_as_numbered_when_it_is_numbered_from_one(lines, numbers):
    file = "\n\n".join(
        [
            "Zinc and nails",
            "Zinc helps nails to grow, as many people believe who take it every day with a meal [1].",
            "References",
            "\n".join(lines),
        ]
    )

    outline = classify.outline(text.read_blocks(file.encode()))

    assert len(outline.of(Role.SOURCE)) == 2
    assert sorted(numbered_sources(outline)) == numbers


@pytest.mark.django_db
def test_the_file_that_failed_in_the_field_cites_its_own_list(shared):
    to = Destination(ArticleIndexPage.objects.get(slug="articles"), Locale.get_default())

    entry = import_file(shared / "data/field/numbered-references.txt", to=to)

    page = ArticlePage.objects.get(pk=entry["page"]["id"]).get_latest_revision_as_object()
    titles = dict(Source.objects.values_list("pk", "title"))
    found = [citations(block.value["text"].source) for block in page.body]
    assert [[[titles[int(key)] for key in keys.split(",")] for keys, _ in each] for each in found] == [
        [["Biotin in food"], ["Biotin for hair: a review", "A trial of biotin"], ["Keratin in cells"]],
        [["A trial of biotin"], ["Biotin for hair: a review"]],
        [["Biotin in food"]],
        [],
    ]


def test_a_very_long_paragraph_is_cited_in_time():
    begun = time.monotonic()

    html = cite({"text": "<p>" + "It helps [1]. " * 100_000 + "</p>"}, KEYS)["text"]

    assert html.count('sources="11"') == 100_000
    assert time.monotonic() - begun < 20

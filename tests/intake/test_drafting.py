"""From an outline to a draft: never live, nothing lost, no second article."""

import hashlib
import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from wagtail.models import Locale

from articles.authoring.components import Offer
from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.intake.importing import Destination, import_file
from articles.intake.outline import count_words
from articles.sources.models import Source

pytestmark = pytest.mark.django_db
SAMPLES = sorted(Path(__file__).resolve().parents[2].glob("cms/demo/articles/*.txt"))
PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it."

EVERY_KIND = "\n\n".join(
    [
        "Gallstones",
        PROSE,
        *(f"{heading}\n\n{PROSE}" for heading in ("What causes gallstones?", "Symptoms", "Risks of surgery")),
        f"When to seek medical help\n\n{PROSE}",
        f"Conclusion\n\n{PROSE}",
    ]
)


@pytest.fixture
def to() -> Destination:
    return Destination(ArticleIndexPage.objects.get(slug="articles"), Locale.get_default())


def latest(entry: dict) -> ArticlePage:
    return ArticlePage.objects.get(pk=entry["page"]["id"]).get_latest_revision_as_object()


def words_of(page: ArticlePage) -> Counter[str]:
    """Every word that the draft shows: title, alternative text, headings, texts, offers, sources."""
    texts = [page.title, page.hero_alt]
    texts += [text for block in page.body for text in _texts(block.value)]
    return count_words(unescape(re.sub(r"<[^>]+>", " ", text)) for text in texts)


def _texts(value) -> list[str]:
    offer = value.get("offer")
    items = value.get("items") or []
    sources = [f"{item.publisher} {item.title}" for item in items if isinstance(item, Source)]
    answers = [f"{item['question']} {item['answer'].source}" for item in items if not isinstance(item, Source)]
    return [value["heading"], value["text"].source, offer.text if offer else "", *sources, *answers]


def words_of_report(entry: dict) -> Counter[str]:
    texts = [entry["title"], entry["hero"]["alt"] if entry["hero"] else ""]
    texts += [text for section in entry["sections"] for text in (section["heading"], section["text"])]
    return count_words([*texts, *(source["text"] for source in entry["sources"])])


def test_the_seeds_words_are_those_of_its_report(seed, to):
    told = import_file(seed, to=to)

    left_out = count_words(each["text"] for each in told["left_out"])

    assert words_of_report(told) + left_out == count_words([seed.read_text(encoding="utf-8")])


def test_the_words_of_the_seeds_report_are_those_of_its_draft(seed, to):
    told = import_file(seed, to=to)

    assert words_of(latest(told)) == words_of_report(told)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: file.stem)
def test_the_words_of_a_samples_report_are_those_of_its_draft(sample, to):
    told = import_file(sample, to=to)

    assert words_of(latest(told)) == words_of_report(told)


def test_a_section_of_every_kind_reaches_the_draft(to, write):
    told = import_file(write(EVERY_KIND), to=to)

    kinds = [block.block_type.replace("_", "-") for block in latest(told).body]

    assert kinds == [section["kind"] for section in told["sections"]]
    assert "seek-help" in kinds


def test_the_seeds_draft_has_its_sections_in_order(seed, to):
    page = latest(import_file(seed, to=to))

    assert [block.block_type for block in page.body] == [
        *("introduction", "causes", "mechanism", "evidence", "risks", "conclusion", "cta"),
        *("sources", "cta", "cta"),
    ]
    assert page.hero_alt == "Close up of a woman's hair, showing her scalp"


def test_the_seeds_sources_become_records_of_the_sources_section(seed, to):
    page = latest(import_file(seed, to=to))
    section = next(block for block in page.body if block.block_type == "sources")

    assert [source.publisher for source in section.value["items"]] == [
        "NIH",
        "ScienceDirect",
        "Nature",
        "The Lancet",
    ]


def test_a_draft_is_never_live(seed, to):
    page = ArticlePage.objects.get(pk=import_file(seed, to=to)["page"]["id"])

    assert not page.live
    assert page.has_unpublished_changes
    assert page.latest_revision is not None


def test_a_draft_belongs_to_whoever_imports_it(seed, to, django_user_model):
    author = django_user_model.objects.create_user("author")
    by_author = Destination(to.parent, to.locale, author)

    page = ArticlePage.objects.get(pk=import_file(seed, to=by_author)["page"]["id"])

    assert (page.owner, page.latest_revision.user) == (author, author)


def test_the_same_bytes_make_no_second_article(seed, to, write):
    first = import_file(seed, to=to)

    again = import_file(write(seed.read_bytes(), "copy.txt"), to=to)

    assert (again["status"], again["page"]) == ("unchanged", first["page"])
    assert ArticlePage.objects.count() == 1


def test_a_dry_run_makes_nothing(seed, to):
    told = import_file(seed, to=to, dry_run=True)

    assert (told["status"], told["page"]) == ("would-create", None)
    assert not ArticlePage.objects.exists()
    assert not Source.objects.exists()


def test_what_was_guessed_stays_with_the_page(seed, to):
    intake = latest(import_file(seed, to=to)).intake
    caption = next(part for part in intake["parts"] if part["role"] == "caption")

    assert intake["sha256"] == hashlib.sha256(seed.read_bytes()).hexdigest()
    assert caption["text"] == "Close up of a woman's hair, showing her scalp"
    assert all(part["reason"] and 0 < part["confidence"] <= 1 for part in intake["parts"])


def test_each_section_of_the_provenance_names_its_block(seed, to):
    page = latest(import_file(seed, to=to))
    named = [part["block"] for part in page.intake["parts"] if part["role"] == "section"]

    assert named == [block.id for block in page.body if block.block_type != "sources"]


@pytest.mark.parametrize(
    "known",
    [
        {"doi": "10.1038/srep14959", "title": "Another title"},
        {"pmid": "26456465", "title": "Another title"},
        {"publisher": "Nature", "title": "Paradoxical effect doi and pmid stand beside it"},
    ],
)
def test_a_known_source_is_used_again(to, write, known):
    source = Source.objects.create(**known)
    by_name = "Nature: Paradoxical effect doi and pmid stand beside it"
    line = by_name if "publisher" in known else f"{by_name}. doi:10.1038/srep14959 PMID: 26456465"

    import_file(write(f"Title\n\n{PROSE}\n\nSources\n\n{line}"), to=to)

    assert [each.pk for each in Source.objects.all()] == [source.pk]


def test_calls_to_action_become_unsigned_offers(seed, to):
    import_file(seed, to=to)

    offers = list(Offer.objects.order_by("pk").values_list("purpose", "label"))

    assert offers == [
        ("consultation", "Schedule a consultation with Heally today"),
        ("service", "Check out our different services"),
        ("product", "Interested in getting Rapamycin?"),
    ]


def test_an_offer_that_says_the_same_is_used_again(to, write):
    call = "Book a visit with us today."

    import_file(write(f"One\n\n{PROSE}\n\n{call}", "one.txt"), to=to)
    import_file(write(f"Two\n\n{PROSE}\n\n{call}", "two.txt"), to=to)

    assert Offer.objects.count() == 1


def test_a_second_introduction_stands_as_prose(to, write):
    written = f"Title\n\nWhat is acne?\n\n{PROSE}\n\nWhat is a comedo?\n\n{PROSE}"

    page = latest(import_file(write(written), to=to))

    assert [block.block_type for block in page.body] == ["introduction", "prose"]


def test_questions_of_a_faq_become_its_items(to, write):
    written = f"Title\n\n{PROSE}\n\nFAQ\n\nIs it safe?\n\n{PROSE}\n\nDoes it hurt?\n\n{PROSE}"

    faq = latest(import_file(write(written), to=to)).body[1].value

    assert [item["question"] for item in faq["items"]] == ["Is it safe?", "Does it hurt?"]


def test_a_file_without_a_title_is_named_after_the_file(to, write):
    page = latest(import_file(write(f"{PROSE} {PROSE}\n\n{PROSE}", "dry-scalp.txt"), to=to))

    assert page.title == "Dry scalp"


def test_a_title_in_another_script_keeps_it_in_its_address(to, write):
    told = import_file(write("Кожа головы\n\n" + PROSE), to=to)

    assert told["page"]["slug"] == "кожа-головы"


def test_a_failing_file_is_told_and_not_raised(to, write):
    told = import_file(write(b"\0\0"), to=to)

    assert (told["status"], told["page"]) == ("failed", None)
    assert "UTF-8" in told["error"]


def test_a_missing_file_is_told(to):
    assert import_file(Path("absent.txt"), to=to)["error"] == "No such file or directory."


def test_the_seed_is_imported_within_a_second(seed, to):
    assert import_file(seed, to=to)["seconds"] < 1

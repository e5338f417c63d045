"""The demo's sample articles, as an author completes them: one shared offer, and nothing that is said twice."""

import json
import re

import pytest

from articles.authoring.components import Offer
from articles.authoring.models import ArticlePage
from articles.record.vocabulary import HelpLevel
from cms.demo.complete import complete
from cms.demo.library import ARTICLES, HERE
from cms.demo.walk import import_article
from tests.factories import make_clinician

FILES = sorted(ARTICLES.glob("*.txt"))
EMERGENCY = re.compile(r"emergency number|stroke|chest pain|struggl\w+ to breathe", re.I)


@pytest.fixture
def completed(people, disclaimer):
    """completed(file): the draft's sections, {type: [value]}."""
    author = make_clinician("writer").person

    def through(file) -> dict[str, list]:
        given = json.loads(file.with_suffix(".json").read_text())
        shown = dict.fromkeys(given["disclaimers"], disclaimer)
        page = import_article(str(file), by=people.author.username)
        complete(page, given, by=people.author, people={"author": author}, disclaimers=shown)
        draft = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
        found: dict[str, list] = {}
        for block in draft.body:
            found.setdefault(block.block_type, []).append(block.value)
        return found

    return through


def test_all_articles_share_one_offer(completed):
    before = set(Offer.objects.values_list("pk", flat=True))

    offers = {section["offer"].pk for file in FILES for section in completed(file)["cta"]}

    assert len(offers) == 1
    assert set(Offer.objects.values_list("pk", flat=True)) - before == offers
    assert Offer.objects.get(pk=offers.pop()).name == "Book a consultation"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_paragraph_repeats_what_a_list_below_it_says(completed, file):
    sections = completed(file)

    for section in sections.get("causes", []):
        assert all(item["text"] not in str(section["text"]) for item in section["items"])
    for caution in sections["risks"][0]["cautions"]:
        assert not re.match(r"(?:Avoid|Do not|Ask|Talk to a clinician before)\b", caution["advice"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_level_of_help_has_a_section_of_its_own_with_its_signs(completed, file):
    sections = completed(file)["seek_help"]

    levels = [section["level"] for section in sections]
    assert levels == [level for level in HelpLevel.values if level in levels]
    for section in sections:
        said = f"{section['text']} {' '.join(section['signs'])} {section['action']}"
        assert section["signs"] and section["action"]
        assert bool(EMERGENCY.search(said)) == (section["level"] == "emergency")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_study_of_mice_names_no_way_of_taking_a_medicine(file):
    sections = json.loads(file.with_suffix(".json").read_text())["sections"]
    effects = next(section for section in sections if section["kind"] == "risks")["effects"]

    assert [effect["name"] for effect in effects if effect["route"] == "any"] == []
    assert [effect["route"] for effect in effects if "mice" in effect["name"]] in ([], [""])


def test_the_name_of_a_person_holds_no_title():
    """Their credentials follow it."""
    people = json.loads((HERE / "people.json").read_text())

    assert [person["name"] for person in people if re.match(r"(?:Dr|Prof)\b", person["name"])] == []

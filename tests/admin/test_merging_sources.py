"""Two records of one work, in the library: the page that merges them, and what leads to it."""

import pytest
from django.urls import reverse

from articles.publishing.upkeep.merge import merge
from articles.sources.models import Source
from tests.factories import make_source

pytestmark = pytest.mark.django_db
DOI = "10.1000/a"


@pytest.fixture
def records():
    return make_source(title="A study"), make_source(title="The study", doi=DOI)


def at(view: str, source) -> str:
    return reverse(f"wagtailsnippets_articles_source:{view}", args=[source.pk] if source else [])


def merging(source) -> str:
    return reverse("articles_merge_source", args=[source.pk])


def posted(source, **changed) -> dict[str, str]:
    names = [field.name for field in Source._meta.fields if field.editable]
    return {name: str(getattr(source, name) or "") for name in names} | changed


def test_an_editor_merges_two_records_and_sees_the_kept_one(login, people, records):
    gone, kept = records
    client = login(people.editor)
    shown = client.get(f"{merging(gone)}?into={kept.pk}").content.decode()

    answer = client.post(merging(gone), {"into": kept.pk}, follow=True)

    gone.refresh_from_db()
    assert gone.kept == kept and answer.redirect_chain[-1][0] == at("edit", kept)
    assert "every draft that cites this record cites the one that you keep" in shown and "The study" in shown
    assert "A study</a> was merged into this record." in answer.content.decode()


def test_merged_records_are_separated_again(login, people, records):
    gone, kept = records
    merge(gone, into=kept, by=people.editor)
    client = login(people.editor)
    assert "Separate them" in client.get(merging(gone)).content.decode()

    client.post(merging(gone))

    gone.refresh_from_db()
    assert gone.merged_into is None


def test_what_cannot_be_merged_says_why(login, people, records):
    gone, _ = records

    answer = login(people.editor).post(merging(gone), {"into": gone.pk}, follow=True)

    assert "Choose another record: this is the same one." in answer.content.decode()


@pytest.mark.parametrize("who", ["author", "reviewer"])
def test_the_page_is_for_editors(login, people, records, who):
    client = login(getattr(people, who))

    assert client.get(merging(records[0])).status_code in (302, 403)
    client.post(merging(records[0]), {"into": records[1].pk})

    assert not Source.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize(("who", "is_offered"), [("author", False), ("editor", True)])
def test_an_identifier_of_another_record_leads_to_it_and_editors_to_the_merge(login, people, records, who, is_offered):
    source, other = records

    answer = login(getattr(people, who)).post(at("edit", source), posted(source, doi=DOI)).content.decode()

    assert f'href="{at("edit", other)}"' in answer
    assert (f'href="{merging(source)}?into={other.pk}"' in answer) is is_offered


def test_who_cites_a_source_reads_its_design_and_status_in_the_chooser(login, people):
    make_source(title="A trial", status="retracted", design="randomized-trial")

    answer = login(people.author).get(reverse("wagtailsnippetchoosers_articles_source:choose")).content.decode()

    assert "Study design" in answer and "Randomized trial" in answer and "Retracted" in answer


def test_a_merged_record_is_neither_listed_nor_chosen_nor_changed(login, people, records):
    gone, kept = records
    merge(gone, into=kept, by=people.editor)
    client = login(people.editor)

    for url in (at("list", None), reverse("wagtailsnippetchoosers_articles_source:choose")):
        answer = client.get(url).content.decode()
        assert "The study" in answer and "A study" not in answer
    answer = client.post(at("edit", gone), posted(gone, title="Another title")).content.decode()

    assert "This record was merged into “Doe 2024, Journal of Scalps: The study”. Change that one." in answer
    gone.refresh_from_db()
    assert gone.title == "A study"

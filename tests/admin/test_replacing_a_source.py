"""*Replace a source*: the page says how often it is cited, and one revision holds the change."""

import pytest
from django.urls import reverse
from wagtail.test.utils import WagtailTestUtils

from articles.document.gather import gather
from articles.publishing.upkeep.merge import merge
from tests.factories import block, citation, complete_body, make_article, make_source, make_user
from tests.hands import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def sources():
    return make_source(title="An old review"), make_source(title="A new review")


@pytest.fixture
def page(people, sources):
    """Cites the first in running text and in three lists; one of these quotes it."""
    return make_article(by=people.author, body=complete_body(sources[0]))


def at(page) -> str:
    return reverse("articles_replace_source", args=[page.pk])


def cited(page) -> set[str]:
    return {source.title for source in gather(fresh(page).get_latest_revision()).sources.values()}


def post(client, page, old, new):
    return client.post(at(page), {"old": old.pk, "new": new.pk}, follow=True)


def test_the_page_says_how_often_each_source_is_cited(login, people, page, sources):
    answer = login(people.author).get(f"{at(page)}?source={sources[0].pk}").content.decode()

    assert "An old review (cited 4 times)" in answer and "A new review" not in answer
    [ticked] = WagtailTestUtils.get_soup(answer).select("input[name=old][checked]")
    assert ticked["value"] == str(sources[0].pk)


def test_one_new_revision_cites_the_other_source_and_the_author_is_told_to_check(login, people, page, sources):
    saved = page.revisions.count()

    answer = post(login(people.author), page, *sources).content.decode()

    assert cited(page) == {"A new review"} and page.revisions.count() == saved + 1
    assert "at 4 citations. Check the support of each: its quote is still from the source that went." in answer
    assert fresh(page).get_latest_revision().user == people.author


def test_undo_leads_to_the_revision_before(login, people, page, sources):
    before = page.latest_revision_id

    answer = post(login(people.author), page, *sources).content.decode()

    url = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, before])
    assert f'href="{url}"' in answer
    assert "An old review" in login(people.author).get(url).content.decode()


def test_a_citation_of_a_merged_record_is_replaced_with_the_kept_one(login, people, page, sources):
    old, new = sources
    kept = make_source(title="The same review")
    merge(old, into=kept, by=None)
    client = login(people.author)
    assert "The same review (cited 4 times)" in client.get(at(page)).content.decode()

    post(client, page, kept, new)

    assert cited(page) == {"A new review"}


def test_a_source_that_is_only_listed_may_be_replaced(login, people, sources):
    listed = block("sources", heading="Sources")
    listed["value"]["items"] = [{"type": "item", "id": "a", "value": sources[0].pk}]
    page = make_article(by=people.author, body=[listed])

    answer = post(login(people.author), page, *sources).content.decode()

    assert cited(page) == {"A new review"} and "in the list of sources." in answer


def test_what_cannot_be_replaced_says_why_and_saves_nothing(login, people, page, sources):
    client, saved = login(people.author), page.latest_revision_id

    assert "this is the same one" in post(client, page, sources[0], sources[0]).content.decode()
    assert "Select a valid choice" in post(client, page, sources[1], sources[0]).content.decode()
    page = fresh(page)
    page.locked = True
    page.save(update_fields=["locked"])
    assert "Unlock it first" in post(client, page, *sources).content.decode()

    assert fresh(page).latest_revision_id == saved


def test_the_page_is_for_those_who_may_edit_the_article(login, people, page, sources):
    for user in (people.reviewer, make_user("stranger", "Authors")):
        client = login(user)
        assert client.get(at(page)).status_code in (302, 403)
        post(client, page, *sources)

    assert cited(page) == {"An old review"}


def test_an_article_without_sources_has_nothing_to_replace(login, people):
    page = make_article(by=people.author, body=[block("introduction", text="<p>Short.</p>")])

    assert "The latest draft cites no source." in login(people.author).get(at(page)).content.decode()


def test_the_header_of_the_editor_leads_there_for_those_who_may_edit(login, people, page):
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])

    assert f'href="{at(page)}"' in login(people.author).get(url).content.decode()


def test_a_citation_twice_in_a_claim_is_counted_twice(login, people, sources):
    twice = [citation(sources[0]), citation(sources[0], quote="Twice.")]
    page = make_article(by=people.author, body=[block("causes", items=[{"name": "A", "citations": twice}])])

    assert "(cited 2 times)" in login(people.author).get(at(page)).content.decode()

"""A correction of the published text while a draft is open: readers get the correction alone, and the draft stays."""

import pytest
from django.urls import reverse
from wagtail.models import Revision

from articles.authoring.models import ArticlePage
from articles.errors import CannotSign
from articles.publishing.refile import refile
from articles.publishing.upkeep import correcting
from articles.publishing.upkeep.correcting import CannotCorrect
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.submit import submit
from tests.factories import edit, make_article, make_topic, make_user, sign_as
from tests.pipeline.reading import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafted(people, publish):
    """A published article whose draft has another summary, unfinished."""
    page = publish(make_article(by=people.author))
    return edit(page, by=people.author, summary="A draft that nobody has finished.", change_note="Half a note.")


def fresh(page):
    return ArticlePage.objects.get(pk=page.pk)


def test_the_correction_alone_reaches_readers_and_the_draft_waits(people, drafted):
    was = drafted.latest_revision_id
    before = load(fresh(drafted)).base.digests

    correcting.begin(page=drafted, by=people.editor)

    review = load(fresh(drafted))
    assert review.digests == before and not review.contributors.get("medical")
    page = edit(fresh(drafted), by=people.editor, summary="Corrected.", is_editorial=True, change_note="")
    submit(page=page, by=people.editor)
    sign_as(fresh(page), people.reviewer, Role.MEDICAL)

    assert get(page).json()["content"]["summary"] == "Corrected."
    waiting = correcting.set_aside(fresh(page))
    assert (waiting.draft.pk, waiting.draft.as_object().summary) == (was, "A draft that nobody has finished.")
    assert (waiting.edition.number, waiting.latest.number) == (1, 2)


def test_a_correction_stays_at_the_address_and_under_the_topics_of_today(people, drafted):
    topic = make_topic("Skin", "skin")
    refile(page=fresh(drafted), slug="a-new-address", topics=[topic], by=people.editor)

    correcting.begin(page=fresh(drafted), by=people.editor)
    page = edit(fresh(drafted), by=people.editor, summary="Corrected.", is_editorial=True, change_note="")
    submit(page=page, by=people.editor)
    sign_as(fresh(page), people.reviewer, Role.MEDICAL)

    article = get(page).json()
    assert (article["content"]["summary"], article["slug"]) == ("Corrected.", "a-new-address")
    assert [row["slug"] for row in article["topics"]] == ["skin"]


def test_whoever_corrects_does_not_sign_as_editor(people, drafted):
    correcting.begin(page=drafted, by=people.editor)
    page = edit(fresh(drafted), by=people.editor, summary="Corrected.", change_note="Corrects the summary.")
    submit(page=page, by=people.editor)

    with pytest.raises(CannotSign):
        sign_as(fresh(page), people.editor, Role.EDITOR)
    sign_as(fresh(page), make_user("second", "Editors"), Role.EDITOR)


def test_the_draft_waits_until_somebody_continues_it(people, drafted):
    was = drafted.latest_revision
    correcting.begin(page=drafted, by=people.editor)
    assert correcting.set_aside(fresh(drafted)).draft == was

    draft = was.as_object()
    draft.save_revision(user=people.author, log_action=True, previous_revision=was)

    assert correcting.set_aside(fresh(drafted)) is None


def test_a_deleted_draft_waits_no_longer(people, drafted):
    was = drafted.latest_revision_id
    correcting.begin(page=drafted, by=people.editor)
    Revision.objects.filter(pk=was).delete()

    assert correcting.set_aside(fresh(drafted)) is None


def test_a_correction_begins_only_where_it_says_something(people, publish, drafted):
    published = publish(make_article(by=people.author, title="Two", slug="two"))
    never = make_article(by=people.author, title="Three", slug="three")
    submit(page=drafted, by=people.author)

    for page, by, message in (
        (drafted, people.editor, "under review"),
        (published, people.editor, "is the published text already"),
        (never, people.editor, "never published"),
        (drafted, people.reviewer, "may not edit"),
    ):
        with pytest.raises(CannotCorrect) as refused:
            correcting.begin(page=fresh(page), by=by)
        assert message in refused.value.detail


def test_the_page_begins_it_and_the_menu_offers_it_only_where_a_draft_is_open(client, people, publish, drafted):
    published = publish(make_article(by=people.author, title="Two", slug="two"))
    client.force_login(people.editor)
    address = reverse("articles_correct", args=[drafted.pk])
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[drafted.pk])).content.decode()
    other = client.get(reverse("wagtailadmin_pages:edit", args=[published.pk])).content.decode()
    assert reverse("articles_correct", args=[published.pk]) not in other

    answer = client.post(address, follow=True).content.decode()

    assert "This is the text that readers get" in answer
    assert load(fresh(drafted)).is_current
    panel = client.get(reverse("articles_panel", args=[drafted.pk])).content.decode()
    was = correcting.set_aside(fresh(drafted)).draft.pk
    assert reverse("wagtailadmin_pages:revisions_revert", args=[drafted.pk, was]) in panel

"""The whole way of one article, by the services that people's clicks call."""

import hashlib
import json

import pytest

from articles.publishing.publish import publish_article
from articles.record.models import Document, Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from cms.models import User
from tests.factories import (
    block,
    complete_body,
    edit,
    make_article,
    make_byline,
    make_image,
    make_source,
    sign_and_publish,
    sign_as,
    submit,
)


def served(page) -> dict:
    return json.loads(bytes(Publication.objects.get(article=page.article_id).body))


def test_an_article_that_everybody_signed_is_served_with_the_digests_that_they_signed(people, published):
    article = served(published)
    edition = Edition.objects.get(subject=published.article_id)

    contents = [bytes(Document.objects.get(digest=digest).content) for digest in edition.digests.values()]

    assert article["edition"]["digests"] == edition.digests
    assert [f"sha-256:{hashlib.sha256(content).hexdigest()}" for content in contents] == list(edition.digests.values())
    assert set(SignOff.objects.filter(subject=published.article_id).values_list("digest", flat=True)) == set(
        edition.digests.values()
    )
    assert [row["name"] for row in article["review"]["reviewed_by"]] == ["Dr Ada Reviewer"]


def test_the_ledger_tells_the_story_in_order(published):
    kinds = Event.objects.filter(subject=published.article_id).values_list("kind", flat=True)

    assert list(kinds) == ["submitted", "signed", "signed", "signed", "published"]


def test_a_sign_off_copies_all_that_it_says_about_the_person(people, published):
    signoff = SignOff.objects.get(subject=published.article_id, role=Role.MEDICAL)

    people.reviewer.person.delete()
    User.objects.filter(pk=people.reviewer.pk).update(is_active=False)

    signoff.refresh_from_db()
    assert (signoff.name, signoff.credentials, signoff.specialty) == ("Dr Ada Reviewer", "MD", "Dermatology")
    assert signoff.meaning.startswith("I have read this text as readers will get it.")
    assert signoff.method == "password"


def test_images_are_served_from_files_of_our_own_named_by_their_content(people, publish, settings):
    page = publish(make_article(by=people.author, hero=make_image()))

    hero = served(page)["content"]["hero"]

    assert {row["type"] for row in hero["renditions"]} == {"image/webp", "image/png"}
    first = hero["renditions"][0]
    content = (settings.EDITION_FILES_ROOT / first["url"].partition("/editions/")[2]).read_bytes()
    assert first["sha256"] == f"sha-256:{hashlib.sha256(content).hexdigest()}"


def test_a_second_edition_carries_its_note_and_keeps_the_first_date(people, published):
    first = served(published)["edition"]
    page = edit(published, by=people.author, summary="A new summary.", change_note="Adds a summary.")

    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)

    second = served(page)["edition"]
    assert second["number"] == 2
    assert second["change"] == {"kind": "material", "note": "Adds a summary."}
    assert second["first_published_at"] == first["first_published_at"]


def test_a_change_of_presentation_alone_needs_no_clinician(people, published):
    medical = served(published)["edition"]["digests"]["medical"]
    page = edit(published, by=people.author, authors=make_byline())
    submit(page=page, by=people.author)

    sign_as(page, people.editor, Role.EDITOR, "presentation")

    article = served(page)
    assert article["content"]["authors"][0]["name"].startswith("Author")
    assert article["edition"]["digests"]["medical"] == medical
    assert article["review"]["reviewed_by"][0]["name"] == "Dr Ada Reviewer"


def test_publishing_what_is_already_current_makes_no_edition(people, published):
    events = Event.objects.count()

    publish_article(page=published, by=people.editor)

    assert Edition.objects.filter(subject=published.article_id).count() == 1
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("aspect", "article_type", "years"),
    [("symptoms", "condition", 3), ("treatment", "condition", 1), ("symptoms", "medicine", 1)],
)
def test_a_review_lasts_shorter_where_a_treatment_is_named(people, publish, aspect, article_type, years):
    body = [*complete_body(make_source()), block("prose", aspect=aspect, text="<p>More of it.</p>")]
    page = publish(make_article(by=people.author, body=body, article_type=article_type))

    review = served(page)["review"]

    assert int(review["next_review_on"][:4]) - int(review["last_reviewed_on"][:4]) == years

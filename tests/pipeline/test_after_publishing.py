"""What happens to a published article: components change, it is withdrawn, refiled, republished."""

import json

import pytest
from wagtail.models import ReferenceIndex

from articles.authoring.models import ArticlePage
from articles.errors import CannotSign, NotPublished, NotSignedOff, SlugTaken
from articles.publishing.publish import publish_article
from articles.publishing.recompose import recompose_all
from articles.publishing.refile import refile
from articles.publishing.withdraw import withdraw
from articles.record.models import Event, Facet, Path, Publication, SignOff
from articles.record.vocabulary import Role
from tests.factories import make_article, make_disclaimer, make_offer, make_topic, make_user, sign_as

NEW_TEXT = "<p>General information. Ask a clinician about your own case.</p>"


@pytest.fixture
def indexed_keys(monkeypatch):
    """The keys of the objects whose references were indexed, in order."""
    keys, index = [], ReferenceIndex.create_or_update_for_object
    monkeypatch.setattr(ReferenceIndex, "create_or_update_for_object", lambda made: (keys.append(made.pk), index(made)))
    return keys


def test_one_signature_on_a_disclaimer_reaches_all_fifty_articles(people, publish, disclaimer):
    pages = [publish(make_article(by=people.author, disclaimers=[disclaimer])) for _ in range(50)]
    digests = dict(Publication.objects.values_list("article", "etag"))
    medical = {row.article: json.loads(bytes(row.body))["edition"]["digests"] for row in Publication.objects.all()}
    signoffs, last = SignOff.objects.count(), Event.objects.last().number
    disclaimer.text = NEW_TEXT
    disclaimer.save()
    disclaimer.save_revision(user=people.author)

    sign_as(disclaimer, people.reviewer, Role.MEDICAL)

    rows = Publication.objects.all()
    bodies = {row.article: json.loads(bytes(row.body)) for row in rows}
    refiled = Event.objects.filter(number__gt=last, kind="refiled").values_list("subject", flat=True)
    assert SignOff.objects.count() == signoffs + 1
    assert sorted(refiled) == sorted(page.article_id for page in pages)
    assert all(body["content"]["disclaimers"][0]["html"] == NEW_TEXT for body in bodies.values())
    assert {article: body["edition"]["digests"] for article, body in bodies.items()} == medical
    assert all(row.etag != digests[row.article] for row in rows)


def test_publishing_indexes_what_the_article_names_and_does_so_once(people, publish, offer, disclaimer, indexed_keys):
    page = make_article(by=people.author, offer=offer, disclaimers=[disclaimer])
    indexed_keys.clear()

    publish(page)

    named = [ReferenceIndex.get_references_to(made).values_list("object_id", flat=True) for made in (offer, disclaimer)]
    assert [str(page.pk) in found for found in named] == [True, True]
    assert indexed_keys == [page.pk]


def test_an_unsigned_change_of_a_disclaimer_reaches_nobody(people, published, disclaimer):
    before = bytes(Publication.objects.get().body)
    disclaimer.text = NEW_TEXT
    disclaimer.save()

    recompose_all()

    assert bytes(Publication.objects.get().body) == before


def test_an_article_with_an_unsigned_disclaimer_is_not_published(people, publish):
    page = make_article(by=people.author, disclaimers=[make_disclaimer(by=people.author)])

    publish(page)

    assert not Publication.objects.exists()
    assert "disclaimers are not signed" in Event.objects.get(kind="refused").data["detail"]


def test_a_withdrawn_article_is_gone_with_its_reason(people, published):
    withdraw(page=published, reason="safety", by=people.editor)

    row = Publication.objects.get()
    assert row.state == "withdrawn"
    assert row.notice["reason"] == "safety"
    assert not Facet.objects.exists()
    assert not ArticlePage.objects.get(pk=published.pk).live


def test_withdrawing_twice_is_refused(people, published):
    withdraw(page=published, reason="other", by=people.editor)

    with pytest.raises(NotPublished):
        withdraw(page=published, reason="other", by=people.editor)


def test_a_withdrawn_article_needs_new_signatures(people, published, publish):
    withdraw(page=published, reason="outdated", by=people.editor)
    page = ArticlePage.objects.get(pk=published.pk)
    with pytest.raises(NotSignedOff):
        publish_article(page=page, by=people.editor)

    publish(page)

    assert Publication.objects.get().state == "published"
    assert Publication.objects.get().edition == 2


def test_refiling_moves_the_address_at_once_and_keeps_the_old_one(people, published):
    old, signoffs = published.slug, SignOff.objects.count()

    refile(page=published, slug="a-better-address", topics=[make_topic()], by=people.editor)

    article = json.loads(bytes(Publication.objects.get().body))
    assert article["slug"] == "a-better-address"
    assert article["topics"] == [{"slug": "hair-and-scalp", "name": "Hair and scalp"}]
    assert dict(Path.objects.values_list("slug", "current")) == {old: False, "a-better-address": True}
    assert SignOff.objects.count() == signoffs
    assert ArticlePage.objects.get(pk=published.pk).slug == "a-better-address"


def test_saving_a_draft_with_another_slug_moves_nothing(people, published):
    slug, draft = published.slug, published.get_latest_revision_as_object()
    draft.slug = "only-in-the-draft"
    draft.save_revision(user=people.author)

    recompose_all()

    assert Publication.objects.get().slug == slug


def test_an_address_that_another_article_had_is_refused(people, published, publish):
    other = publish(make_article(by=people.author))

    with pytest.raises(SlugTaken):
        refile(page=other, slug=published.slug, topics=[], by=people.editor)


def test_a_link_becomes_an_address_when_its_target_is_published(people, publish):
    target = make_article(by=people.author)
    body = json.loads(json.dumps(list(make_article(by=people.author).body.raw_data)))
    body[0]["value"]["text"] = f'<p>See <a linktype="page" id="{target.pk}">the other article</a>.</p>'
    page = publish(make_article(by=people.author, body=body))
    before = json.loads(bytes(Publication.objects.get(article=page.article_id).body))

    publish(target)

    after = json.loads(bytes(Publication.objects.get(article=page.article_id).body))
    assert before["content"]["sections"][0]["text"] == "<p>See the other article.</p>"
    assert f"/read/en/{target.slug}/" in after["content"]["sections"][0]["text"]


def test_recomposing_again_finds_nothing_to_do(people, published):
    events = Event.objects.count()

    changed = recompose_all()

    assert changed == 0
    assert Event.objects.count() == events


def test_a_new_public_address_reaches_every_article(published, settings):
    settings.PUBLIC_URL = "https://health.example"

    changed = recompose_all()

    assert changed == 1
    assert json.loads(bytes(Publication.objects.get().body))["url"].startswith("https://health.example/api/v1/")


def test_the_signer_of_a_component_did_not_write_it(people):
    writer = make_user("writing-editor", "Editors")
    offer = make_offer(by=writer)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(offer, writer, Role.EDITOR)

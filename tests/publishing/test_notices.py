"""A safety notice: signed by one clinician on call, above every chosen article at once, until it is lifted."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from articles.authoring.permissions import NotPermitted
from articles.errors import CannotSign, NotAuthenticated, NotPublished
from articles.publishing.notices import CannotNotice, give, lift
from articles.publishing.recall.selection import Criteria, select
from articles.publishing.recompose import recompose_all
from articles.publishing.withdraw import withdraw, withdraw_many
from articles.record.models import Document, Event, Publication, SignOff
from tests.factories import PASSWORD, edit, make_article, make_on_call, make_topic, make_user
from tests.pipeline.reading import get, stored, verified

TEXT = "Batch 7 is being recalled. Do not use it; ask at your pharmacy."
CODE = {"system": "icd-10-cm", "code": "L65.9", "display": "Hair loss"}


@pytest.fixture
def on_call(db):
    return make_on_call()


def notify(articles, user, **given):
    texts = {"en": given.pop("text", TEXT)}
    return give(articles=articles, user=user, **({"texts": texts, "password": PASSWORD} | given))


def test_readers_see_it_at_once_and_its_words_are_signed(published, on_call):
    before = get(published)

    notice = notify([published.article_id], on_call)

    after = get(published)
    assert [(row["kind"], row["text"]) for row in after.json()["notices"]] == [("safety", TEXT)]
    assert after.headers["ETag"] != before.headers["ETag"]
    signed = SignOff.objects.get(subject=notice)
    assert (signed.role, signed.name) == ("medical", "Dr On Call")
    assert json.loads(bytes(Document.objects.get(digest=signed.digest).content))["text"] == TEXT
    assert "notices" in Client().get("/api/v1/articles/").json()["results"][0]
    verified()


def test_it_stays_over_editions_and_recomposing_until_it_is_lifted(published, people, publish, on_call):
    notice = notify([published.article_id], on_call)
    publish(edit(published, by=people.author, summary="Another text."))
    recompose_all()
    assert [row["kind"] for row in stored(published)["notices"]] == ["safety"]

    assert lift(notice=notice, reason="The recall is over.", by=on_call) == 1

    assert stored(published)["notices"] == []
    with pytest.raises(CannotNotice, match="No article shows this notice"):
        lift(notice=notice, reason="Once more.", by=on_call)
    verified()


def test_translations_are_included(people, publish, published, on_call):
    other = publish(make_article(by=people.author))
    Publication.objects.filter(article=other.article_id).update(
        translation_key=Publication.objects.get(article=published.article_id).translation_key
    )

    notify([published.article_id], on_call)

    assert [row["kind"] for row in stored(other)["notices"]] == ["safety"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_too_little_and_too_much_are_refused(published, on_call, text):
    with pytest.raises(CannotNotice):
        notify([published.article_id], on_call, text=text)


def test_only_a_clinician_on_call_gives_one(published, people, on_call):
    lead = make_user("lead", "Medical leads")
    with pytest.raises(NotPermitted):
        notify([published.article_id], people.reviewer)
    with pytest.raises(CannotSign):
        notify([published.article_id], lead)
    with pytest.raises(NotAuthenticated):
        notify([published.article_id], on_call, password="wrong")
    with pytest.raises(NotPublished):
        notify([uuid4()], on_call)
    assert stored(published)["notices"] == [] and not Event.objects.filter(kind="noticed").exists()


@pytest.fixture
def sixty(people, publish):
    """Sixty published articles with a code, and one without."""
    codes = json.dumps([{"type": "code", "id": "c0de", "value": CODE}])
    pages = [publish(make_article(by=people.author, codes=codes)) for _ in range(60)]
    return pages, publish(make_article(by=people.author))


def test_sixty_articles_by_a_code_get_a_notice_and_are_withdrawn_by_one_act_each(sixty, people, on_call):
    """The issue's Shows 6: one action each, in the API and in the ledger at once."""
    pages, other = sixty
    chosen = [row.article for row in select(Criteria(codes=("icd-10-cm|L65.9",)))]
    assert set(chosen) == {page.article_id for page in pages}

    notice = notify(chosen, on_call)

    assert all([row["text"] for row in get(page).json()["notices"]] == [TEXT] for page in pages)
    assert get(other).json()["notices"] == []
    lines = Event.objects.filter(kind="noticed", data__notice=str(notice))
    assert set(lines.values_list("subject", flat=True)) == set(chosen)

    withdrawn = withdraw_many(articles=chosen, reason="safety", by=people.editor)

    assert set(withdrawn) == set(chosen)
    assert all(get(page).json()["reason"] == "safety" for page in pages) and get(other).status_code == 200
    assert Event.objects.filter(kind="withdrawn", subject__in=chosen).count() == 60
    assert select(Criteria(codes=("icd-10-cm|L65.9",))) == []
    verified()


def test_articles_are_found_by_topic_and_by_what_they_say(people, publish):
    page = publish(make_article(by=people.author, topics=[make_topic()], summary="Sirolimus, on the skin & elsewhere."))
    publish(make_article(by=people.author))

    assert [row.article for row in select(Criteria(topics=("hair-and-scalp",)))] == [page.article_id]
    assert [row.article for row in select(Criteria(words=("sirolimus,  ON the skin & else",)))] == [page.article_id]
    assert select(Criteria(words=("no such words",), topics=("hair-and-scalp",))) == [] == select(Criteria())


def test_of_many_only_those_that_readers_get_are_withdrawn(published, people, publish):
    other = publish(make_article(by=people.author))
    withdraw(page=other, reason="other", by=people.editor)
    both = [published.article_id, other.article_id]

    assert withdraw_many(articles=both, reason="legal", by=people.editor) == [published.article_id]
    with pytest.raises(NotPublished):
        withdraw_many(articles=both, reason="legal", by=people.editor)

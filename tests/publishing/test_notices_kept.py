"""A safety notice stands until it is lifted: on translations published later, and on what is published again."""

import pytest
from wagtail.models import Locale

from articles.admin.evidence.moment import live_at
from articles.errors import NotPublished
from articles.publishing.notices import CannotNotice, give, lift
from articles.publishing.recall.active_notices import standing_now
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw
from articles.record.delivery.notices import standing_notices
from articles.record.events import instant
from articles.record.models import Edition, Event, Publication, SignOff
from tests.factories import PASSWORD, edit, make_article, make_on_call, make_user, publish_at_once, teach
from tests.hands import fresh
from tests.pipeline.reading import get, stored, verified

TEXT = "Batch 7 is being recalled. Do not use it; ask at your pharmacy."


@pytest.fixture
def on_call(db):
    return make_on_call()


@pytest.fixture
def translate(people):
    """translate(page) is an unpublished translation of it."""

    def draft(page, language="es"):
        locale = Locale.objects.get_or_create(language_code=language)[0]
        teach(language, people.editor, people.reviewer)
        return make_article(by=people.author, translation_key=fresh(page).translation_key, locale=locale)

    return draft


@pytest.fixture
def take_back(people):
    return lambda page: withdraw(page=fresh(page), reason="outdated", by=people.editor)


def notify(user, *pages, text=TEXT, **others):
    texts = {"en": text} | others
    return give(articles=[page.article_id for page in pages], texts=texts, user=user, password=PASSWORD)


def shown(page) -> list[str]:
    return [row["text"] for row in stored(page)["notices"] if row["kind"] == "safety"]


def test_a_translation_published_later_shows_it_from_its_first_edition_on(published, publish, translate, on_call):
    notice = notify(on_call, published)
    given = Event.objects.get(kind="noticed")

    page = publish(translate(published))

    assert shown(page) == [TEXT] == [row["text"] for row in get(page).json()["notices"]]
    line = Event.objects.get(kind="noticed", subject=page.article_id)
    assert line.data == {
        **{key: given.data[key] for key in ("digest", "signoff")},
        "notice": str(notice),
        "beside": str(published.article_id),
        "since": instant(given.at),
    }
    edition = Edition.objects.get(subject=page.article_id)
    assert line.number == edition.event - 1 and Publication.objects.get(article=page.article_id).event == edition.event
    assert standing_now()[0].articles == 2 and standing_now()[0].by["name"] == "Dr On Call"
    verified()


def test_it_is_what_readers_got_of_that_edition_in_the_evidence_too(published, publish, translate, on_call):
    notify(on_call, published)
    page = publish(translate(published))
    edition = Edition.objects.get(subject=page.article_id)

    live = live_at(page.article_id, edition.published_at, upto=edition.event)

    assert len(standing_notices(live.past)) == 1


def test_also_a_translation_published_in_an_emergency_shows_it(published, translate, on_call):
    notify(on_call, published)
    page = translate(published)

    second = make_on_call("second", "Dr Second")
    teach("es", second)

    publish_at_once(page, second)

    assert shown(page) == [TEXT]
    verified()


def test_a_translation_shows_it_though_all_others_were_withdrawn(published, publish, translate, take_back, on_call):
    notify(on_call, published)
    take_back(published)

    page = publish(translate(published))

    assert shown(page) == [TEXT]


def test_each_notice_is_put_on_a_translation_once_the_newest_first(published, publish, translate, on_call):
    notify(on_call, published)
    notify(on_call, published, text="Second.")
    page = publish(translate(published))
    publish(translate(published, "de"))

    publish(edit(page, by=page.owner, summary="Another text."))

    assert shown(page) == ["Second.", TEXT]
    assert Event.objects.filter(kind="noticed", subject=page.article_id).count() == 2
    verified()


def test_a_translation_published_after_it_was_lifted_shows_none(published, publish, translate, on_call):
    lift(notice=notify(on_call, published), reason="Over.", by=on_call)

    page = publish(translate(published))

    assert shown(page) == [] and Event.objects.filter(kind="noticed").count() == 1


def test_another_article_does_not_show_it(published, publish, people, on_call):
    notify(on_call, published)

    assert shown(publish(make_article(by=people.author))) == []


def test_a_translation_that_was_withdrawn_shows_it_when_it_is_published_again(
    published, publish, translate, take_back, on_call
):
    page = publish(translate(published))
    take_back(page)

    notify(on_call, published, es=TEXT)

    assert get(page).json()["reason"] == "outdated"
    verified()
    publish(page)
    assert shown(page) == [TEXT]
    verified()


def test_a_chosen_article_that_was_withdrawn_shows_it_when_it_is_published_again(
    published, people, publish, take_back, on_call
):
    page = publish(make_article(by=people.author))
    take_back(page)

    notify(on_call, published, page)
    publish(page)

    assert shown(page) == [TEXT]
    verified()


def test_a_notice_that_no_reader_would_see_is_refused(published, take_back, on_call):
    take_back(published)

    with pytest.raises(NotPublished):
        notify(on_call, published)

    assert not Event.objects.filter(kind="noticed").exists()


def test_it_is_lifted_from_a_withdrawn_article_too(published, people, publish, take_back, on_call):
    page = publish(make_article(by=people.author))
    notice = notify(on_call, published, page)
    take_back(page)

    assert lift(notice=notice, reason="Over.", by=on_call) == 2

    assert get(page).json()["reason"] == "outdated" and standing_now() == []
    publish(page)
    assert shown(page) == [] == shown(published)
    verified()


def test_it_is_lifted_where_all_its_articles_were_withdrawn(published, publish, take_back, on_call):
    notice = notify(on_call, published)
    take_back(published)

    assert lift(notice=notice, reason="Over.", by=on_call) == 1

    with pytest.raises(CannotNotice, match="No article shows this notice"):
        lift(notice=notice, reason="Once more.", by=on_call)
    publish(published)
    assert shown(published) == []
    verified()


def test_one_whose_signature_was_voided_comes_back_nowhere(published, publish, translate, take_back, on_call):
    notify(on_call, published)
    take_back(published)

    void(signoff=SignOff.objects.get(part="notice"), reason="No licence.", by=make_user("lead", "Medical leads"))

    publish(published)
    assert shown(published) == [] == shown(publish(translate(published)))
    assert standing_now() == []
    verified()

"""What a crash leaves behind, `publish_due` finds: publications that lag, and files that nothing names."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from articles.publishing import publish as publishing
from articles.publishing import recompose
from articles.publishing.jobs.due import publish_due
from articles.publishing.scheduling.schedule import cancel
from articles.publishing.withdraw import write_withdrawal
from articles.record.delivery import laggards
from articles.record.models import Document, Edition, Event, Publication, Rendition
from articles.record.vocabulary import Role
from articles.review.opening import open_review
from articles.review.submit import submit
from tests.factories import edit, make_article, make_image, publish_signed_component, sign_as, sign_only, teach
from tests.hands import fresh
from tests.record.tamper import drop_triggers

NEW_TEXT = "<p>General information. Ask a clinician about your own case.</p>"


@pytest.fixture
def files(settings, tmp_path) -> Path:
    settings.EDITION_FILES_ROOT = tmp_path / "editions"
    return settings.EDITION_FILES_ROOT


def crash_after_component(component, signer) -> None:
    """Its new edition is written; the process dies before the articles that use it are recomposed."""
    component.text = NEW_TEXT
    component.save()
    component.save_revision()
    sign_only(component, signer, Role.MEDICAL)
    publish_signed_component(component, signer)


def publish_only(page, by) -> None:
    """Its edition is written; the process dies before what links to it is recomposed."""
    with transaction.atomic():
        publishing.publish(open_review(fresh(page)), by=by)


def article(page) -> dict:
    return json.loads(bytes(Publication.objects.get(article=page.article_id).body))


def make_linking(people, target):
    body = json.loads(json.dumps(list(make_article(by=people.author).body.raw_data)))
    body[0]["value"]["text"] = f'<p>See <a linktype="page" id="{target.pk}">the other article</a>.</p>'
    return make_article(by=people.author, body=body)


def make_stray(files: Path, name: str, *, minutes: int) -> Path:
    file = files / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"stray")
    moment = (timezone.now() - timedelta(minutes=minutes)).timestamp()
    os.utime(file, (moment, moment))
    return file


def test_articles_that_lag_behind_their_component_are_recomposed(people, published, disclaimer):
    crash_after_component(disclaimer, people.reviewer)
    assert article(published)["content"]["disclaimers"][0]["html"] != NEW_TEXT

    report = publish_due()

    assert report.recomposed == 1
    assert article(published)["content"]["disclaimers"][0]["html"] == NEW_TEXT


def test_of_many_laggards_each_gets_an_event_of_its_own(people, publish, disclaimer, monkeypatch):
    monkeypatch.setattr(recompose, "BATCH", 2)
    pages = [publish(make_article(by=people.author, disclaimers=[disclaimer])) for _ in range(5)]
    crash_after_component(disclaimer, people.reviewer)

    publish_due()

    refiled = Event.objects.filter(kind="refiled").values_list("subject", flat=True)
    assert sorted(refiled) == sorted(page.article_id for page in pages)


def test_an_article_that_links_to_what_was_published_meanwhile_is_recomposed(people, publish):
    target = make_article(by=people.author)
    page = publish(make_linking(people, target))
    for user, role, parts in ((people.editor, Role.EDITOR, ()), (people.reviewer, Role.MEDICAL, ("medical",))):
        sign_as(target, user, role, *parts)
    publish_only(target, people.editor)

    report = publish_due()

    assert report.recomposed == 1
    assert target.slug in article(page)["content"]["sections"][0]["text"]


def test_an_article_that_links_to_what_was_withdrawn_meanwhile_is_recomposed(people, publish):
    target = publish(make_article(by=people.author))
    page = publish(make_linking(people, target))
    write_withdrawal(page=fresh(target), reason="safety", by=people.editor)

    publish_due()

    assert article(page)["content"]["sections"][0]["text"] == "<p>See the other article.</p>"


def test_a_translation_of_what_was_withdrawn_meanwhile_is_recomposed(people, publish, published):
    key = fresh(published).translation_key
    teach("es", people.editor, people.reviewer)
    spanish = publish(make_article(by=people.author, translation_key=key, locale=make_spanish()))
    assert article(published)["links"]["translations"]
    write_withdrawal(page=fresh(spanish), reason="other", by=people.editor)

    publish_due()

    assert article(published)["links"]["translations"] == []


def test_what_stands_on_a_change_that_it_does_not_show_is_looked_at_once(people, publish):
    target = publish(make_article(by=people.author))
    page = publish(make_linking(people, target))
    target = edit(fresh(target), by=people.author, summary="A summary that the link does not show.")
    for user, role, parts in (
        (people.editor, Role.EDITOR, ()),
        (people.reviewer, Role.MEDICAL, ("medical",)),
    ):
        sign_as(target, user, role, *parts)
    publish_only(target, people.editor)
    ledger = Event.objects.count()

    found = [laggards.find(), publish_due().recomposed, laggards.find()]

    assert found == [[page.article_id], 0, []]
    assert Event.objects.count() == ledger


def test_what_nobody_left_behind_is_not_found(people, published, disclaimer):
    assert laggards.find() == []


@pytest.mark.parametrize("name", ["0f8c/800.webp", "0f8c/tmpq3z81x"], ids=["finished", "half written"])
def test_a_stray_file_older_than_an_hour_is_swept(db, files, name):
    stray = make_stray(files, name, minutes=61)

    report = publish_due()

    assert report.swept == [name]
    assert not stray.exists()


def test_a_young_stray_file_is_left_to_who_may_be_writing_it(db, files):
    stray = make_stray(files, "0f8c/800.webp", minutes=59)

    assert publish_due().swept == []
    assert stray.exists()


def test_files_that_a_row_names_stay_however_old(files, people, publish):
    publish(make_article(by=people.author, hero=make_image()))
    named = [files / path for path in Rendition.objects.values_list("path", flat=True)]
    for file in named:
        os.utime(file, (0, 0))

    swept = publish_due().swept

    assert swept == []
    assert named
    assert all(file.exists() for file in named)


def test_a_publication_that_cannot_be_recomposed_stops_no_other_and_is_reported(files, people, publish):
    """One whose text SQL emptied: nothing that a verb writes, so nobody foresees it."""
    spoiled, page = publish(make_article(by=people.author)), publish(make_article(by=people.author))
    drop_triggers()
    edition = Edition.objects.get(subject=spoiled.article_id)
    Document.objects.filter(digest=edition.digests["medical"]).update(content=b"")
    Publication.objects.update(fresh_until=timezone.now(), etag="of an earlier day")
    make_stray(files, "0f8c/800.webp", minutes=61)

    report = publish_due()

    assert [item.title for item in report.failed] == ["recompose due"]
    assert Publication.objects.get(article=page.article_id).etag != "of an earlier day"
    assert report.swept == ["0f8c/800.webp"]


def make_spanish() -> Locale:
    return Locale.objects.get_or_create(language_code="es")[0]


def test_a_signed_text_whose_pictures_are_not_made_yet_is_published_when_it_is_submitted(signed_later, people, files):
    """The schedule is cancelled, so the signatures wait; the submission finds them all, and publishes."""
    page, schedule = signed_later(hero=make_image(), hero_alt="A scalp")
    cancel(schedule=schedule, by=people.editor)

    submit(page=fresh(page), by=people.author)

    assert Publication.objects.filter(article=page.article_id, state="published").exists()
    assert list(files.rglob("*.webp"))

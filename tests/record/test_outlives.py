"""The record reads the same whatever becomes of the people, pages, revisions, images and sources behind it."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models.signals import pre_delete
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.publishing.withdraw import withdraw
from articles.record.models import Document, Edition, Event, Publication, SignOff
from articles.sources.models import Source
from cms.models import User, refuse_deletion

RECORD = (SignOff, Edition, Event)
ROUTES = (
    "",
    "?rich_text=portable",
    "editions/",
    "editions/1/",
    "editions/2/parts/medical/",
    "editions/1/parts/presentation/",
)


def rename_users() -> None:
    for user in User.objects.all():
        rename(user)


def rename(user: User) -> None:
    user.username, user.first_name, user.last_name, user.is_active = f"was-{user.pk}", "Some", "One", False
    user.save()


def rename_people() -> None:
    for person in Person.objects.all():
        person.name, person.credentials, person.specialty = "Another name", "None", "None"
        person.save()


def delete_people() -> None:
    for person in Person.objects.all():
        person.delete()


def delete_users() -> None:
    """As somebody does who passes by the refusal."""
    pre_delete.disconnect(refuse_deletion, sender=User)
    try:
        User.objects.all().delete()
    finally:
        pre_delete.connect(refuse_deletion, sender=User)


def rename_pages() -> None:
    for page in ArticlePage.objects.all():
        page.title = "Another title"
        page.save()


def delete_pages() -> None:
    for page in ArticlePage.objects.all():
        page.delete()


def purge_revisions() -> None:
    Revision.objects.update(created_at=timezone.now() - timedelta(days=400))
    call_command("purge_revisions", verbosity=0)


def delete_revisions() -> None:
    for revision in Revision.objects.all():
        revision.delete()


def rename_images() -> None:
    for image in Image.objects.all():
        image.title, image.alt, image.credit = "Another", "Another alt", "Another credit"
        image.save()


def delete_images() -> None:
    for image in Image.objects.all():
        image.delete()


def rename_sources() -> None:
    for source in Source.objects.all():
        source.title, source.authors = "Another work", "Roe, Richard"
        source.save()


def delete_sources() -> None:
    for source in Source.objects.all():
        source.delete()


ENDS = [
    rename_users,
    rename_people,
    delete_people,
    delete_users,
    rename_pages,
    purge_revisions,
    delete_revisions,
    rename_images,
    delete_images,
    rename_sources,
    delete_sources,
]


@pytest.fixture
def article(history):
    """article(): what the API and the record say of it now, as {what: value}."""
    name = history.article_id

    def told() -> dict:
        client = Client()
        answers = {route: client.get(f"/api/v1/articles/{name}/{route}") for route in ROUTES}
        rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in RECORD}
        rows["Event"] = [row for row in rows["Event"] if row["kind"] != "person-changed"]  # new lines tell of people
        rows["Document"] = [(row.digest, bytes(row.content)) for row in Document.objects.order_by("pk")]
        rows["Publication"] = [(row.slug, bytes(row.body), row.etag) for row in Publication.objects.all()]
        return rows | {route: (answer.status_code, without_id(answer.content)) for route, answer in answers.items()}

    return told


def without_id(content: bytes) -> bytes:
    """A problem names its request, each another one."""
    return re.sub(rb'"request_id": "[^"]*"', b"", content)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_record_and_api_say_the_same_after(article, found, end):
    before = article()
    assert before[""][0] == before["editions/2/parts/medical/"][0] == 200

    end()

    assert article() == before
    assert found() == {}


def test_record_and_api_say_the_same_after_all_of_it_at_once(article, found):
    before = article()

    for end in (purge_revisions, delete_images, delete_sources, delete_people, delete_users):
        end()

    assert not User.objects.exists() and not Person.objects.exists() and not Source.objects.exists()
    assert article() == before
    assert found() == {}


def test_record_and_api_say_the_same_after_the_page_of_a_withdrawn_article_is_deleted(article, history, people, found):
    withdraw(page=history, reason="outdated", by=people.editor)
    before = article()
    assert before[""][0] == 410

    delete_pages()

    assert not ArticlePage.objects.exists()
    assert article() == before
    assert found() == {}


def test_a_purge_deletes_revisions_and_leaves_the_record_their_numbers(history):
    kept = list(Edition.objects.values_list("revision", flat=True))
    before = Revision.objects.count()

    purge_revisions()

    assert Revision.objects.count() < before
    assert list(Edition.objects.values_list("revision", flat=True)) == kept

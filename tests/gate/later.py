"""What can happen to a signed article afterwards: each edit writes one word where it can."""

import json

from django.db import connection
from django.urls import reverse
from wagtail.models import Revision

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.sources.models import Source
from tests.factories import edit
from tests.gate.marked import picture_file
from tests.hands import fresh, press

WORD = "Nachgetragen"


def save(page, people, admin) -> None:
    edit(page, by=people.author, title=f"{WORD} title", summary=f"{WORD}.", seo_title=WORD, hero_alt=WORD)


def save_another_body(page, people, admin) -> None:
    body = json.loads(json.dumps(list(page.body.raw_data), default=str).replace("Zwirbelmark", WORD))
    edit(page, by=people.author, body=body)


def save_in_the_editor(page, people, admin) -> None:
    press(admin, reverse("wagtailadmin_pages:edit", args=[page.pk]), "action-publish", title=WORD)


def autosave_in_place(page, people, admin) -> None:
    """Twice: the revision that was published itself, then the one that this made."""
    for _ in range(2):
        draft = fresh(page).get_latest_revision_as_object()
        draft.summary = f"{WORD}."
        draft.save_revision(user=people.author, overwrite_revision=fresh(page).latest_revision)


def sql_on_the_revision(page, people, admin) -> None:
    for row in Revision.page_revisions.filter(object_id=str(page.pk)):
        content = json.loads(json.dumps(row.content).replace("Zwirbelmark", WORD))
        Revision.objects.filter(pk=row.pk).update(content=content)


def sql_on_the_row(page, people, admin) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_page SET title = %s, seo_title = %s, slug = %s", [WORD, WORD, "elsewhere"])
        cursor.execute("UPDATE articles_articlepage SET summary = %s, hero_alt = %s", [WORD, WORD])


def save_the_row(page, people, admin) -> None:
    row = fresh(page)
    row.title, row.live = WORD, True
    row.save()


def publish_by_wagtail(page, people, admin) -> None:
    save(page, people, admin)
    fresh(page).get_latest_revision().publish()


def edit_the_source(page, people, admin) -> None:
    for source in Source.objects.all():
        source.title, source.authors, source.design, source.issued = WORD, f"{WORD}, A", "case-report", "1999"
        source.save()


def delete_the_source(page, people, admin) -> None:
    Source.objects.all().delete()


def edit_the_person(page, people, admin) -> None:
    for person in Person.objects.all():
        person.name, person.credentials, person.specialty = WORD, WORD, WORD
        person.save()


def delete_the_people(page, people, admin) -> None:
    Person.objects.all().delete()


def edit_the_offer(page, people, admin) -> None:
    for offer in Offer.objects.all():
        offer.label, offer.text, offer.target = WORD, WORD, f"https://{WORD.lower()}.example"
        offer.save()
        offer.save_revision(user=people.author)


def edit_the_disclaimer(page, people, admin) -> None:
    for disclaimer in Disclaimer.objects.all():
        disclaimer.text = f"<p>{WORD}</p>"
        disclaimer.save()
        disclaimer.save_revision(user=people.author)


def rename_the_topic(page, people, admin) -> None:
    for row in page.topics.all():
        row.topic.name, row.topic.slug = WORD, WORD.lower()
        row.topic.save()


def replace_the_image_in_code(page, people, admin) -> None:
    for image in Image.objects.all():
        image.file, image.alt, image.credit = picture_file(WORD), WORD, WORD
        image.save()


def replace_the_image_in_the_admin(page, people, admin) -> None:
    image = Image.objects.get()
    form = {"title": WORD, "alt": WORD, "credit": WORD, "file": picture_file(WORD, "another.png"), "tags": ""}
    answer = admin.post(reverse("wagtailimages:edit", args=[image.pk]), form | {"collection": image.collection_id})
    assert answer.status_code == 302, answer.content


def overwrite_the_image_file(page, people, admin) -> None:
    image = Image.objects.get()
    with open(image.file.path, "wb") as file:
        file.write(picture_file(WORD).read())


def delete_the_image(page, people, admin) -> None:
    Image.objects.get().delete()


def delete_the_row(page, people, admin) -> None:
    """Past the refusal: a query set of treebeard's asks no model."""
    ArticlePage.objects.filter(pk=page.pk).delete()


EDITS = {
    name: act for name, act in list(globals().items()) if callable(act) and getattr(act, "__module__", "") == __name__
}

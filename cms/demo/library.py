"""What the demo's articles use: people, disclaimers, topics, images. The people are fictional, the texts our own."""

import json
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.log_actions import LogContext

from articles.authoring.components import Disclaimer
from articles.authoring.images import Image
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.review.policies import changes
from articles.review.policies.recorded import note_policies
from articles.sources.models import Source
from cms.models import User

HERE = Path(__file__).parent
ARTICLES = HERE / "articles"
CODES = HERE / "codes.csv"


def make_people(users: dict[str, User]) -> dict[str, Person]:
    """{username: Person}. The lead enters the credentials; since there is only one lead, the superuser confirms."""
    note_policies()
    made = {}
    for given in json.loads((HERE / "people.json").read_text()):
        user = users[given["username"]]
        made[given["username"]] = Person.objects.filter(user=user).first() or make_person(given, users)
    return made


def make_person(given: dict[str, Any], users: dict[str, User]) -> Person:
    person = Person(
        user=users[given["username"]],
        name=given["name"],
        credentials=given["credentials"],
        specialty=given["specialty"],
        registration_body=given["registration"]["body"],
        registration_number=given["registration"]["number"],
        interests=given["interests"],
        medical=bool(given["registration"]["number"]),
        verified_by=given["verified_by"],
        verified_on=timezone.now().date() if given["verified_by"] else None,
    )
    changes.change(person, by=users["lead"])
    if person.has_any_role:
        changes.confirm(person, shown=changes.mark_of(person), by=users["admin"])
    return person


def make_disclaimers(by: User) -> dict[str, Disclaimer]:
    """{slug: Disclaimer}, written by an editor, so that the clinician may sign them."""
    made = {}
    for given in json.loads((HERE / "disclaimers.json").read_text()):
        disclaimer, is_new = Disclaimer.objects.get_or_create(name=given["title"], defaults={"text": given["text"]})
        if is_new:
            disclaimer.save_revision(user=by)
        made[given["slug"]] = disclaimer
    return made


def note_what_became(rows: list[dict[str, Any]], *, by: User) -> None:
    """Of sources that the article was published with, as an editor notes it who hears of it later."""
    for given in rows:
        if became := given.get("became"):
            source = Source.objects.get(doi__iexact=given["doi"])
            source.status, source.status_notice = became["status"], became["notice"]
            source.clean()
            with LogContext(user=by):
                source.save()


def make_topic(given: dict[str, str]) -> Topic:
    return Topic.objects.get_or_create(slug=given["slug"], defaults={"name": given["name"]})[0]


def make_hero(given: dict[str, str], *, by: User) -> Image:
    title = given["file"].rpartition(".")[0].replace("-", " ").capitalize()
    existing = Image.objects.filter(title=title).first()
    if existing:
        return existing
    with LogContext(user=by), (ARTICLES / given["file"]).open("rb") as file:
        return Image.objects.create(
            title=title,
            file=ImageFile(file, name=given["file"]),
            alt=given["alt"],
            credit=given["credit"],
            licence=given["licence"],
            uploaded_by_user=by,
        )

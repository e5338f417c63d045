"""A long history with a clock and ids of its own, told as JSON: `python -m tests.faults.one_history`.

Run once on each engine by test_engines.py. Patched before anything is imported: ids and the clock, nothing of ours.
"""

import itertools
import json
import random
import secrets
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta

DICE = random.Random(11)
uuid.uuid4 = lambda: uuid.UUID(int=DICE.getrandbits(128), version=4)
secrets.token_bytes = DICE.randbytes

import django  # noqa: E402 - after the ids
from django.utils import timezone  # noqa: E402

TICKS = itertools.count()
timezone.now = lambda: datetime(2026, 11, 24, 9, tzinfo=UTC) + timedelta(milliseconds=next(TICKS))
django.setup()

from django.test import Client  # noqa: E402

from articles.authoring.models import ArticlePage  # noqa: E402
from articles.errors import DomainError  # noqa: E402
from articles.publishing.publish import publish_article  # noqa: E402
from articles.publishing.refile import refile  # noqa: E402
from articles.publishing.withdraw import withdraw  # noqa: E402
from articles.record.models import Document, Edition, Event, Facet, Link, Path, SignOff  # noqa: E402
from articles.record.vocabulary import Role  # noqa: E402
from articles.review.models import Policy  # noqa: E402
from tests.factories import (  # noqa: E402
    edit,
    make_article,
    make_disclaimer,
    make_image,
    make_offer,
    make_topic,
    make_user,
    sign_and_publish,
    sign_as,
)
from tests.faults.scenes import make_people  # noqa: E402

TITLES = ("Scalp", "Äpfel und Öl", "zebra", "Zebra", "İstanbul", "10² ways", "Scalp")


def live() -> list[ArticlePage]:
    for number, policy in enumerate(Policy.objects.order_by("pk"), start=1):  # given at random when migrating
        Policy.objects.filter(pk=policy.pk).update(policy_id=uuid.UUID(int=number))
    people, topic = make_people(), make_topic()
    both = {"by": people.author, "editor": people.editor, "reviewer": people.reviewer}
    disclaimer, offer = make_disclaimer(by=people.author), make_offer(by=people.author)
    sign_as(disclaimer, people.reviewer, Role.MEDICAL)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)
    pages = [
        make_article(
            by=people.author, title=title, offer=offer, disclaimers=[disclaimer], topics=[topic], hero=make_image()
        )
        for title in TITLES
    ]
    for page in pages:
        sign_and_publish(page, **both)
    changed = edit(pages[0], by=people.author, summary="A second text — with “typography”, emoji 🧪 and e\u0301.")
    sign_and_publish(changed, **both)
    refile(page=pages[1], slug="moved", topics=[topic], by=people.editor)
    for page in pages[2:4]:
        withdraw(page=page, reason="outdated", by=people.editor, replacement=pages[0].article_id)
    again = edit(pages[3], by=make_user("second", "Editors"), summary="Once more.")
    sign_and_publish(again, **both)
    disclaimer.text = "<p>Another text.</p>"
    disclaimer.save()
    disclaimer.save_revision(user=people.author)
    sign_as(disclaimer, people.reviewer, Role.MEDICAL)
    with suppress(DomainError):
        publish_article(page=make_article(by=people.author, title="Unsigned"), by=people.editor)
    return pages


def answers(pages: list[ArticlePage]) -> dict[str, object]:
    found, client = {}, Client()
    for path in addresses(pages):
        answer = client.get(f"/api/v1/{path}")
        found[path] = [answer.status_code, answer.headers.get("ETag"), answer.content.decode()]
        if answer.headers["Content-Type"].startswith("application/problem+json"):
            found[path][2] = {key: value for key, value in answer.json().items() if key != "request_id"}
    return found


def addresses(pages: list[ArticlePage]):
    yield from ("topics/", "articles/?page_size=3", "articles/?order=published_at", "articles/?topic=hair-and-scalp")
    yield from (
        "articles/?kind=risks&certainty=very-low",
        "articles/?order=title",
        "articles/?order=-title&page_size=2",
    )
    for page in pages:
        name = f"articles/{page.article_id}/"
        yield from (
            name,
            f"{name}?rich_text=portable",
            f"{name}?rich_text=markdown",
            f"{name}sections/",
            f"{name}editions/",
        )
        yield from (f"{name}editions/1/parts/medical/", f"{name}sections/risks/", f"articles/{page.slug}/")


def told() -> dict[str, object]:
    pages = live()
    return {
        "events": list(Event.objects.order_by("number").values_list("number", "kind", "subject", "data", "hash")),
        "documents": list(Document.objects.order_by("digest").values_list("digest", flat=True)),
        "editions": list(Edition.objects.order_by("event").values_list("subject", "number", "digests", "review")),
        "sign_offs": list(SignOff.objects.order_by("event").values_list("digest", "role", "name", "statement")),
        "paths": list(Path.objects.order_by("locale", "slug").values_list("slug", "current")),
        "facets": sorted(Facet.objects.values_list("name", "value").distinct()),
        "links": sorted(Link.objects.values_list("relation", "target").distinct()),
        "answers": answers(pages),
    }


if __name__ == "__main__":
    print(json.dumps(told(), default=str))

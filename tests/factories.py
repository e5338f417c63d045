"""Valid objects with as little said as possible: a test states only what matters to it."""

import json
from itertools import count
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.timezone import now
from wagtail.images.tests.utils import get_test_image_file

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticleAuthor, ArticleDisclaimer, ArticleIndexPage, ArticlePage, ArticleTopic
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.publishing.emergency import publish_in_emergency
from articles.publishing.publish import publish_component
from articles.publishing.sign import sign
from articles.record.models import Edition
from articles.record.vocabulary import Method, Role
from articles.review.models import OpenNeed
from articles.review.needs import taking
from articles.review.needs.rules import lacking
from articles.review.needs.table import asked_rows, rewrite, who_could_sign
from articles.review.opening import load, open_review
from articles.review.policies import changes
from articles.review.signing import checklist, signoffs
from articles.review.signing.authentication import Confirmation
from articles.review.signing.signatures import parts_to_sign
from articles.review.submit import submit
from articles.sources.models import Source
from cms.models import User

PASSWORD = "a long enough password"
_number = count(1)


def make_user(username: str, *groups: str, **fields) -> User:
    user = User.objects.create_user(username, password=PASSWORD, **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def make_clinician(username: str = "reviewer", **person) -> User:
    user = make_user(username, "Medical reviewers")
    fields = {"name": "Dr Ada Reviewer", "credentials": "MD", "specialty": "Dermatology", "medical": True}
    make_person(user=user, **(fields | person))
    return User.objects.get(pk=user.pk)


def make_person(**fields) -> Person:
    """One whose roles count: two leads saw to it."""
    return Person.objects.create(**({"confirmed_at": now()} | fields))


def teach(language: str, *users: User) -> None:
    """From now on they sign texts in this language, too."""
    for user in users:
        person, _ = Person.objects.get_or_create(user=user, defaults={"name": user.get_username()})
        person.languages = [*(person.languages or ["en"]), language]
        Person.objects.filter(pk=person.pk).update(languages=person.languages)
        user.person = person


def give_login(person: Person, user: User | None) -> None:
    """Another login for the same person, in the ledger, and confirmed."""
    person.user = user
    changes.change(person, by=None)
    person.confirmed_at = now()
    person.save(update_fields=["confirmed_at"])


def make_on_call(username: str = "on-call", name: str = "Dr On Call") -> User:
    """A clinician who may publish in an emergency and give safety notices."""
    user = make_clinician(username, name=name)
    user.groups.add(Group.objects.get(name="On-call clinicians"))
    return user


def make_source(**fields) -> Source:
    number = next(_number)
    given = {
        "title": f"A study of scalps, part {number}",
        "container_title": "Journal of Scalps",
        "issued": "2024",
    }
    return Source.objects.create(**(given | {"design": "cohort", "authors": "Doe, Jane"} | fields))


def make_image(**fields) -> Image:
    file = ImageFile(get_test_image_file(size=(640, 480)).file, name=f"picture-{next(_number)}.png")
    return Image.objects.create(**({"title": "A scalp", "file": file, "alt": "A scalp, seen from above"} | fields))


def make_offer(by: User | None = None, **fields) -> Offer:
    given = {"name": "Consultation", "label": "Book a consultation", "target": "https://example.org/book"}
    offer = Offer.objects.create(**(given | {"text": "Talk it through with a clinician."} | fields))
    offer.save_revision(user=by)
    return offer


def make_disclaimer(by: User | None = None, text: str = "<p>General information, no advice.</p>") -> Disclaimer:
    disclaimer = Disclaimer.objects.create(name=f"General {next(_number)}", text=text)
    disclaimer.save_revision(user=by)
    return disclaimer


def block(kind: str, /, **value) -> dict:
    """A stored block: lists are wrapped as Wagtail stores them."""
    return {"type": kind, "id": str(uuid4()), "value": {"heading": "", "text": ""} | _wrapped(value)}


def listed(*texts: str) -> list[dict]:
    """A list of plain texts as Wagtail stores it."""
    return [{"type": "item", "id": str(uuid4()), "value": text} for text in texts]


def _wrapped(value):
    if isinstance(value, dict):
        return {key: _wrapped(item) for key, item in value.items()}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        is_stored = all(isinstance(item, dict) and set(item) == {"type", "id", "value"} for item in value)
        return value if is_stored else [{"type": "item", "id": str(uuid4()), "value": _wrapped(item)} for item in value]
    return value


def citation(source: Source, **fields) -> dict:
    return {"source": source.pk, "support": "direct", "locator": "", "quote": ""} | fields


def complete_body(source: Source, offer: Offer | None = None) -> list[dict]:
    """One of nearly every kind; passes all blocking checks."""
    cited = f'<a linktype="citation" sources="{source.pk}" support="direct" locator="p. 3">[1]</a>'
    return [
        block("introduction", text="<p>An itchy scalp is <b>common</b>.</p>"),
        block(
            "causes",
            heading="What causes it?",
            text=f"<p>Several conditions can {cited}.</p>",
            items=[
                {
                    "name": "Dandruff",
                    "text": "A yeast irritates.",
                    "codes": [],
                    "citations": [citation(source)],
                }
            ],
        ),
        block(
            "evidence",
            heading="Does it help?",
            text="<p>Few studies exist.</p>",
            findings=[
                {
                    "statement": "Redness went down in a small group.",
                    "subjects": "people",
                    "population": "adults",
                    "sample_size": 12,
                    "certainty": "very-low",
                    "certainty_basis": "our-judgement",
                    "citations": [citation(source, quote="Redness was reduced.")],
                }
            ],
        ),
        block(
            "risks",
            heading="Risks",
            text="<p>Irritation can occur.</p>",
            effects=[
                {
                    "name": "Irritation",
                    "frequency": "common",
                    "severity": "mild",
                    "route": "topical",
                    "citations": [citation(source)],
                }
            ],
            cautions=[{"group": "Pregnancy", "level": "avoid", "advice": "Ask first.", "citations": []}],
            interactions=[],
        ),
        block("conclusion", heading="In short", text="<p>Promising, and early.</p>"),
        *(
            [block("cta", text="<p>Questions?</p>", purposes=[offer.purpose], offer=offer.pk)]
            if offer is not None
            else []
        ),
        block("sources", heading="Sources", items=[]),
    ]


def make_article(*, by: User, offer: Offer | None = None, body: list | None = None, **fields) -> ArticlePage:
    """A complete draft with one revision; nothing of it is signed."""
    disclaimers, topics = fields.pop("disclaimers", []), fields.pop("topics", [])
    number = next(_number)
    given = {
        "title": f"Scalp inflammation {number}",
        "slug": f"scalp-inflammation-{number}",
        "summary": "What helps an inflamed scalp, and how sure we are.",
        "article_type": "condition",
        "live": False,
        "owner": by,
    }
    page = ArticlePage(**(given | fields))
    page.body = json.dumps(body if body is not None else complete_body(make_source(), offer))
    page.disclaimers = [ArticleDisclaimer(disclaimer=item, sort_order=at) for at, item in enumerate(disclaimers)]
    page.topics = [ArticleTopic(topic=item, sort_order=at) for at, item in enumerate(topics)]
    ArticleIndexPage.objects.get(slug="articles").add_child(instance=page)
    page.save_revision(user=by)
    return page


def make_byline() -> list[ArticleAuthor]:
    """Another author's name, which is a change of the presentation alone."""
    return [ArticleAuthor(person=Person.objects.create(name=f"Author {next(_number)}"))]


def make_topic(name: str = "Hair and scalp", slug: str = "hair-and-scalp") -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def edit(page: ArticlePage, *, by: User, **fields) -> ArticlePage:
    """Save a new revision with these fields changed, and what readers are told of it."""
    draft = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.change_note = f"Change {next(_number)}."
    for name, value in fields.items():
        setattr(draft, name, json.dumps(value) if name == "body" else value)
    draft.save_revision(user=by)
    return ArticlePage.objects.get(pk=page.pk)


def sign_as(target, user: User, role: str, *parts: str, scope: str = "whole") -> None:
    """Sign what this role still has to sign, through the real service with the real password."""
    target = type(target).objects.get(pk=target.pk)
    review = load(target)
    shown = review.shown(parts or parts_to_sign(review, role) or review.digests)
    given = checklist.confirmed()
    sign(target=target, user=user, role=role, shown=shown, password=PASSWORD, checklist=given, scope=scope)


def typed(user: User) -> Confirmation:
    """As if the person had typed the password."""
    return Confirmation(user, Method.PASSWORD)


def sign_only(target, user: User, role: str, *parts: str):
    """The signature alone: nothing follows from it. The open review."""
    with transaction.atomic():
        review = open_review(type(target).objects.get(pk=target.pk))
        shown = review.shown(parts or review.digests)
        signoffs.sign(review, role=role, shown=shown, confirmation=typed(user), checklist=checklist.confirmed())
    return review


def publish_signed_component(component, by: User) -> Edition:
    """Publish its working copy as it was signed; what shows it stays as it is."""
    with transaction.atomic():
        return publish_component(open_review(type(component).objects.get(pk=component.pk)), by=by)


def publish_at_once(page: ArticlePage, user: User, **given) -> Edition:
    """In an emergency, on this clinician's signature, on what is there now."""
    page = ArticlePage.objects.get(pk=page.pk)
    review = load(page)
    said = {"shown": review.shown(review.digests), "password": PASSWORD, "reason": "A recall was announced."}
    return publish_in_emergency(page=page, user=user, **(said | {"given": checklist.confirmed()} | given))


def sign_and_publish(page: ArticlePage, *, by: User, editor: User, reviewer: User) -> None:
    """The whole workflow: submit, editorial check, medical review."""
    submit(page=ArticlePage.objects.get(pk=page.pk), by=by)
    sign_as(page, editor, Role.EDITOR)
    sign_as(page, reviewer, Role.MEDICAL, "medical")


def key_of(target):
    """Of an article or a component, as the record names it."""
    return getattr(target, "article_id", None) or target.component_id


def note_needs(target) -> None:
    """Write what it lacks into the table of open needs, as it is done after the commit of a saved text."""
    rewrite(key_of(target))


def take(target, role: str, by: User) -> OpenNeed:
    return taking.take(kind=getattr(target, "subject_kind", "article"), target=target.pk, role=role, by=by)


def taken_by(target, role: str) -> User | None:
    return OpenNeed.objects.get(subject=key_of(target), role=role, closed_at=None).taker


def could_sign(review, role: str) -> list[User]:
    """Who could give what the text lacks in this role."""
    rows = asked_rows(review, [item for item in lacking(review) if item.role == role])
    return [user for users in who_could_sign(rows).values() for user in users]


def today():
    return now().date()

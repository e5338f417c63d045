"""A house in which every text has a word of its own: what readers may get, and what nobody may be told.

Whatever an address answers, the words in it say which texts it told.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Permission
from django.utils import timezone
from wagtail.models import Comment, Locale

from api.admin import keys
from api.models import ApiKey
from api.v1.reading.lookup import UUID_FORM
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import (
    ArticleAuthor,
    ArticleDisclaimer,
    ArticleIndexPage,
    ArticlePage,
    ArticleTopic,
    RelatedArticle,
)
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.intake.runs.starting import Upload, start_run
from articles.publishing import notices
from articles.publishing.scheduling.schedule import schedule_publication
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw, withdraw_component
from articles.record import events
from articles.record.delivery import projection
from articles.record.models import Link, Publication, Rendition, SignOff
from articles.record.vocabulary import AfterGrace, PublicationState, Role
from articles.review.models import Policy
from articles.review.policies.changes import change as change_person
from articles.review.responses import change_requests, suggestions
from articles.review.submit import submit
from tests import worlds
from tests.factories import (
    PASSWORD,
    make_disclaimer,
    make_image,
    make_offer,
    make_on_call,
    make_source,
    make_user,
    sign_and_publish,
    sign_as,
    teach,
)
from tests.gate.marked import MARK, every_section, picture_file
from tests.hands import fresh
from tests.schedules import ZONE, soon
from tests.tasks import run_all

LETTERS = "bcdfghjklmnpqrtvwxz"
FORM = re.compile(r"vogel[a-z]{3}x", re.IGNORECASE)
ENDINGS = product(LETTERS, repeat=3)
OLD_SITE = "https://old.example"


def new_word() -> str:
    """A word that stands nowhere else, in no language's list, and that no stemmer cuts."""
    return f"Vogel{''.join(next(ENDINGS))}x"


def canaries_in(text: str) -> set[str]:
    return {found.lower() for found in FORM.findall(text)}


@dataclass
class Canaries:
    """Each word: where it stands, and whether readers may get it."""

    public: dict[str, str] = field(default_factory=dict)
    never: dict[str, str] = field(default_factory=dict)

    def word(self, place: str, *, is_public: bool = False) -> str:
        word = new_word()
        (self.public if is_public else self.never)[word.lower()] = place
        return word

    def put_into(self, text: str, place: str, *, is_public: bool = False) -> str:
        """A word of its own for each mark."""
        return re.sub(MARK, lambda _: self.word(place, is_public=is_public), text)

    def withdraw(self, *places: str) -> None:
        """What readers got is for nobody any more."""
        gone = {word: place for word, place in self.public.items() if place.startswith(places)}
        self.public = {word: place for word, place in self.public.items() if word not in gone}
        self.never |= gone


@dataclass
class House:
    """`hidden`: names that only insiders know, by what they are names of: {"name": [slug, id, …], "component": …}.
    `served` and `gone` likewise: of what readers get, and of what was taken from them."""

    canaries: Canaries = field(default_factory=Canaries)
    served: dict[str, list[str]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    hidden: dict[str, list[str]] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)  # ids of drafts that signed texts name
    people: Any = None
    key: str = ""
    revoked: str = ""

    def words(self) -> list[str]:
        """A hidden word of each place."""
        return list({place: word for word, place in self.canaries.never.items()}.values())

    def names(self, kind: str) -> Iterator[str]:
        for group in (self.served, self.gone, self.hidden):
            yield from group.get(kind, [])

    def note(self, group: str, **names: Any) -> None:
        for kind, name in names.items():
            getattr(self, group).setdefault(kind, []).append(str(name))

    def note_article(self, group: str, page: ArticlePage) -> None:
        self.note(group, name=page.slug)
        self.note(group, name=page.article_id)


def make_house() -> House:
    """Published, withdrawn and withheld articles, and every kind of text that nobody has signed."""
    house = House(people=worlds.people())
    house.people.lead = make_user("lead", "Medical leads")
    for user in (house.people.editor, house.people.reviewer):
        user.user_permissions.set(Permission.objects.filter(codename__in=("withdraw_article", "void_signoff")))
    plain = published(house, "plain")
    drafts = [drafted(house, "draft"), submitted(house), embargoed(house), imported(house)]
    _, voided = withheld(house)
    link(house, plain, to=[*drafts, withdrawn(house, drafts[0]), voided])
    change(house, plain)
    change_for_later(house)
    withdraw_components(house)
    translate(house, plain)
    notice(house, plain)
    write_for_insiders(house)
    make_keys(house)
    note_files(house)
    return house


# Texts


def written(house: House, name: str, *, is_public: bool, **given: Any) -> ArticlePage:
    """A complete draft of this name with a word of its own in every place; `is_public`: it is going to be signed."""
    by = house.people.author

    def say(place: str, whose: str = name) -> str:
        return f"{house.canaries.word(f'{whose}: {place}', is_public=is_public)} stands in the {place}"

    def inside(place: str) -> str:
        return house.canaries.word(f"{name}: {place}, for insiders")

    beside = f"beside {name}"
    said = {"label": say("label", beside), "text": say("offer", beside), "disclosure": say("disclosure", beside)}
    offer = make_offer(by=by, name=inside("offer"), **said)
    disclaimer = make_disclaimer(by=by, text=f"<p>{say('disclaimer', beside)}</p>")
    if is_public:
        sign_component(house, offer)
        sign_component(house, disclaimer)
    source = make_source(title=say("source"), authors=f"{say('authors')}, A", container_title=say("journal"))
    title = inside("image")
    hero = make_image(title=title, file=picture_file(title, f"{name}.png"), alt=inside("alt"), credit=inside("credit"))
    body = house.canaries.put_into(json.dumps(every_section(source, offer, hero)), f"{name}: body", is_public=is_public)
    topic = Topic.objects.create(name=say("topic"), slug=f"topic-of-{name}")
    author = Person(name=say("author"), credentials="MD", interests=say("interests"))
    change_person(author, by=None)
    code = {"system": "icd-10-cm", "code": CODES[is_public], "display": say("code")}
    page = ArticlePage(
        **{place: say(place) for place in PLACES},
        change_note=inside("note of the first edition"),
        slug=f"slug-of-{name}",
        article_type="condition",
        live=False,
        owner=by,
        hero=hero,
        social_image=hero,
        codes=json.dumps([{"type": "code", "value": code}]),
        body=body,
        **given,
    )
    page.disclaimers = [ArticleDisclaimer(disclaimer=disclaimer)]
    page.topics = [ArticleTopic(topic=topic)]
    page.authors = [ArticleAuthor(person=author)]
    ArticleIndexPage.objects.get(slug="articles").add_child(instance=page)
    page.save_revision(user=by)
    group = "served" if is_public else "hidden"
    house.note_article(group, page)
    house.note(group, component=offer.component_id, source=source.source_id, person=author.person_id, topic=topic.slug)
    house.note(group, component=disclaimer.component_id)
    return fresh(page)


PLACES = (
    *("title", "summary", "synonyms", "sponsorship", "seo_title", "search_description"),
    *("hero_alt", "hero_credit", "social_image_alt", "social_image_credit"),
)
CODES = {True: "L65.9", False: "M72.0"}


def sign_component(house: House, component: Offer | Disclaimer) -> None:
    if isinstance(component, Offer):
        sign_as(component, house.people.editor, Role.EDITOR)
    sign_as(component, house.people.reviewer, Role.MEDICAL)


def publish(house: House, page: ArticlePage) -> ArticlePage:
    people = house.people
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    return fresh(page)


def rewritten(house: House, page: ArticlePage, name: str, *, is_public: bool, **given: Any) -> ArticlePage:
    """A new revision of the article with other words in every place, and nothing else touched."""
    draft = fresh(page).get_latest_revision_as_object()
    for place in (*PLACES, "change_note"):
        setattr(draft, place, f"{house.canaries.word(f'{name}: {place}', is_public=is_public)} is in the new {place}")
    body = FORM.sub(MARK, json.dumps(list(draft.body.raw_data), default=str))
    draft.body = house.canaries.put_into(body, f"{name}: body", is_public=is_public)
    for field_name, value in given.items():
        setattr(draft, field_name, value)
    draft.save_revision(user=house.people.author)
    return fresh(page)


# What readers get, and what was taken from them


def published(house: House, name: str) -> ArticlePage:
    return publish(house, written(house, name, is_public=True))


def withdrawn(house: House, replacement: ArticlePage) -> ArticlePage:
    """Two editions, then withdrawn in favor of a draft; somebody works on a third."""
    page = published(house, "withdrawn")
    publish(house, rewritten(house, page, "withdrawn, second", is_public=True))
    withdraw(page=page, reason="safety", by=house.people.editor, replacement=replacement.article_id)
    house.linked.add(str(replacement.article_id))
    take_away(house, page, "withdrawn")
    return rewritten(house, page, "withdrawn, third", is_public=False)


def withheld(house: House) -> tuple[ArticlePage, ArticlePage]:
    """Which their policy withholds: one by the clock, before any job has run; one whose review was voided."""
    medical = Policy.objects.filter(kind="medical")
    usual = medical.get().after_grace
    medical.update(after_grace=AfterGrace.WITHHOLD)
    by_clock, voided = published(house, "late"), published(house, "voided")
    medical.update(after_grace=usual)
    past = timezone.now() - timedelta(hours=1)
    Publication.objects.filter(article=by_clock.article_id).update(grace_ends_at=past, fresh_until=past)
    signed = SignOff.objects.get(subject=voided.article_id, role=Role.MEDICAL)
    void(signoff=signed, reason=house.canaries.word("reason of a void"), by=house.people.lead)
    assert Publication.objects.get(article=voided.article_id).state == PublicationState.WITHHELD
    take_away(house, by_clock, "late")
    take_away(house, voided, "voided")
    return by_clock, voided


def take_away(house: House, page: ArticlePage, name: str) -> None:
    """Its names stay known, and none of its words. What is signed by itself, its offer, has an address of its own."""
    house.canaries.withdraw(f"{name}:", f"{name},")
    for key in (page.slug, str(page.article_id)):
        house.served["name"].remove(key)
    house.note_article("gone", page)


# What nobody signed, or not yet


def drafted(house: House, name: str, **given: Any) -> ArticlePage:
    return written(house, name, is_public=False, **given)


def submitted(house: House) -> ArticlePage:
    """Signed by the editor alone, sent back by the clinician with comments, and submitted again."""
    page = drafted(house, "submitted")
    say = house.canaries.word
    submit(page=page, by=house.people.author)
    sign_as(page, house.people.editor, Role.EDITOR)
    block = page.body.raw_data[0]["id"]
    suggestions.suggest(
        page=fresh(page),
        by=house.people.reviewer,
        section=block,
        before="An itchy scalp",
        after=say("suggestion"),
        comment=say("reason of a suggestion"),
    )
    comments = {block: say("comment on a section")}
    change_requests.ask(target=fresh(page), by=house.people.reviewer, reason=say("request"), comments=comments)
    submit(page=fresh(page), by=house.people.author)
    return fresh(page)


def embargoed(house: House) -> ArticlePage:
    """Signed by all, for next week."""
    return signed_later(house, drafted(house, "embargoed"))


def change_for_later(house: House) -> None:
    """Readers have two editions; the third is signed for next week."""
    page = published(house, "promised")
    page = publish(house, rewritten(house, page, "promised, second", is_public=True))
    signed_later(house, rewritten(house, page, "promised, third", is_public=False))


def signed_later(house: House, page: ArticlePage) -> ArticlePage:
    people = house.people
    schedule_publication(page=page, at=soon(days=7), zone=ZONE, by=people.editor)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    return fresh(page)


def imported(house: House) -> ArticlePage:
    """A draft that came from the old web site, whose address readers know; and files that were read."""
    legacy = {"address": f"{OLD_SITE}/imported/", "title": house.canaries.word("title on the old site")}
    page = drafted(house, "imported", legacy=legacy)
    for address, article in ((legacy["address"], page.article_id), (f"{OLD_SITE}/unwanted/", uuid4())):
        data = {"address": address, "key": "7", "sha256": "0" * 64}
        line = events.append("imported", subject_kind="article", subject=article, actor={}, data=data)
        projection.write_shared(line)
    file = "\n\n".join(house.canaries.word(f"imported file: {place}") for place in ("title", "opening", "text"))
    uploads = [Upload("file.txt", len(file), [file.encode()])]
    start_run(by=house.people.editor, parent=page.get_parent().specific, language="en", uploads=uploads)
    run_all()
    return page


def change(house: House, page: ArticlePage) -> None:
    """What the author writes on top of what readers get, with an address and a topic that are new."""
    topic = Topic.objects.create(name=house.canaries.word("changed: topic"), slug="topic-of-changed")
    given = {"slug": "slug-of-changed", "topics": [ArticleTopic(topic=topic)]}
    page = rewritten(house, page, "changed", is_public=False, **given)
    comment = Comment(page=page, user=house.people.editor, text=house.canaries.word("comment"), contentpath="title")
    comment.save()
    house.note("hidden", name=page.get_latest_revision_as_object().slug, topic=topic.slug)


def translate(house: House, page: ArticlePage) -> None:
    """Into Spanish; nobody has signed it."""
    locale = Locale.objects.get_or_create(language_code="es")[0]
    ArticleIndexPage.objects.get(slug="articles").copy_for_translation(locale)
    teach("es", house.people.editor, house.people.reviewer)
    made = page.copy_for_translation(locale)
    made = rewritten(house, made, "translation", is_public=False, slug="slug-of-translation")
    house.note("hidden", name=made.get_latest_revision_as_object().slug)
    house.note("hidden", name=made.article_id)


def withdraw_components(house: House) -> None:
    """An article goes on without its offer and its disclaimer; their next texts are unsigned."""
    page = published(house, "plainer")
    offers = [block.value["offer"] for block in page.body if block.block_type == "cta"]
    for component in (*offers, page.disclaimers.get().disclaimer):
        withdraw_component(component=component, reason="other", by=house.people.editor)
        house.served["component"].remove(str(component.component_id))
        house.note("gone", component=component.component_id)
    house.canaries.withdraw("beside plainer:")


def link(house: House, page: ArticlePage, *, to: Iterable[ArticlePage]) -> None:
    """Readers get an article that links to texts that they do not get, and names them as related."""
    draft = fresh(page).get_latest_revision_as_object()
    pages = list(to)
    house.linked |= {str(each.article_id) for each in pages}
    links = "".join(f'<a linktype="page" id="{each.pk}">another</a> ' for each in pages)
    body = json.loads(json.dumps(list(draft.body.raw_data), default=str))
    body[0]["value"]["text"] += f"<p>{links}</p>"
    draft.body = json.dumps(body)
    draft.related = [RelatedArticle(article=each) for each in pages]
    draft.change_note = house.canaries.word("linking: change_note", is_public=True)
    draft.save_revision(user=house.people.author)
    publish(house, page)


# What only insiders read


def notice(house: House, page: ArticlePage) -> None:
    """One stands, one was lifted with a reason."""
    on_call, say = make_on_call(), house.canaries.word
    given = {"articles": [page.article_id], "user": on_call, "password": PASSWORD}
    notices.give(texts={"en": say("standing notice", is_public=True)}, **given)
    lifted = notices.give(texts={"en": say("lifted notice")}, **given)
    notices.lift(notice=lifted, reason=say("reason of lifting"), by=on_call)


def write_for_insiders(house: House) -> None:
    say = house.canaries.word
    Policy.objects.create(name=say("policy"))
    source = make_source(title=say("source that nobody cites"))
    person = Person.objects.create(name=say("person whom nobody names"), interests=say("interests of nobody"))
    unused = make_offer(by=house.people.author, label=say("unused offer"))
    house.note("hidden", source=source.source_id, person=person.person_id, component=unused.component_id)


def make_keys(house: House) -> None:
    """One that works and one that was revoked."""
    working, revoked = (ApiKey(name=house.canaries.word("name of a key")) for _ in range(2))
    house.key, house.revoked = keys.create(working, by="root"), keys.create(revoked, by="root")
    keys.revoke(revoked)


def note_files(house: House) -> None:
    """The pictures that readers may load, and those of what they do not get."""
    served = [name for name in house.served["name"] if UUID_FORM.fullmatch(name)]
    shown = set(Link.objects.filter(relation="image", article__in=served).values_list("target", flat=True))
    for row in Rendition.objects.all():
        house.note("served" if row.image in shown else "hidden", file=row.path)
    for image in Image.objects.all():
        house.note("hidden", media=image.file.name)

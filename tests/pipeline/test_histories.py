"""Random histories of one article: after every step, what readers get carries all signatures on exactly its bytes."""

import hashlib
import json
import os
import random
from contextlib import suppress

import pytest

from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.publishing.publish import publish_article
from articles.publishing.refile import refile
from articles.publishing.withdraw import withdraw
from articles.record.events import hash_of
from articles.record.models import Document, Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.signing import signatures
from articles.review.submit import submit
from tests.factories import edit, make_article, make_user, sign_as

STEPS = 30
SEED_OF_A_FULL_LIFE = 0
LONG = 200 if os.environ.get("PROVE") else 1
NEEDED = {"medical": {Role.EDITOR, Role.MEDICAL}, "presentation": {Role.EDITOR}}


class History:
    """One article and its people; `step` does something at random, allowed or not."""

    def __init__(self, seed: int, people, disclaimer, offer) -> None:
        self.dice, self.people, self.disclaimer = random.Random(seed), people, disclaimer
        self.people.second = make_user("second", "Editors")
        self.key = make_article(by=people.author, offer=offer, disclaimers=[disclaimer]).pk
        self.steps = [
            self.change_medical,
            self.change_presentation,
            self.submit,
            self.editor_signs,
            self.editor_signs,
            self.second_signs,
            self.reviewer_signs,
            self.reviewer_signs,
            self.withdraw,
            self.refile,
            self.publish_anyway,
            self.change_disclaimer,
            self.bring_back_old_text,
        ]

    @property
    def page(self) -> ArticlePage:
        return ArticlePage.objects.get(pk=self.key)

    def step(self) -> None:
        with suppress(DomainError):  # a refusal is an outcome too; what it left behind is checked
            self.dice.choice(self.steps)()

    def someone(self):
        return self.dice.choice([self.people.author, self.people.editor, self.people.second])

    def change_medical(self) -> None:
        edit(self.page, by=self.someone(), summary=f"Number {self.dice.random()} is what helps.")

    def change_presentation(self) -> None:
        edit(self.page, by=self.someone(), seo_title=f"Found by {self.dice.random()}")

    def submit(self) -> None:
        submit(page=self.page, by=self.people.author)

    def _sign(self, user, role) -> None:
        parts = signatures.parts_to_sign(load(self.page), role)
        if parts:
            sign_as(self.page, user, role, *parts)

    def editor_signs(self) -> None:
        self._sign(self.people.editor, Role.EDITOR)

    def second_signs(self) -> None:
        self._sign(self.people.second, Role.EDITOR)

    def reviewer_signs(self) -> None:
        self._sign(self.people.reviewer, Role.MEDICAL)

    def withdraw(self) -> None:
        withdraw(page=self.page, reason="other", by=self.people.editor)

    def refile(self) -> None:
        refile(page=self.page, slug=f"moved-{self.dice.randrange(5)}", topics=[], by=self.people.editor)

    def publish_anyway(self) -> None:
        publish_article(page=self.page, by=self.people.editor)

    def change_disclaimer(self) -> None:
        self.disclaimer.text = f"<p>General information, version {self.dice.random()}.</p>"
        self.disclaimer.save()
        self.disclaimer.save_revision(user=self.people.author)
        sign_as(self.disclaimer, self.people.reviewer, Role.MEDICAL)

    def bring_back_old_text(self) -> None:
        old = self.dice.choice(list(self.page.revisions.order_by("pk")))
        old.as_object().save_revision(user=self.people.author)


def require_signed(article) -> None:
    """What readers get is the latest edition, and each part of it has the signatures that its policy names."""
    row = Publication.objects.filter(article=article).first()
    if row is None:
        assert not Edition.objects.filter(subject=article).exists()
        return
    latest = Event.objects.filter(subject=article, kind__in=["published", "withdrawn"]).last()
    assert (latest.kind == "published") == (row.state == "published")
    edition = Edition.objects.filter(subject=article).last()
    served = json.loads(bytes(row.body)) if row.state == "published" else None
    assert served is None or served["edition"]["digests"] == edition.digests
    for part, digest in edition.digests.items():
        content = bytes(Document.objects.get(digest=digest).content)
        signers = SignOff.objects.filter(pk__in=edition.signoffs, subject=article, part=part, digest=digest)
        assert digest == f"sha-256:{hashlib.sha256(content).hexdigest()}"
        assert {signer.role for signer in signers} >= NEEDED[part]
        assert len({signer.user for signer in signers}) == len(signers)
    medical = json.loads(bytes(Document.objects.get(digest=edition.digests["medical"]).content))
    assert served is None or served["content"]["summary"] == medical["summary"]


def require_whole_ledger() -> None:
    previous = "0" * 64
    for number, event in enumerate(Event.objects.order_by("number"), start=1):
        assert (event.number, event.previous_hash, event.hash) == (number, previous, hash_of(event))
        previous = event.hash


def live(seed: int, people, disclaimer, offer) -> set[str]:
    history = History(seed, people, disclaimer, offer)
    article = history.page.article_id
    for _ in range(STEPS):
        history.step()
        require_signed(article)
    require_whole_ledger()
    return set(Event.objects.filter(subject=article).values_list("kind", flat=True))


@pytest.mark.parametrize("seed", range(2))
def test_whatever_people_try_readers_get_only_what_was_signed(people, disclaimer, offer, seed):
    kinds = live(seed, people, disclaimer, offer)

    assert {"submitted", "signed"} <= kinds


def test_a_random_history_comes_as_far_as_publishing_and_withdrawing(people, disclaimer, offer):
    assert {"published", "withdrawn", "refiled"} <= live(SEED_OF_A_FULL_LIFE, people, disclaimer, offer)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(100, 100 + LONG))
def test_in_many_more_histories_readers_get_only_what_was_signed(people, disclaimer, offer, seed):
    live(seed, people, disclaimer, offer)

"""A real history, made once for a file; the verifier asked about it; and what a tampering hand needs.

The history lies in an outer transaction, each test in a savepoint: nothing of a test is seen by the next.
"""

from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.publishing.proof import issuing
from articles.publishing.proof.private_keys import SigningKey
from articles.record import events
from articles.record.append_only import triggers
from articles.record.delivery import projection
from articles.record.ledger.verify import verify
from articles.record.vocabulary import Role
from tests.factories import (
    edit,
    make_article,
    make_clinician,
    make_disclaimer,
    make_image,
    make_offer,
    make_topic,
    make_user,
    sign_and_publish,
    sign_as,
)
from tests.record.tamper import drop_triggers


@pytest.fixture(scope="module")
def _made(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_history()
        transaction.set_rollback(True)


@pytest.fixture
def history(_made, db) -> ArticlePage:
    """One article with two editions, an offer, a disclaimer; every table of the record has rows."""
    return ArticlePage.objects.get(pk=_made.article)


@pytest.fixture
def people(_made, db):
    return _made.people


@pytest.fixture
def unguarded(history):
    """The same, with every trigger of the record dropped."""
    drop_triggers()
    assert set(triggers.missing()) == set(triggers.TABLES)
    return history


@pytest.fixture
def found():
    """found(): the verifier's findings now, as {code: [finding, …]}."""

    def ask() -> dict[str, list]:
        codes: dict[str, list] = {}
        for finding in verify(now=timezone.now())[0]:
            codes.setdefault(finding.code, []).append(finding)
        return codes

    return ask


def make_history() -> SimpleNamespace:
    people = SimpleNamespace(
        author=make_user("author", "Authors"), editor=make_user("editor", "Editors"), reviewer=make_clinician()
    )
    offer, disclaimer = make_offer(by=people.author), make_disclaimer(by=people.author)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)
    sign_as(disclaimer, people.reviewer, Role.MEDICAL)
    both = {"by": people.author, "editor": people.editor, "reviewer": people.reviewer}
    beside = {"offer": offer, "disclaimers": [disclaimer], "hero": make_image(), "topics": [make_topic()]}
    page = make_article(by=people.author, **beside)
    sign_and_publish(page, **both)
    sign_and_publish(
        edit(page, by=people.author, summary="A second text.", seo_title="A second title.", change_note="Says more."),
        **both,
    )
    _note_import(page)
    _issue_keys()
    return SimpleNamespace(article=page.pk, people=people)


def _issue_keys() -> None:
    """The organisation's key, and a card of delivery that was revoked."""
    key = SigningKey(Ed25519PrivateKey.generate())
    issuing.establish(key, actor={})
    line = issuing.issue_to_delivery(SigningKey(Ed25519PrivateKey.generate()).spki, by=key, actor={})
    issuing.revoke(line.data["key"], since=timezone.now(), reason="replaced", actor={})


def _note_import(page: ArticlePage) -> None:
    data = {"address": "https://old.example/scalp/", "key": "7", "sha256": "0" * 64}
    line = events.append("imported", subject_kind="article", subject=page.article_id, actor={}, data=data)
    projection.write_shared(line)

"""The whole way of one article, by the services that people's clicks call."""

import hashlib
import json

import pytest

from articles.record.models import Document, Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from tests.factories import (
    make_article,
    make_clinician,
    make_disclaimer,
    make_image,
    make_offer,
    make_user,
    sign_and_publish,
    sign_as,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_user("author", "Authors"), make_user("editor", "Editors"), make_clinician()


def test_an_article_that_everybody_signed_is_published_with_its_digests(people):
    author, editor, reviewer = people
    offer, disclaimer = make_offer(by=author), make_disclaimer(by=author)
    sign_as(offer, editor, Role.EDITOR)
    sign_as(disclaimer, reviewer, Role.MEDICAL)
    page = make_article(by=author, offer=offer, disclaimers=[disclaimer], hero=make_image())

    sign_and_publish(page, by=author, editor=editor, reviewer=reviewer)

    row = Publication.objects.get(article=page.article_id)
    article = json.loads(bytes(row.body))
    edition = Edition.objects.get(subject=page.article_id)
    assert edition.number == 1
    assert article["edition"]["digests"] == edition.digests
    for digest in edition.digests.values():
        content = bytes(Document.objects.get(digest=digest).content)
        assert digest == f"sha-256:{hashlib.sha256(content).hexdigest()}"
        assert SignOff.objects.filter(digest=digest, subject=page.article_id).exists()
    assert [row["name"] for row in article["review"]["reviewed_by"]] == ["Dr Ada Reviewer"]
    assert article["content"]["disclaimers"][0]["html"] == "<p>General information, no advice.</p>"
    assert list(Event.objects.values_list("kind", flat=True))[-5:] == [
        "submitted",
        "signed",
        "signed",
        "signed",
        "published",
    ]

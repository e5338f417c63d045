"""What the API's fixtures say of their state is what a real article says after the real act."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.log_actions import LogContext

from articles.publishing.notices import give
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw
from articles.record.models import SignOff
from articles.record.vocabulary import NoticeKind
from articles.review.models import Policy
from articles.sources.models import Source
from tests.factories import PASSWORD, make_article, make_on_call, publish_at_once
from tests.pipeline.reading import get

SIGNED = (NoticeKind.SAFETY,)  # notices in somebody's own words
GONE = ("reason", "explanation", "lang", "temporary")


def told(answer) -> dict:
    """What a client shows of the state."""
    article = json.loads(answer.content)
    if answer.status_code == 410:
        return {name: article[name] for name in GONE} | {"is_replaced": bool(article["replacement"])}
    offers = [row["offer"] for row in article["content"]["sections"] if row["kind"] == "cta"]
    return {
        "status": article["review"]["status"],
        "reviewers": len(article["review"]["reviewed_by"]),
        "notices": [(row["kind"], row["lang"], row["kind"] in SIGNED or row["text"]) for row in article["notices"]],
        "omitted": [row["reason"] for row in article["omitted"]],
        "is_offered": [offer is not None for offer in offers],
        "sources": {row["source_status"] for row in article["content"]["references"]},
    }


@pytest.fixture
def policy(people):
    """policy(after_grace): what follows when a review is overdue."""
    return lambda after: Policy.objects.filter(kind="medical").update(after_grace=after)


@pytest.fixture
def real(people, publish, policy, offer, lead, monkeypatch, django_capture_on_commit_callbacks):
    """real(name): the API's answer for an article that got into the state of that fixture by what people do."""

    def made(after="banner"):
        policy(after)
        return publish(make_article(by=people.author, offer=offer))

    def overdue(after):
        page = made(after)
        due = date.fromisoformat(get(page).json()["review"]["next_review_on"])
        later = timezone.now() + (due - timezone.now().date()) + timedelta(days=200)
        monkeypatch.setattr(timezone, "now", lambda: later)
        return page

    def emergency():
        policy("banner")
        page = make_article(by=people.author, offer=offer)
        publish_at_once(page, make_on_call())
        return page

    def safety():
        page = made()
        give(articles=[page.article_id], user=make_on_call(), texts={"en": "Stop."}, password=PASSWORD)
        return page

    def voided():
        page = made()
        row = SignOff.objects.filter(subject=page.article_id, role="medical").last()
        void(signoff=row, reason="Revoked.", by=lead)
        return page

    def retracted():
        page = made()
        source = Source.objects.latest("pk")
        with LogContext(user=lead), django_capture_on_commit_callbacks(execute=True):
            source.status = "retracted"
            source.save()
        return page

    def withdrawn(**said):
        page = made()
        withdraw(page=page, by=lead, **said)
        return page

    states = {
        "current": made,
        "overdue": lambda: overdue("banner"),
        "without-offers": lambda: overdue("drop-offers"),
        "withheld": lambda: overdue("withhold"),
        "emergency": emergency,
        "safety-notice": safety,
        "voided": voided,
        "retracted-source": retracted,
        "withdrawn": lambda: withdrawn(reason="safety"),
        "superseded": lambda: withdrawn(reason="superseded", replacement=made().article_id),
    }
    return lambda name: get(states[name]())


@pytest.mark.parametrize(
    "name",
    [
        *("current", "overdue", "without-offers", "withheld", "emergency", "safety-notice", "voided"),
        *("retracted-source", "withdrawn", "superseded"),
    ],
)
def test_a_fixture_says_what_a_real_article_in_that_state_says(real, name):
    assert told(Client().get(f"/api/v1/fixtures/{name}/")) == told(real(name))

"""A signed article, and one that waits for its hour."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.publishing.models import Schedule
from articles.publishing.scheduling.schedule import schedule_publication
from articles.record.vocabulary import Role
from articles.review.submit import submit
from tests.factories import make_article, sign_as

ZONE = "Europe/Berlin"


def soon(**ahead: int) -> datetime:
    return timezone.now() + timedelta(**(ahead or {"hours": 1}))


def again(page: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def make_due(*rows: Schedule) -> None:
    """As if the hour had come a minute ago; the first given is the oldest."""
    for place, row in enumerate(rows):
        instant = timezone.now() - timedelta(seconds=60 - place)
        Schedule.objects.filter(pk=row.pk).update(instant=instant)


@pytest.fixture
def later(people):
    """later(page) schedules the page as it is now, in an hour."""
    return lambda page, at=None: schedule_publication(page=page, at=at or soon(), zone=ZONE, by=people.editor)


@pytest.fixture
def signed_later(people, later):
    """signed_later() makes an article that was scheduled, submitted and signed by all: (page, schedule)."""

    def make(**fields):
        page = make_article(by=people.author, **fields)
        schedule = later(page)
        submit(page=again(page), by=people.author)
        sign_as(page, people.editor, Role.EDITOR)
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")
        return again(page), schedule

    return make

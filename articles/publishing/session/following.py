"""What follows a signing session: the worker goes on with each text by itself, and nothing that was signed is left."""

import logging
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django_tasks import task

from articles.publishing.sign import carry_out, follow
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import EventKind, Scope
from articles.review.models import ChangeRequest
from articles.review.needs import rules
from articles.review.needs.table import open_rows, write_needs
from articles.review.opening import open_review
from articles.review.review import Review, Target

logger = logging.getLogger(__name__)

FOLLOWED = timedelta(days=30)  # how long the worker tries to publish what was signed


@task(backend="worker")
def publish_signed(subject: str) -> None:
    """Go on with a text that was signed: to the next step, or to its publication."""
    finish(UUID(subject))


def finish_all(now: datetime) -> None:
    """Go on with what was signed and left, as by a worker that was killed."""
    published = Edition.objects.filter(subject=OuterRef("subject"), event__gt=OuterRef("event"))
    asked = open_rows().filter(subject=OuterRef("subject"), is_edition=False)
    left = SignOff.objects.filter(~Exists(published), ~Exists(asked), scope=Scope.CHANGES, signed_at__gt=now - FOLLOWED)
    returns = Event.objects.filter(kind=EventKind.RETURNED, at__gt=now - FOLLOWED).values_list("data", flat=True)
    left = left.exclude(pk__in=[key for data in returns for key in data["signoffs"]])  # these are published already
    for key in left.order_by("subject").values_list("subject", flat=True).distinct():
        try:
            finish(key)
        except Exception:  # one text does not stop the others
            logger.exception("What was signed of %s could not go on", key)


def finish(key: UUID) -> None:
    if target := rules.find_target(key):
        carry_out(lambda: _follow(target))


@transaction.atomic
def _follow(target: Target) -> Review:
    """Nothing happens where the step lacks a signature, or where the text was published already."""
    review = open_review(target)
    given = [row for part in review.documents for row in review.counting(part)]
    last = max(given, key=lambda row: row.event, default=None)
    if last and not review.is_current and not _is_stopped(review, last):
        signer = get_user_model()._default_manager.get(pk=last.user)
        follow(review, cast(User, signer))
        write_needs(review)
    return review


def _is_stopped(review: Review, last: SignOff) -> bool:
    """Whether somebody requested changes after that signature."""
    return ChangeRequest.objects.filter(subject=review.id, at__gt=last.signed_at).exists()

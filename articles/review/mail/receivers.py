"""Writes letters when rows are saved, in the same transaction. Connected once, in ArticlesConfig.ready.

A letter that cannot be written is logged and left out; it never undoes the act that it reports.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models.signals import post_save
from wagtail.models import WorkflowState
from wagtail.signals import workflow_approved, workflow_rejected, workflow_submitted

from articles.record.models import Edition, Event, SignOff
from articles.review.mail import letters
from articles.review.models import ChangeRequest, Decline, OpenNeed
from articles.review.needs.table import needs_written

logger = logging.getLogger(__name__)
TELLS: dict[type, Callable[[Any], None]] = {
    Event: letters.on_event,
    SignOff: letters.signed,
    Edition: letters.published,
    ChangeRequest: lambda row: letters.changes_requested(row.subject_kind, row.subject, row.reason, row.user),
    Decline: letters.declined,
}
# Wagtail's own letters on workflows go to every superuser and repeat ours.
WAGTAILS = {
    "workflow_state_submitted_email_notification": workflow_submitted,
    "workflow_state_rejected_email_notification": workflow_rejected,
    "workflow_state_approved_email_notification": workflow_approved,
}


def connect() -> None:
    for model in TELLS:
        post_save.connect(tell, sender=model, dispatch_uid=f"letter-{model.__name__}")
    needs_written.connect(tell_who_can_sign, dispatch_uid="letter-needs")
    for name, signal in WAGTAILS.items():
        signal.disconnect(sender=WorkflowState, dispatch_uid=name)
        signal.connect(nothing, sender=WorkflowState, dispatch_uid=name)  # keeps Wagtail's from connecting


def tell(sender: type, instance: Any, created: bool = True, raw: bool = False, **signal) -> None:
    if created and not raw:
        _write(TELLS[sender], instance)


def tell_who_can_sign(rows: list[tuple[OpenNeed, list[User], bool]], **signal) -> None:
    """Write letters after the table of open needs was written, people changed, or a review was assigned."""
    for row, could, is_told in rows:
        if is_told:
            _write(partial(letters.requested, to=[user for user in could if user.pk == row.asked_id]), row)
        elif not could:
            _write(letters.nobody_can_sign, row)


def nothing(**signal) -> None:
    """Write no letter."""


def _write(tell: Callable[[Any], None], row: Any) -> None:
    try:
        with transaction.atomic():
            tell(row)
    except Exception:  # see above
        logger.exception("A letter about %s %s was not written", type(row).__name__, row.pk)

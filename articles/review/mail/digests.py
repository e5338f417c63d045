"""The daily digest: one letter with everything that waits for a person and is not urgent.

It may run late, twice, and on two machines: what was not sent waits for the next digest, each letter is an item of one
digest only, and the key of a digest (day and person) is unique. An item that is over is left out, and its row says why.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from articles.record.models import Event
from articles.record.vocabulary import EventKind
from articles.review import translations
from articles.review.mail import outbox
from articles.review.mail.topics import ORDER, TO_DO, TOPICS
from articles.review.models import LetterChoice, Mail, OpenNeed
from articles.review.needs import rules
from articles.review.needs.rota import addressees
from articles.review.needs.table import who_could_sign

logger = logging.getLogger(__name__)

DIGEST = "digest"
FIRST_TITLE_LENGTH = 170
MORE = {"en": "{} (and {} more)", "es": "{} (y {} más)", "de": "{} (und {} weitere)"}

UNWANTED = "The person does not want letters about this."
NO_ADDRESS = "The person has no mail address any more."
NOT_REQUESTED = "The signature is no longer requested of this person."
NOT_DUE = "The review is no longer due."
SUBMITTED_AGAIN = "The text was submitted again."
UP_TO_DATE = "The translation is not outdated any more."


def send_all(now: datetime) -> tuple[int, list[str]]:
    """Send the digests of the day to everyone who has got none. Returns how many, and the failures."""
    day, sent, failures = timezone.localdate(now, timezone.get_default_timezone()), 0, []
    had = Mail.objects.filter(key__startswith=f"{DIGEST}:{day}:").values("user")
    keys = waiting().exclude(user__in=had).order_by().values_list("user", flat=True).distinct()
    for key in list(keys):
        try:
            sent += send(key, day)
        except Exception as error:  # the others must still get theirs
            logger.exception("digests: none was written to user %s", key)
            failures.append(f"user {key}: {type(error).__name__}: {error}")
    return sent, failures


@transaction.atomic
def send(key: int, day: date) -> bool:
    """Write and queue the person's digest of that day. False if there is nothing to say, or they have one already."""
    rows = list(waiting().filter(user=key).select_for_update(of=("self",)).select_related("need"))
    if not rows:
        return False
    user = get_user_model()._default_manager.select_related("letter_choice").get(pk=key)
    kept = _items(rows, user)
    if not kept:
        return False
    title, text, html = _said(kept, user)
    given = {"batch": uuid4(), "user": user, "address": user.email, "kind": DIGEST, "made_at": timezone.now()}
    given |= {"title": title, "text": text, "html": html}
    digest, is_new = Mail.objects.get_or_create(key=f"{DIGEST}:{day}:{key}", defaults=given)
    if is_new:
        Mail.objects.filter(pk__in=[row.pk for row in kept]).update(digest=digest)
        outbox.deliver.enqueue(str(digest.batch))
    return is_new


def waiting() -> QuerySet[Mail]:
    """Letters that wait for a digest."""
    return Mail.objects.filter(batch=None, digest=None, failure="").exclude(user=None)


def _items(rows: Sequence[Mail], user: User) -> list[Mail]:
    """The rows that belong in a digest now, by topic and time. Those that are over are left out for good, and say why;
    a request that is not for this person at the moment waits until it is, or is closed."""
    over = _reasons(rows, user)
    for key, reason in over.items():
        Mail.objects.filter(pk=key).update(failure=reason)
    left = [row for row in rows if row.pk not in over]
    could = who_could_sign([need for row in left if (need := row.need)])
    kept = [row for row in left if row.need is None or _is_for(user, row.kind, row.need, could[row.need.key])]
    return sorted(kept, key=lambda row: (ORDER.index(TOPICS[row.kind]), row.pk))


def _reasons(rows: Sequence[Mail], user: User) -> dict[int, str]:
    """{row: why it is left out for good}."""
    if not user.is_active or not user.email:
        return dict.fromkeys((row.pk for row in rows), NO_ADDRESS if user.is_active else outbox.NO_LOGIN)
    unwanted = LetterChoice.unwanted_by(user)
    due = set(rules.due_articles().values_list("article", flat=True))
    outdated = translations.outdated(row.subject for row in rows if row.kind == "outdated" and row.subject)
    found = {}
    for row in rows:
        if TOPICS[row.kind] in unwanted:
            found[row.pk] = UNWANTED
        elif row.need and row.need.closed_at:
            found[row.pk] = NOT_REQUESTED
        elif row.kind in ("due", "overdue") and row.subject not in due:
            found[row.pk] = NOT_DUE
        elif row.kind == "changes-requested" and _was_submitted_since(row):
            found[row.pk] = SUBMITTED_AGAIN
        elif row.kind == "outdated" and row.subject not in outdated:
            found[row.pk] = UP_TO_DATE
    return found


def _is_for(user: User, kind: str, need: OpenNeed, could: Sequence[User]) -> bool:
    """Whether this person is to sign now, or, as a lead, to assign."""
    return need.taker_id is None if kind == "escalated" else user in addressees(need, could)


def _was_submitted_since(row: Mail) -> bool:
    submitted = Event.objects.filter(kind=EventKind.SUBMITTED, at__gt=row.made_at)
    return row.subject is not None and submitted.filter(subject=row.subject).exists()


def _said(rows: Sequence[Mail], user: User) -> tuple[str, str, str]:
    """(title, plain text, HTML) of the digest, in the person's language. The title is that of the first item.

    What was written twice, as a request that returned to a person, is said once, and so is a request of a due review.
    """
    due = {row.link for row in rows if row.kind in ("due", "overdue")}
    rows = [row for row in rows if row.kind != "submitted" or row.link not in due]
    rows = list({(row.title, row.text, row.link): row for row in rows}.values())
    language = outbox.languages_of([user.pk])[user.pk]
    first = rows[0].title
    title = MORE[language].format(first[:FIRST_TITLE_LENGTH], len(rows) - 1) if len(rows) > 1 else first
    context = {
        "title": title,
        "to_do": [row for row in rows if TOPICS[row.kind] in TO_DO],
        "news": [row for row in rows if TOPICS[row.kind] not in TO_DO],
        "account": settings.ADMIN_URL + reverse("wagtailadmin_account"),
    }
    return title, *outbox.lay_out(DIGEST, context, language)

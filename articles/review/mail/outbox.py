"""Mail that is written with what it tells of, in the same transaction, and sent after it: each letter once.

A row is claimed by one statement that only one sender wins; nobody else sends it while the claim is fresh. A sender
that dies between SMTP's answer and the mark leaves a claim: after CLAIM_LASTS the letter is sent once more, with the
same Message-ID, by which mail programs drop the second. Losing it instead would be worse: it may be a safety notice.
"""

import hashlib
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractUser as User
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from wagtail.users.models import UserProfile

from articles.record.events import instant
from articles.review.models import Mail

logger = logging.getLogger(__name__)

# How long after it was written each attempt may be made; the last one fails for good.
ATTEMPTS = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 5, 15, 60, 240, 720, 1440, 2880))
CLAIM_LASTS = timedelta(minutes=15)
CLAIMED = "Being sent since "
BUDGET_S = 5
IS_DOWN, SPENT, MINUTE_S = "outbox-is-down", "outbox-seconds-spent", 60
ABOUT_ONE_LETTER = (SMTPRecipientsRefused, SMTPDataError)  # all other failures of a server concern every letter
TITLE_LENGTH = 200
LOGIN_CHANGED = "login-changed"


@dataclass
class Delivery:
    """What one run did: letters sent, not sent this time, and given up for good."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


def post(*, key: str, to: User, kind: str, context: Mapping[str, Any], address: str | None = None) -> None:
    """Write the letter of that kind to `to`, in the caller's transaction, and try to send it after the commit.

    A second one of the same key is not written. Nobody without an address, and nobody inactive, gets one; of a change
    of their login inactive people hear as well. `address`: where they were reached before that change.
    """
    address = to.email if address is None else address
    if not address or not _may_get(to, kind):
        return
    title, text, html = render(kind, context, language_of(to))
    row = Mail(key=key, user_id=to.pk, address=address, kind=kind, title=title, text=text, html=html)
    row.made_at = timezone.now()
    Mail.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(lambda: _deliver_soon(key), robust=True)


def render(kind: str, context: Mapping[str, Any], language: str) -> tuple[str, str, str]:
    """(title, plain text, HTML) in that language, from `templates/mail/<kind>.txt`, whose first line is the title.

    `context` holds `link` and what the letter names; a value {language: word} is said in that language.
    """
    said = {name: _said(value, language) for name, value in context.items()}
    said |= {"language": language, "site": settings.WAGTAIL_SITE_NAME}
    with override(language):
        lines = render_to_string(f"mail/{kind}.txt", said).strip().splitlines()
        said["title"] = lines[0].strip()[:TITLE_LENGTH]
        said["paragraphs"] = [line.strip() for line in lines[1:] if line.strip()]
        text = "\n".join(line.strip() for line in render_to_string("mail/base.txt", said).strip().splitlines())
        return said["title"], text + "\n", render_to_string("mail/base.html", said)


def language_of(user: User) -> str:
    """The language that the person chose in Wagtail, where letters are written in it; else the site's."""
    chosen = UserProfile.objects.filter(user_id=user.pk).values_list("preferred_language", flat=True).first() or ""
    written = [code for code, _ in settings.LANGUAGES]
    found = chosen if chosen in written else chosen.split("-")[0]
    return found if found in written else settings.LANGUAGE_CODE


def deliver(*, now: datetime | None = None, keys: Iterable[str] | None = None, budget_s: float = 300) -> Delivery:
    """Send what is unsent and may be tried at `now`; of `keys` only, where given. Never raises for want of a server.

    The first refusal to connect ends the run: what is left waits for the next. Nothing is begun after `budget_s`.
    """
    now, ends, report = now or timezone.now(), time.monotonic() + budget_s, Delivery()
    rows = Mail.objects.filter(sent_at=None, attempts__lt=len(ATTEMPTS)).select_related("user")
    rows = rows.filter(key__in=list(keys)) if keys is not None else rows
    for row in rows:
        if time.monotonic() > ends:
            break
        if _may_try(row, now) and not _send(row, now, report):
            break
    return report


def unsent() -> int:
    """How many letters wait, those given up not counted."""
    return Mail.objects.filter(sent_at=None, attempts__lt=len(ATTEMPTS)).count()


def message_id(key: str) -> str:
    """The same at each attempt, so that what arrives twice is seen as one."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "vetted"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def _deliver_soon(key: str) -> None:
    """Right after the commit, in the request: soon given up, and not tried at all while the server is known down."""
    spent = float(cache.get(SPENT, 0.0))
    if cache.get(IS_DOWN) or spent > BUDGET_S:
        return
    began = time.monotonic()
    deliver(keys=[key], budget_s=BUDGET_S)
    cache.set(SPENT, spent + time.monotonic() - began, MINUTE_S)


def _may_try(row: Mail, now: datetime) -> bool:
    if row.failure.startswith(CLAIMED) and row.failure > f"{CLAIMED}{instant(now - CLAIM_LASTS)}":
        return False
    return row.attempts == 0 or now >= row.made_at + ATTEMPTS[row.attempts]


def _send(row: Mail, now: datetime, report: Delivery) -> bool:
    """False when the server cannot be reached, so that the rest need not be tried."""
    if not _claim(row, now):
        return True
    if row.user is None or not _may_get(row.user, row.kind):
        Mail.objects.filter(pk=row.pk).update(
            attempts=len(ATTEMPTS), failure="The person has no active login any more."
        )
        return True
    try:
        _message(row).send()
    except Exception as error:  # whatever a mail server or its library raises: the letter waits, the act stands
        _note_failure(row, error, report)
        return isinstance(error, ABOUT_ONE_LETTER) or not isinstance(error, OSError)
    Mail.objects.filter(pk=row.pk).update(sent_at=timezone.now(), failure="")
    report.sent += 1
    return True


def _may_get(user: User, kind: str) -> bool:
    return user.is_active or kind == LOGIN_CHANGED


def _claim(row: Mail, now: datetime) -> bool:
    seen = Mail.objects.filter(pk=row.pk, sent_at=None, attempts=row.attempts, failure=row.failure)
    return bool(seen.update(attempts=F("attempts") + 1, failure=f"{CLAIMED}{instant(now)}"))


def _note_failure(row: Mail, error: Exception, report: Delivery) -> None:
    said = _in_one_line(f"{type(error).__name__}: {error}")[:1000]
    Mail.objects.filter(pk=row.pk).update(failure=said)
    report.failed += 1
    report.given_up += row.attempts + 1 >= len(ATTEMPTS)
    if isinstance(error, OSError) and not isinstance(error, ABOUT_ONE_LETTER):
        cache.set(IS_DOWN, True, MINUTE_S)
    logger.warning("A letter was not sent (%s, attempt %s of %s): %s", row.kind, row.attempts + 1, len(ATTEMPTS), said)


def _message(row: Mail) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id(row.key), "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(
        row.title, row.text, settings.DEFAULT_FROM_EMAIL, [row.address], headers=headers, connection=get_connection()
    )
    message.attach_alternative(row.html, "text/html")
    return message


def _said(value: Any, language: str) -> Any:
    """A text in one line; of {language: word} the word."""
    value = value[language] if isinstance(value, dict) else value
    return _in_one_line(value) if isinstance(value, str) else value


def _in_one_line(text: str) -> str:
    """Without line breaks and control characters: an article's title may hold what would be a header of its own."""
    return "".join(char for char in " ".join(str(text).split()) if char.isprintable())

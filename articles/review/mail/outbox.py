"""Mail: letters are written in the transaction of the event that they report; `manage.py worker` sends them later.

The queue is django-tasks': one task sends the letters of one act, the library gives it to one worker only, and the
worker runs it again when it failed or when its worker died, up to twelve times. A letter that was not sent stays in
its table with the failure. A letter is sent twice only when a worker dies between the server's answer and the mark in
its row; mail programs drop the second by its Message-ID.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractUser as User
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from django_tasks import task
from wagtail.users.models import UserProfile

from articles.review.models import Mail

logger = logging.getLogger(__name__)

ABOUT_ONE_LETTER = (SMTPRecipientsRefused, SMTPDataError)  # all other failures of a server concern every letter
TITLE_LENGTH = 200
LOGIN_CHANGED = "login-changed"


class NotSent(Exception):
    """The mail server did not take every letter of a batch; the task that raises it is run again later."""


def post(
    *, kind: str, about: object, to: Iterable[User], context: Mapping[str, Any], address: str | None = None
) -> None:
    """Write a letter of that kind to each person, in the caller's transaction, and queue the letters.

    No second letter of the same kind about the same thing is written to a person. Inactive people get only letters
    about changes of their login, and people without an address get none. `address`: the one before such a change.
    """
    people = {user.pk: user for user in to if _may_get(user, kind) and (user.email if address is None else address)}
    if not people:
        return
    batch, now, languages = uuid4(), timezone.now(), languages_of(people)
    rows = []
    for key, user in people.items():
        row = Mail(key=f"{kind}:{about}:{key}", batch=batch, user_id=key, address=address or user.email, kind=kind)
        row.title, row.text, row.html = render(kind, context, languages[key])
        row.made_at = now
        rows.append(row)
    Mail.objects.bulk_create(rows, ignore_conflicts=True)
    deliver.enqueue(str(batch))


@task(backend="worker")
def deliver(batch: str) -> None:
    """Send the unsent letters of that batch. Raises NotSent when one is left; a server that is down ends the run."""
    failures = []
    for row in Mail.objects.filter(batch=batch, sent_at=None).select_related("user"):
        if row.user is None or not _may_get(row.user, row.kind):
            Mail.objects.filter(pk=row.pk).update(failure="The person has no active login any more.")
            continue
        try:
            _message(row).send()
        except Exception as error:  # any error of the mail server or its library
            failures.append(_in_one_line(f"{type(error).__name__}: {error}")[:1000])
            Mail.objects.filter(pk=row.pk).update(failure=failures[-1])
            if isinstance(error, OSError) and not isinstance(error, ABOUT_ONE_LETTER):
                break
        else:
            Mail.objects.filter(pk=row.pk).update(sent_at=timezone.now(), failure="")
    if failures:
        logger.warning("Letters were not sent: %s", "; ".join(failures))
        raise NotSent("; ".join(failures))


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


def languages_of(users: Iterable[int]) -> dict[int, str]:
    """{user: the language that the person chose in Wagtail, if letters exist in it, or else the site's}."""
    written = [code for code, _ in settings.LANGUAGES]
    found = dict.fromkeys(users, settings.LANGUAGE_CODE)
    chosen = UserProfile.objects.filter(user__in=list(found)).values_list("user", "preferred_language")
    for user, language in chosen:
        codes = [code for code in (language, language.split("-")[0]) if code in written]
        found[user] = codes[0] if codes else settings.LANGUAGE_CODE
    return found


def message_id(key: str) -> str:
    """The same at each attempt, so that what arrives twice is seen as one."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "vetted"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def _may_get(user: User, kind: str) -> bool:
    return user.is_active or kind == LOGIN_CHANGED


def _message(row: Mail) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id(row.key), "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(row.title, row.text, settings.DEFAULT_FROM_EMAIL, [row.address], headers=headers)
    message.attach_alternative(row.html, "text/html")
    return message


def _said(value: Any, language: str) -> Any:
    """A text in one line; of {language: word} the word."""
    value = value[language] if isinstance(value, dict) else value
    return _in_one_line(value) if isinstance(value, str) else value


def _in_one_line(text: str) -> str:
    """The text without line breaks and control characters, with which a title could forge a mail header."""
    return "".join(char for char in " ".join(str(text).split()) if char.isprintable())

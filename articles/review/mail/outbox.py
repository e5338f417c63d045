"""Mail: letters are written in the transaction of the event that they report; `manage.py worker` sends them later.

A letter whose kind has a topic (topics.py) waits for the person's daily digest (digests.py); all others are queued.
The queue is django-tasks': one task sends the letters of one act, the library gives it to one worker only, and the
worker runs it again when it failed or when its worker died, up to twelve times. A letter that was not sent stays in
its table with the failure. A letter is sent twice only when a worker dies between the server's answer and the mark in
its row; mail programs drop the second by its Message-ID.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractUser as User
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from django_tasks import task
from wagtail.users.models import UserProfile

from articles.review.mail.topics import TOPICS
from articles.review.models import Mail, OpenNeed

logger = logging.getLogger(__name__)

ABOUT_ONE_LETTER = (SMTPRecipientsRefused, SMTPDataError)  # all other failures of a server concern every letter
TITLE_LENGTH = 200
LOGIN_CHANGED = "login-changed"
NO_LOGIN = "The person has no active login any more."


class NotSent(Exception):
    """The mail server did not take every letter of a batch; the task that raises it is run again later."""


@dataclass(frozen=True)
class Said:
    """What a letter says, in one language."""

    title: str
    paragraphs: list[str]
    link: str


def post(
    *,
    kind: str,
    about: object,
    to: Iterable[User],
    context: Mapping[str, Any],
    address: str | None = None,
    is_urgent: bool = False,
    subject: UUID | None = None,
    need: OpenNeed | None = None,
) -> None:
    """Write a letter of that kind to each person, in the caller's transaction; queue it, or keep it for the digest.

    No second letter of the same kind about the same thing is written to a person. Inactive people get only letters
    about changes of their login, and people without an address get none. `address`: the one before such a change.
    """
    people = {user.pk: user for user in to if _may_get(user, kind) and (user.email if address is None else address)}
    if not people:
        return
    batch = uuid4() if is_urgent or kind not in TOPICS else None
    now, languages = timezone.now(), languages_of(people)
    rows = []
    for key, user in people.items():
        said = say(kind, context, languages[key])
        row = Mail(key=f"{kind}:{about}:{key}", batch=batch, user_id=key, address=address or user.email, kind=kind)
        row.title, row.link, row.subject, row.need, row.made_at = said.title, said.link, subject, need, now
        row.text, row.html = (
            lay_out("letter", vars(said), languages[key]) if batch else ("\n".join(said.paragraphs), "")
        )
        rows.append(row)
    Mail.objects.bulk_create(rows, ignore_conflicts=True)
    if batch:
        deliver.enqueue(str(batch))


def is_written(kind: str, about: object) -> bool:
    """Whether anybody was written a letter of that kind about that."""
    return Mail.objects.filter(key__startswith=f"{kind}:{about}:").exists()


@task(backend="worker")
def deliver(batch: str) -> None:
    """Send the unsent letters of that batch. Raises NotSent when one is left; a server that is down ends the run."""
    failures = []
    for row in Mail.objects.filter(batch=batch, sent_at=None).select_related("user"):
        if row.user is None or not _may_get(row.user, row.kind):
            Mail.objects.filter(pk=row.pk).update(failure=NO_LOGIN)
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


def say(kind: str, context: Mapping[str, Any], language: str) -> Said:
    """What the letter says in that language, from `templates/mail/<kind>.txt`, whose first line is the title.

    `context` holds `link` and what the letter names; a value {language: word} is said in that language.
    """
    given = {name: _said(value, language) for name, value in context.items()} | {"language": language}
    with override(language):
        title, *rest = render_to_string(f"mail/{kind}.txt", given).strip().splitlines()
    return Said(title.strip()[:TITLE_LENGTH], [line.strip() for line in rest if line.strip()], str(given["link"]))


def lay_out(layout: str, said: Mapping[str, Any], language: str) -> tuple[str, str]:
    """(plain text, HTML) of a letter, from `templates/mail/layout/`."""
    context = {**said, "language": language, "site": settings.WAGTAIL_SITE_NAME}
    with override(language):
        text = render_to_string(f"mail/layout/{layout}.txt", context).strip()
        html = render_to_string(f"mail/layout/{layout}.html", context)
    return "\n".join(line.strip() for line in text.splitlines()) + "\n", html


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

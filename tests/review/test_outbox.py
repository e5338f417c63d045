"""The outbox: a letter is written with its act, sent once, tried again, and never in the act's way."""

import smtplib
import socket
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from wagtail.users.models import UserProfile

from articles.review.mail import outbox
from articles.review.models import Mail
from tests.factories import make_user
from tests.faults.conftest import world  # noqa: F401 - a fixture
from tests.faults.processes import together

SAID = {"name": "Itchy scalp", "link": "http://testserver/admin/sign-off/article/7/", "number": 2}
REFUSING = "tests.review.test_outbox.RefusingBackend"


class RefusingBackend:
    """A mail server at the rim that is not there."""

    def __init__(self, **options) -> None:
        pass

    def send_messages(self, messages) -> int:
        raise ConnectionRefusedError(111, "Connection refused")


class PickyBackend(RefusingBackend):
    """It takes no letter for nobody@, and all others."""

    def send_messages(self, messages) -> int:
        if "nobody@example.org" in messages[0].to:
            raise smtplib.SMTPRecipientsRefused({"nobody@example.org": (550, b"no such user")})
        mail.outbox += messages
        return len(messages)


@pytest.fixture(autouse=True)
def nothing_known_of_the_server():
    cache.clear()


@pytest.fixture
def owner(db):
    return make_user("owner", email="owner@example.org")


def post(to, key="published:9:1", kind="published", **said) -> None:
    outbox.post(key=key, to=to, kind=kind, context=SAID | said)


def later(**ahead):
    return timezone.now() + timedelta(**ahead)


def test_a_letter_is_sent_after_the_commit_in_plain_text_and_html(owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post(owner)
        assert mail.outbox == []

    [sent] = mail.outbox
    assert sent.to == ["owner@example.org"]
    assert sent.subject == "Published: Itchy scalp"
    assert "Readers now get edition 2." in sent.body
    assert sent.body.count(SAID["link"]) == 1
    [(html, kind)] = sent.alternatives
    assert kind == "text/html"
    assert html.count("href=") == 1
    assert Mail.objects.get().sent_at is not None


def test_it_says_that_a_machine_wrote_it_and_keeps_its_message_id(owner):
    post(owner)
    outbox.deliver()

    headers = mail.outbox[0].message()

    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == outbox.message_id("published:9:1")
    assert headers["Message-ID"].endswith("@testserver>")


def test_a_second_letter_of_the_same_key_is_not_written(owner):
    post(owner)
    post(owner, name="Another")

    assert Mail.objects.get().title == "Published: Itchy scalp"


def test_a_letter_of_an_act_that_was_rolled_back_was_never_written(owner):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post(owner)
        raise ZeroDivisionError

    assert not Mail.objects.exists()


@pytest.mark.parametrize("fields", [{"email": ""}, {"email": "a@example.org", "is_active": False}])
def test_nobody_without_an_address_and_nobody_inactive_gets_one(db, fields):
    post(make_user("gone", **fields))

    assert not Mail.objects.exists()


def test_who_became_inactive_meanwhile_gets_none(owner):
    post(owner)
    owner.is_active = False
    owner.save()

    outbox.deliver()

    assert mail.outbox == []
    assert outbox.unsent() == 0


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Published: Itchy scalp"),
        ("es", "Publicado: Itchy scalp"),
        ("de", "Veröffentlicht: Itchy scalp"),
        ("de-at", "Veröffentlicht: Itchy scalp"),
        ("fi", "Published: Itchy scalp"),
        ("", "Published: Itchy scalp"),
    ],
)
def test_it_is_written_in_the_language_of_who_reads_it(owner, language, title):
    UserProfile.objects.create(user=owner, preferred_language=language)

    post(owner)

    assert Mail.objects.get().title == title


def test_a_title_can_neither_break_a_header_nor_the_page(owner):
    post(owner, name="A\r\nBcc: all@example.org\x00\u2028<script>alert(1)</script> {{ link }}" + "x" * 300)
    outbox.deliver()

    [sent] = mail.outbox
    assert sent.message()["Bcc"] is None
    assert "\n" not in sent.subject
    assert len(sent.subject) <= 200
    assert "<script>" in sent.body
    assert "<script>" not in sent.alternatives[0][0]
    assert "{{ link }}" in sent.body


def test_a_server_that_refuses_breaks_nothing_and_the_letter_waits(owner, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = REFUSING

    with django_capture_on_commit_callbacks(execute=True):
        post(owner)

    row = Mail.objects.get()
    assert (row.sent_at, row.attempts) == (None, 1)
    assert "Connection refused" in row.failure


def test_a_server_that_never_answers_holds_the_act_up_for_no_longer_than_the_timeout(
    owner, settings, django_capture_on_commit_callbacks
):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_TIMEOUT = 0.2
        began = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            for number in range(10):
                post(owner, key=f"published:{number}")

    assert time.monotonic() - began < 3
    assert outbox.unsent() == 10
    assert "timed out" in Mail.objects.first().failure


def test_while_the_server_is_known_to_be_down_nobody_waits_for_it(owner, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = REFUSING
    for number in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            post(owner, key=f"published:{number}")

    assert [row.attempts for row in Mail.objects.all()] == [1, 0, 0]


def test_a_letter_is_tried_again_when_its_time_has_come(owner, settings):
    post(owner)
    with_refusal = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = REFUSING
    outbox.deliver()
    settings.EMAIL_BACKEND = with_refusal

    too_soon = outbox.deliver(now=later(seconds=30))
    in_time = outbox.deliver(now=later(seconds=90))

    assert (too_soon.sent, in_time.sent) == (0, 1)
    assert Mail.objects.get().failure == ""


def test_it_is_given_up_after_the_last_attempt_and_the_failure_is_kept(owner, settings):
    settings.EMAIL_BACKEND = REFUSING
    post(owner)

    reports = [outbox.deliver(now=later(days=3)) for _ in range(len(outbox.ATTEMPTS) + 2)]

    assert [report.failed for report in reports] == [1] * len(outbox.ATTEMPTS) + [0, 0]
    assert sum(report.given_up for report in reports) == 1
    assert "Connection refused" in Mail.objects.get().failure
    assert outbox.unsent() == 0


def test_an_address_that_is_refused_keeps_no_other_letter_back(owner, settings):
    settings.EMAIL_BACKEND = "tests.review.test_outbox.PickyBackend"
    post(make_user("nobody", email="nobody@example.org"), key="published:9:2")
    post(owner)

    report = outbox.deliver()

    assert (report.sent, report.failed) == (1, 1)


def test_what_another_sender_has_claimed_is_left_to_it(owner):
    post(owner)
    row = Mail.objects.get()
    assert outbox._claim(row, timezone.now())

    assert not outbox._claim(row, timezone.now())
    assert outbox.deliver().sent == 0
    assert mail.outbox == []


def test_what_a_crash_left_between_sending_and_marking_is_sent_once_more_under_the_same_id(owner):
    post(owner)
    outbox._claim(Mail.objects.get(), timezone.now())  # and the power goes

    soon = outbox.deliver(now=later(minutes=14))
    late = outbox.deliver(now=later(minutes=16))

    assert (soon.sent, late.sent) == (0, 1)
    assert mail.outbox[0].message()["Message-ID"] == outbox.message_id("published:9:1")


def test_two_senders_at_once_send_each_letter_once(world, settings, tmp_path):  # noqa: F811
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    cache.set(outbox.IS_DOWN, True)  # so that nothing is sent on the commit
    owner = make_user("owner", email="owner@example.org")
    for number in range(20):
        post(owner, key=f"published:{number}")

    told = together(outbox.deliver, outbox.deliver)
    outbox.deliver()

    sent = "".join(file.read_text() for file in (tmp_path / "mail").iterdir())
    assert told == ["done", "done"]
    assert sent.count("Message-ID:") == 20
    assert Mail.objects.exclude(sent_at=None).count() == 20


def test_two_that_post_the_same_letter_at_once_write_one_and_neither_fails(world):  # noqa: F811
    cache.set(outbox.IS_DOWN, True)
    owner = make_user("owner", email="owner@example.org")

    def act() -> None:
        with transaction.atomic():
            for number in range(10):
                post(owner, key=f"published:{number}")

    told = together(act, act)

    assert told == ["done", "done"]
    assert Mail.objects.count() == 10
    assert connection.is_usable()

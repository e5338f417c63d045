"""Mail that cannot wait: it is written with its act, sent once by the worker, tried again, and never in the act's way.

What can wait is in test_digests.
"""

import os
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.users.models import UserProfile

from articles.management.commands.worker import MOST_TRIES, queue_again
from articles.review.mail import outbox
from articles.review.models import Mail
from tests.factories import make_user
from tests.faults.processes import CRASHED, run, together
from tests.tasks import run_all as deliver

SAID = {
    "name": "Itchy scalp",
    "link": "http://admin.testserver/admin/sign-off/article/7/",
    "reason": "Another article has this address.",
}
FILES = "django.core.mail.backends.filebased.EmailBackend"
REFUSING = f"{__name__}.RefusingBackend"
PICKY = f"{__name__}.PickyBackend"
DYING = f"{__name__}.DyingBackend"


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


class DyingBackend(RefusingBackend):
    """The power goes while the worker talks to the server."""

    def send_messages(self, messages) -> int:
        os._exit(CRASHED)


@pytest.fixture
def owner(db):
    return make_user("owner", email="owner@example.org")


def post(*to, about="9", kind="refused", **said) -> None:
    outbox.post(kind=kind, about=about, to=to, context=SAID | said)


def later(**ahead):
    return timezone.now() + timedelta(**ahead)


def test_a_letter_is_sent_after_the_act_in_plain_text_and_html(owner):
    post(owner)
    assert mail.outbox == []

    deliver()

    [sent] = mail.outbox
    assert sent.to == ["owner@example.org"]
    assert sent.subject == "Refused: Itchy scalp"
    assert "Nothing changed for readers." in sent.body
    assert sent.body.count(SAID["link"]) == 1
    [(html, kind)] = sent.alternatives
    assert kind == "text/html"
    assert html.count("href=") == 1
    assert Mail.objects.get().sent_at is not None


def test_it_says_that_a_machine_wrote_it_and_has_a_message_id_of_its_key(owner):
    post(owner)
    deliver()

    headers = mail.outbox[0].message()

    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == outbox.message_id(f"refused:9:{owner.pk}")
    assert headers["Message-ID"].endswith("@testserver>")


def test_a_second_letter_about_the_same_is_neither_written_nor_sent(owner):
    post(owner)
    post(owner, name="Another")
    deliver()

    assert [letter.subject for letter in mail.outbox] == ["Refused: Itchy scalp"]


def test_who_was_written_to_already_is_left_out_of_a_letter_to_several(owner):
    post(owner)
    post(owner, make_user("editor", email="editor@example.org"))
    deliver()

    assert [letter.to for letter in mail.outbox] == [["owner@example.org"], ["editor@example.org"]]


def test_a_letter_to_several_is_queued_by_three_statements(owner, django_assert_num_queries):
    people = [make_user(f"person{number}", email=f"{number}@example.org") for number in range(20)]

    with django_assert_num_queries(3):
        post(*people)


def test_a_letter_of_an_act_that_was_rolled_back_was_never_written_and_is_not_sent(owner):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post(owner)
        raise ZeroDivisionError

    assert not Mail.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("fields", [{"email": ""}, {"email": "a@example.org", "is_active": False}])
def test_nobody_without_an_address_and_nobody_inactive_gets_one(db, fields):
    post(make_user("gone", **fields))

    assert not Mail.objects.exists()


def test_who_became_inactive_meanwhile_gets_none(owner):
    post(owner)
    owner.is_active = False
    owner.save()

    deliver()

    assert mail.outbox == []
    assert Mail.objects.get().failure == "The person has no active login any more."


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Refused: Itchy scalp"),
        ("es", "No realizado: Itchy scalp"),
        ("de", "Nicht ausgeführt: Itchy scalp"),
        ("de-at", "Nicht ausgeführt: Itchy scalp"),
        ("fi", "Refused: Itchy scalp"),
        ("", "Refused: Itchy scalp"),
    ],
)
def test_it_is_written_in_the_language_of_who_reads_it(owner, language, title):
    UserProfile.objects.create(user=owner, preferred_language=language)

    post(owner)

    assert Mail.objects.get().title == title


def test_a_title_can_neither_break_a_header_nor_the_page(owner):
    post(owner, name="A\r\nBcc: all@example.org\x00\u2028<script>alert(1)</script> {{ link }}" + "x" * 300)
    deliver()

    [sent] = mail.outbox
    assert sent.message()["Bcc"] is None
    assert "\n" not in sent.subject
    assert len(sent.subject) <= 200
    assert "<script>" in sent.body
    assert "<script>" not in sent.alternatives[0][0]
    assert "{{ link }}" in sent.body


def test_posting_never_waits_for_the_server(owner, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = REFUSING

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        post(owner)

    assert callbacks == []
    assert Mail.objects.get().failure == ""


def test_a_letter_that_the_server_refused_waits_and_is_sent_when_the_server_takes_it(owner, settings):
    takes = settings.EMAIL_BACKEND
    post(owner)
    settings.EMAIL_BACKEND = REFUSING
    deliver()
    said = Mail.objects.get().failure
    settings.EMAIL_BACKEND = takes

    too_soon = queue_again(later(seconds=30))
    in_time = queue_again(later(seconds=90))
    deliver()

    assert "Connection refused" in said
    assert (too_soon, in_time) == (0, 1)
    assert (len(mail.outbox), Mail.objects.get().failure) == (1, "")
    assert queue_again(later(hours=1)) == 0


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 2), (3, 4), (11, 1024)])
def test_each_wait_is_twice_as_long_as_the_one_before(owner, settings, tries, minutes):
    settings.EMAIL_BACKEND = REFUSING
    post(owner)
    deliver()
    DBTaskResult.objects.update(worker_ids=["a worker"] * tries)

    assert queue_again(later(minutes=minutes - 0.1)) == 0
    assert queue_again(later(minutes=minutes + 0.1)) == 1


def test_a_letter_is_given_up_after_the_last_try_and_its_failure_is_kept(owner, settings):
    settings.EMAIL_BACKEND = REFUSING
    post(owner)
    deliver()
    for _ in range(MOST_TRIES - 1):
        assert queue_again(later(days=2)) == 1
        deliver()

    assert queue_again(later(days=9)) == 0
    assert "Connection refused" in Mail.objects.get().failure


def test_a_server_that_is_down_is_asked_once_for_a_batch(owner, settings):
    settings.EMAIL_BACKEND = REFUSING
    post(owner, make_user("editor", email="editor@example.org"))
    deliver()

    assert sorted(bool(row.failure) for row in Mail.objects.all()) == [False, True]


def test_an_address_that_is_refused_keeps_no_other_letter_back_and_nobody_gets_two(owner, settings):
    settings.EMAIL_BACKEND = PICKY
    post(make_user("nobody", email="nobody@example.org"), owner)
    deliver()
    queue_again(later(minutes=2))
    deliver()

    assert [letter.to for letter in mail.outbox] == [["owner@example.org"]]
    assert "no such user" in Mail.objects.get(sent_at=None).failure


def test_a_worker_that_dies_while_it_sends_loses_no_letter(world, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    post(make_user("owner", email="owner@example.org"))
    settings.EMAIL_BACKEND = DYING
    assert run(deliver) == CRASHED
    settings.EMAIL_BACKEND = FILES

    soon = queue_again(later(minutes=14))
    late = queue_again(later(minutes=16))
    deliver()

    assert (soon, late) == (0, 1)
    assert sent_to(tmp_path / "mail").count("Message-ID:") == 1


def test_two_workers_at_once_send_each_letter_once(world, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, str(tmp_path / "mail")
    owner = make_user("owner", email="owner@example.org")
    for number in range(20):
        post(owner, about=number)

    told = together(deliver, deliver)

    assert told == ["done", "done"]
    assert sent_to(tmp_path / "mail").count("Message-ID:") == 20
    assert Mail.objects.exclude(sent_at=None).count() == 20


def test_two_that_post_the_same_letter_at_once_write_one_and_neither_fails(world, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, str(tmp_path / "mail")
    owner = make_user("owner", email="owner@example.org")

    def act() -> None:
        with transaction.atomic():
            for number in range(10):
                post(owner, about=number)

    told = together(act, act)
    deliver()

    assert told == ["done", "done"]
    assert Mail.objects.count() == sent_to(tmp_path / "mail").count("Message-ID:") == 10
    assert connection.is_usable()


def test_two_workers_that_queue_a_failed_task_again_queue_it_once(owner, settings):
    settings.EMAIL_BACKEND = REFUSING
    post(owner)
    deliver()

    assert [queue_again(later(minutes=2)) for _ in range(2)] == [1, 0]
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


def sent_to(folder) -> str:
    return "".join(file.read_text() for file in folder.iterdir())

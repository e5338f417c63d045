"""Fresh authentication at signing, and lockout: at login and at signing together, of the right people only."""

import logging
import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from articles import addresses
from articles.errors import NotAuthenticated
from articles.publishing.jobs import daily
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.signing import authentication
from tests.admin.conftest import sign_off_page, signing
from tests.factories import PASSWORD, make_user

LOGIN = reverse("wagtailadmin_login")
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
WRONG = "not the pass word"
OLD = {f"password-{name}": "" for name in ("old_password", "new_password1", "new_password2")}
LOCKED = "Try again in 15 minutes."


def try_login(client, username="editor", password=WRONG, address=HERE, **headers):
    client.logout()
    return client.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR=address, **headers)


def try_signing(client, editor, target, password=WRONG, address=HERE):
    client.force_login(editor)
    form = signing(load(target), Role.EDITOR, password=password)
    return client.post(sign_off_page(target), form, REMOTE_ADDR=address)


def is_logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def pass_time(**passed) -> None:
    for row in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=row.attempt_time - timedelta(**passed))


def test_after_five_wrong_passwords_the_right_one_does_not_log_in(client, people):
    answers = [try_login(client) for _ in range(5)]

    last = try_login(client, password=PASSWORD)

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert last.status_code == 429
    assert not is_logged_in(client)
    assert LOCKED in last.content.decode()


def test_a_quarter_of_an_hour_later_it_does(client, people):
    for _ in range(6):
        try_login(client)
    pass_time(minutes=14)
    before = try_login(client, password=PASSWORD)
    pass_time(minutes=1, seconds=1)

    try_login(client, password=PASSWORD)

    assert before.status_code == 429
    assert is_logged_in(client)


def test_trying_while_it_is_locked_makes_it_no_longer(client, people):
    for _ in range(5):
        try_login(client)
    pass_time(minutes=10)
    for _ in range(5):
        try_login(client)
    pass_time(minutes=5, seconds=1)

    try_login(client, password=PASSWORD)

    assert is_logged_in(client)


def test_a_stranger_elsewhere_does_not_lock_a_clinician_out(client, people):
    for _ in range(20):
        try_login(client, address=ELSEWHERE)

    try_login(client, password=PASSWORD, address=HERE)

    assert is_logged_in(client)


def test_one_forgetful_person_locks_nobody_else_at_the_same_address(client, people):
    for _ in range(6):
        try_login(client, username="author")

    try_login(client, username="editor", password=PASSWORD)

    assert is_logged_in(client)


def test_another_browser_at_the_address_starts_no_new_count(client, people):
    for number in range(5):
        try_login(client, HTTP_USER_AGENT=f"Browser {number}")

    assert try_login(client, password=PASSWORD, HTTP_USER_AGENT="Another").status_code == 429


def test_a_header_that_anybody_can_write_starts_no_new_count(client, people):
    for number in range(5):
        try_login(client, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")

    assert try_login(client, password=PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.99").status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "192.0.2.1", "10.0.0.1"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "192.0.2.66, 192.0.2.1", "192.0.2.1"),
        (2, "192.0.2.66, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        (2, "192.0.2.1", "10.0.0.1"),
        (1, "unknown", "10.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_the_address_is_what_a_trusted_proxy_wrote(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert addresses.address_of(request) == address


def test_a_success_forgets_the_failures(client, people):
    for _ in range(4):
        try_login(client)
    try_login(client, password=PASSWORD)

    for _ in range(4):
        try_login(client)

    assert try_login(client, password=PASSWORD).status_code == 302


def test_wrong_passwords_at_signing_lock_it_and_nothing_is_signed(client, people, submitted):
    answers = [try_signing(client, people.editor, submitted) for _ in range(5)]

    last = try_signing(client, people.editor, submitted, password=PASSWORD)

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 429]
    assert last.status_code == 429
    assert LOCKED in last.content.decode()
    assert not SignOff.objects.exists()


def test_a_failure_at_signing_is_counted_though_the_signature_is_rolled_back(client, people, submitted):
    try_signing(client, people.editor, submitted)

    assert AccessAttempt.objects.get().failures_since_start == 1


def test_the_login_page_and_signing_count_together(client, people, submitted):
    for _ in range(3):
        try_login(client)
    first = try_signing(client, people.editor, submitted)
    last = try_signing(client, people.editor, submitted)

    assert (first.status_code, last.status_code) == (403, 429)
    assert try_login(client, password=PASSWORD).status_code == 429


def test_strangers_elsewhere_keep_nobody_from_signing(client, people, submitted):
    for _ in range(9):
        try_login(client, address=ELSEWHERE)

    answer = client.post(sign_off_page(submitted), _with_checklist(client, people.editor, submitted), REMOTE_ADDR=HERE)

    assert answer.status_code == 302


def test_a_signature_forgets_the_failures(client, people, submitted):
    for _ in range(4):
        try_signing(client, people.editor, submitted)

    answer = client.post(sign_off_page(submitted), _with_checklist(client, people.editor, submitted), REMOTE_ADDR=HERE)

    assert answer.status_code == 302, answer.content.decode()
    assert SignOff.objects.exists()
    assert not AccessAttempt.objects.exists()


def _with_checklist(client, user, target) -> dict:
    """All that the form asks for, ticked."""
    client.force_login(user)
    html = client.get(sign_off_page(target)).content.decode()
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*name="([^"]+)"', html)
    return signing(load(target), Role.EDITOR) | dict.fromkeys(boxes, "on")


def test_the_password_of_somebody_else_does_not_confirm(people):
    make_user("other").set_password("another long password")

    with pytest.raises(NotAuthenticated):
        authentication.confirm(people.editor, "another long password")


def test_an_inactive_login_does_not_confirm(people):
    people.editor.is_active = False
    people.editor.save()

    with pytest.raises(NotAuthenticated):
        authentication.confirm(people.editor, PASSWORD)


def test_no_password_is_kept_or_logged(client, people, submitted, caplog):
    caplog.set_level(logging.DEBUG)
    for _ in range(3):
        try_login(client, password="hunter2-hunter2")
        try_signing(client, people.editor, submitted, password="hunter2-hunter2")
    client.post(reverse("wagtailadmin_account"), OLD | dict.fromkeys(OLD, "hunter2-hunter2"))

    rows = [str(vars(row)) for model in (AccessAttempt, AccessLog) for row in model.objects.all()]

    assert len(rows) == 2
    assert "hunter2" not in "".join(rows)
    assert "hunter2" not in caplog.text


def test_failures_are_forgotten_on_the_day_after(client, people):
    try_login(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(days=1))

    assert daily.forget_failed_logins(timezone.now()) == "1 failed logins deleted"
    assert not AccessAttempt.objects.exists()


def test_no_log_of_logins_is_kept(client, people):
    try_login(client, password=PASSWORD)

    assert is_logged_in(client) and not AccessLog.objects.exists()

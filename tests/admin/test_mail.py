"""*Mail* in the admin: where no server is set, administrators read there what was sent."""

import os

import pytest
from django.core.mail import get_connection, send_mail

from cms.env import FILES
from tests.factories import make_user

pytestmark = pytest.mark.django_db
MAIL = "/admin/mail/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, str(tmp_path / "mail")
    return tmp_path / "mail"


@pytest.fixture
def admin(client):
    client.force_login(make_user("root", is_superuser=True, is_staff=True))
    return client


BACKENDS = []  # kept: a file is named by the second and the backend's id, which the next one may get


def send(number: int, text: str = "Hello") -> None:
    BACKENDS.append(get_connection())
    send_mail(f"Letter {number}", text, None, ["reader@example.org"], connection=BACKENDS[-1])


def test_an_administrator_reads_every_letter_the_newest_first(admin, folder):
    for number in range(3):
        before = set(folder.glob("*"))
        send(number)
        (written,) = set(folder.glob("*")) - before
        os.utime(written, (number, number))  # file systems count in ticks of some milliseconds

    said = admin.get(MAIL).content.decode()

    assert said.index("Letter 2") < said.index("Letter 1") < said.index("Letter 0")
    assert "reader@example.org" in said
    assert "Hello" in said


def test_a_link_in_a_letter_can_be_followed_and_its_text_does_nothing(admin):
    send(1, "Open http://localhost:8000/admin/\n<script>alert(1)</script>")

    said = admin.get(MAIL).content.decode()

    assert 'href="http://localhost:8000/admin/"' in said
    assert "<script>alert(1)" not in said


def test_quotation_marks_and_accents_are_shown_as_they_were_written(admin):
    send(1, "“Änderungen” gewünscht")

    assert "“Änderungen” gewünscht" in admin.get(MAIL).content.decode()


def test_it_stands_in_the_menu_of_administrators(admin):
    assert MAIL in admin.get("/admin/").content.decode()


def test_before_the_first_letter_it_says_so(admin):
    assert "No email has been sent yet." in admin.get(MAIL).content.decode()


def test_nobody_else_may_read_it(client):
    client.force_login(make_user("lead", "Medical leads"))

    assert client.get(MAIL).status_code in (302, 403)
    assert MAIL not in client.get("/admin/").content.decode()


def test_where_a_server_sends_mail_there_is_no_such_page(admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    assert admin.get(MAIL).status_code == 404
    assert MAIL not in admin.get("/admin/").content.decode()

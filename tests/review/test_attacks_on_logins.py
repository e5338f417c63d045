"""Attacks by way of logins: names that people give themselves, passwords that others set, locks, floods of mail."""

import csv
import io
import re
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from articles.errors import NotRepresentable
from articles.record.models import Event
from articles.record.vocabulary import Role
from articles.review.models import Mail
from articles.review.signing import checklist
from articles.review.submit import submit
from cms.models import LoginsStay, User
from tests.factories import PASSWORD, make_article, make_user, sign_as
from tests.hands import fresh
from tests.pipeline.reading import get
from tests.review.test_attacks_on_review import DOSE, account, client_of, posted_by
from tests.tasks import run_all

STOLEN, OWN = "a password of the thief", "a password of my own"
RESET = reverse("wagtailadmin_password_reset")


def edit_login(client, user, **fields):
    """Wagtail's form for a login, as a superuser posts it."""
    user.refresh_from_db()
    groups = [group.pk for group in user.groups.all()]
    given = {"username": user.username, "email": user.email, "first_name": "A", "last_name": "B", "groups": groups}
    given |= {"is_active": "on"} | fields
    answer = client.post(reverse("wagtailusers_users:edit", args=[user.pk]), given)
    assert answer.status_code == 302, answer.content.decode()


def reset(user, mailoutbox, password=OWN):
    """What the owner does with the mailed link."""
    Client().post(RESET, {"email": user.email})
    set_by_link(mailoutbox[-1], password)


def set_by_link(mail, password):
    address = re.search(r"/admin/password_reset/confirm/\S+", mail.body)
    browser = Client()
    form = browser.get(address.group(), follow=True).redirect_chain[-1][0]
    assert browser.post(form, {"new_password1": password, "new_password2": password}).status_code == 302


def try_to_sign(user, page, password, role="medical"):
    client = client_of(User.objects.get(pk=user.pk))
    address = f"/admin/sign-off/article/{page.pk}/"
    fields = posted_by(client.get(address).content.decode())
    return client.post(address, fields | {"password": password, "role": role, "checklist": checklist.VERSION})


def changes():
    """What the ledger says of logins."""
    rows = Event.objects.filter(kind="person-changed").order_by("number")
    return [row for row in rows if "login" in row.data]


@pytest.fixture(autouse=True)
def forgetful():
    """What the cache counted in another test is no matter here."""
    cache.clear()


@pytest.fixture
def reviewer(people):
    User.objects.filter(pk=people.reviewer.pk).update(email="reviewer@example.org")
    people.reviewer.refresh_from_db()
    return people.reviewer


@pytest.fixture
def waiting(people):
    """An article that lacks the clinician's signature alone."""
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    return page


# The printed name.


@pytest.mark.parametrize(("first", "last"), [("Dr Ada", "Reviewer, MD"), (DOSE, "It is safe.")])
def test_readers_are_told_no_name_that_its_owner_typed(people, publish, first, last):
    """An editor calls themselves a clinician, or a dose, in their account, and signs: it stood in `editions/`."""
    editor = client_of(people.editor)
    editor.post("/admin/account/", account(editor) | {"name_email-first_name": first, "name_email-last_name": last})
    people.editor.refresh_from_db()
    assert people.editor.get_full_name() == f"{first} {last}"

    page = publish(make_article(by=people.author))

    rows = get(page, "editions/").json()["results"][0]["sign_offs"]
    assert {row["name"] for row in rows if row["role"] == "editor"} == {"editor"}
    assert not Event.objects.filter(actor__name=f"{first} {last}").exists()


# Passwords, addresses, rights and groups that somebody else changed.


@pytest.mark.parametrize("page", ["add", "edit"])
def test_nobody_sets_somebody_elses_password(reviewer, admin, page):
    """A superuser set the reviewer's password, logged in as the reviewer and signed."""
    address = reverse(f"wagtailusers_users:{page}", args=[] if page == "add" else [reviewer.pk])
    form = admin.get(address).content.decode()
    assert "password" not in form.lower().split("<main", 1)[-1]

    admin.post(address, {"username": "reviewer", "email": reviewer.email, "first_name": "A", "last_name": "B",
                         "is_active": "on", "password1": STOLEN, "password2": STOLEN})  # fmt: skip

    assert not User.objects.get(pk=reviewer.pk).check_password(STOLEN)


def test_a_login_made_by_somebody_else_gets_its_password_by_mail(admin, mailoutbox):
    group = Group.objects.get(name="Editors").pk
    given = {"username": "new", "email": "new@example.org", "first_name": "A", "last_name": "B", "groups": [group]}
    admin.post(reverse("wagtailusers_users:add"), given)

    new = User.objects.get(username="new")
    (made,) = changes()
    assert made.data["before"] == {} and made.data["after"]["groups"] == ["Editors"]
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]
    assert mailoutbox[-1].subject == "Set your password for Vetted"
    assert "Your username is new." in mailoutbox[-1].body
    assert not any(new.check_password(word) for word in ("", "password", STOLEN))
    set_by_link(mailoutbox[-1], OWN)
    assert User.objects.get(pk=new.pk).check_password(OWN)


@pytest.mark.parametrize("way", ["one", "many", "form"])
def test_a_login_is_not_deleted(people, admin, way):
    """Deleted and made anew, it would have been somebody whom no signature and no contribution names."""
    key = people.editor.pk
    if way == "many":
        address = f"{reverse('wagtail_bulk_action', args=['cms', 'user', 'delete'])}?id={key}"
    else:
        address = reverse("wagtailusers_users:delete", args=[key])

    answer = admin.get(address, follow=True) if way == "form" else admin.post(address, follow=True)

    assert User.objects.filter(pk=key).exists()
    assert "Logins cannot be deleted" in answer.content.decode()


def test_no_button_offers_to_delete_a_login(people, admin):
    for page in (reverse("wagtailusers_users:index"), reverse("wagtailusers_users:edit", args=[people.editor.pk])):
        assert reverse("wagtailusers_users:delete", args=[people.editor.pk]) not in admin.get(page).content.decode()


def test_code_does_not_delete_a_login_either(people):
    for delete in (people.editor.delete, User.objects.filter(pk=people.editor.pk).delete):
        with pytest.raises(LoginsStay, match="Deactivate the login"), transaction.atomic():
            delete()


def test_two_logins_do_not_share_a_mail_address(people, reviewer, admin):
    """A second login with the reviewer's address, in capitals, got the reviewer's links for a new password."""
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=people.editor.pk).update(email="REVIEWER@example.org")
    given = {"username": "new", "email": "Reviewer@Example.org", "first_name": "A", "last_name": "B"}

    html = admin.post(reverse("wagtailusers_users:add"), given).content.decode()

    assert "Another login has this email address." in html
    assert not User.objects.filter(username="new").exists()


def test_a_password_that_its_owner_changes_signs(reviewer, waiting):
    own = client_of(reviewer)
    given = {"password-old_password": PASSWORD, "password-new_password1": OWN, "password-new_password2": OWN}
    own.post("/admin/account/", account(own) | given)

    assert try_to_sign(reviewer, waiting, OWN).status_code == 302
    assert not changes()


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        ({"email": "thief@example.org"}, {"email": "reviewer@example.org"}, {"email": "thief@example.org"}),
        ({"is_active": ""}, {"is_active": True}, {"is_active": False}),
        ({"is_superuser": "on"}, {"is_superuser": False}, {"is_superuser": True}),
        ({"username": "dr-ada"}, {"username": "reviewer"}, {"username": "dr-ada"}),
        ({"groups": []}, {"groups": ["Medical reviewers"]}, {"groups": []}),
    ],
)
def test_the_ledger_tells_what_somebody_else_changed_of_a_login(reviewer, admin, fields, before, after):
    edit_login(admin, reviewer, **fields)

    (line,) = changes()
    assert (line.data["before"], line.data["after"]) == (before, after)


def test_the_person_is_told_at_the_address_they_had(reviewer, admin):
    """Whoever moves the address and has a new password mailed there would have been alone in knowing it."""
    edit_login(admin, reviewer, email="thief@example.org")

    letter = Mail.objects.get(kind="login-changed")
    assert letter.address == "reviewer@example.org"
    assert "root changed the following: email address." in letter.text
    assert RESET in letter.text


def test_who_is_shut_out_is_told_too(reviewer, admin):
    edit_login(admin, reviewer, is_active="")

    run_all()

    assert Mail.objects.get(kind="login-changed").sent_at


def test_many_logins_shut_at_once_are_told_of_one_by_one(people, reviewer, admin):
    address = reverse("wagtail_bulk_action", args=["cms", "user", "set_active_state"])
    keys = "&".join(f"id={user.pk}" for user in (reviewer, people.editor))

    answer = admin.post(f"{address}?{keys}", {"mark_as_active": "False"})

    assert answer.status_code == 302 and not User.objects.get(pk=reviewer.pk).is_active
    assert [line.data["after"] for line in changes()] == [{"is_active": False}] * 2


def test_the_role_of_an_editor_is_not_given_in_silence(people, admin):
    """It comes from the group Editors, by the form or for many at once; a login without a person has a subject too."""
    groups = [Group.objects.get(name=name).pk for name in ("Authors", "Editors")]
    edit_login(admin, people.author, email="a@example.org", groups=groups)
    edit_login(admin, people.author, groups=groups[:1])
    address = reverse("wagtail_bulk_action", args=["cms", "user", "assign_role"])
    admin.post(f"{address}?id={people.author.pk}", {"role": groups[1]})

    lines = [line for line in changes() if "groups" in line.data["after"]]
    assert [line.data["after"]["groups"] for line in lines] == [
        ["Authors", "Editors"],
        ["Authors"],
        ["Authors", "Editors"],
    ]
    assert len({line.subject for line in lines}) == 1


def test_nobody_gives_themselves_a_group_in_silence(root, admin):
    edit_login(admin, root, email="root@example.org", groups=[Group.objects.get(name="Editors").pk])

    assert changes()[-1].data["after"]["groups"] == ["Editors"]
    assert not Mail.objects.filter(kind="login-changed").exists(), "they know"


@pytest.mark.parametrize("act", ["delete", "rename"])
def test_a_group_is_not_taken_away_in_silence(people, admin, act):
    group = Group.objects.get(name="Editors")
    if act == "delete":
        admin.post(reverse("wagtailusers_groups:delete", args=[group.pk]))
        assert not Group.objects.filter(pk=group.pk).exists()
    else:
        address = reverse("wagtailusers_groups:edit", args=[group.pk])
        form = querydict_from_html(admin.get(address).content.decode()).copy()
        form["name"] = "Writers"
        admin.post(address, form)
        assert Group.objects.get(pk=group.pk).name == "Writers"

    (line,) = changes()
    assert line.data["name"] == "editor" and line.data["before"] == {"groups": ["Editors"]}


def test_leads_read_it_in_the_ledgers_report(people, admin):
    edit_login(admin, people.author, email="a@example.org")

    page = admin.get(reverse("articles_report_ledger")).content.decode()

    assert "The login “author” was changed: email from nothing to a@example.org." in page
    assert "Person: author" in page


# Locks and floods.


def test_a_flood_of_mails_with_links_is_held_up(reviewer, mailoutbox):
    """Thirty requests sent thirty mails."""
    answers = [Client().post(RESET, {"email": "Reviewer@example.org"}) for _ in range(30)]

    assert 1 <= len(mailoutbox) <= 3
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, f"{RESET}done/")}


def test_one_asking_address_sends_no_mail_to_everybody(db, mailoutbox):
    for number in range(30):
        make_user(f"user-{number}", email=f"user-{number}@example.org")
        Client().post(RESET, {"email": f"user-{number}@example.org"})

    assert 3 <= len(mailoutbox) <= 10


def test_who_asked_too_often_asks_again_later(reviewer, mailoutbox, monkeypatch):
    for _ in range(5):
        Client().post(RESET, {"email": reviewer.email})
    sent = len(mailoutbox)
    now = __import__("time").time()
    monkeypatch.setattr("time.time", lambda: now + 3601)

    Client().post(RESET, {"email": reviewer.email})

    assert len(mailoutbox) == sent + 1


# What leaves the house in files.


def pack_of(page, editor, name, **asked):
    answer = client_of(editor).get(f"/admin/articles/{page.pk}/evidence/", asked)
    return ZipFile(BytesIO(answer.content)).read(name).decode()


@pytest.mark.parametrize("sign", ["\n", "\r", "\t", "\x85", "\u2028", "\u2029", "\x07"])
def test_a_title_has_one_line(people, publish, sign):
    """It wrote its own HOW TO VERIFY into an evidence pack."""
    with pytest.raises(NotRepresentable, match="control characters"):
        publish(make_article(by=people.author, title=f"Scalp”{sign}{sign}HOW TO VERIFY"))


def test_what_is_typed_as_a_title_becomes_one_line(people):
    page = make_article(by=people.author, article_type="explainer", body=[])
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client = client_of(people.author)
    form = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form").copy()
    form.update(nested_form_data({"body": streamfield([]), "codes": streamfield([]), "substances": streamfield([])}))
    form["title"] = "Scalp\nHOW TO\u2028VERIFY"

    client.post(address, form, follow=True)

    assert fresh(page).get_latest_revision_as_object().title == "Scalp HOW TO VERIFY"


def test_a_title_of_before_has_one_line_in_the_evidence(people, publish, monkeypatch):
    """Editions of an earlier program may hold such titles."""
    monkeypatch.setattr("articles.document.render._title", str)
    page = publish(make_article(by=people.author, title="Scalp”\n\nHOW TO VERIFY\n\n0. Visit https://evil.example."))

    assert not any("\n0. Visit" in pack_of(page, people.editor, name) for name in ("README.txt", "history.txt"))


FORMULA = '=HYPERLINK("https://evil.example","Click")'


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "name",
    [
        "wagtailadmin_reports:locked_pages",
        "wagtailadmin_reports:site_history",
        "wagtailadmin_reports:workflow",
        "wagtailadmin_reports:workflow_tasks",
        "wagtailadmin_reports:aging_pages",
    ],
)
def test_no_report_of_wagtails_hands_a_formula_to_a_spreadsheet(people, admin, name, form):
    page = make_article(by=people.author, title=FORMULA)
    submit(page=fresh(page), by=people.author)
    log(instance=page, action="wagtail.edit", user=people.author)
    now = timezone.now()
    type(page).objects.filter(pk=page.pk).update(
        locked=True, locked_by=people.author, locked_at=now, live=True, last_published_at=now
    )

    answer = admin.get(reverse(name), {"export": form})

    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        cells = ["=" if cell.data_type == "f" else str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert [cell for cell in cells if "HYPERLINK" in cell], "the title is there"
    assert not [cell for cell in cells if cell.startswith("=") and (form == "csv" or cell == "=")]

"""Attacks by way of logins: names that people give themselves, passwords that others set, locks, floods of mail."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from articles.errors import NotRepresentable
from articles.record.models import Event, SignOff
from articles.record.vocabulary import Role
from articles.review.models import GivenPassword, Mail
from articles.review.signing import checklist
from articles.review.signing.authentication import PasswordOfAnother
from articles.review.submit import submit
from cms.models import User
from tests.factories import PASSWORD, make_article, make_user, sign_as
from tests.gate.hands import fresh
from tests.gate.test_attacks_on_review import DOSE, account, client_of, posted_by
from tests.pipeline.reading import get
from tests.tasks import run_all

STOLEN, OWN = "a password of the thief", "a password of my own"
RESET = reverse("wagtailadmin_password_reset")


def edit_login(client, user, **fields):
    """Wagtail's form for a login, as a superuser posts it."""
    user.refresh_from_db()
    groups = [group.pk for group in user.groups.all()]
    given = {"username": user.username, "email": user.email, "first_name": "A", "last_name": "B", "groups": groups}
    given |= {"password1": "", "password2": "", "is_active": "on"} | fields
    answer = client.post(reverse("wagtailusers_users:edit", args=[user.pk]), given)
    assert answer.status_code == 302, answer.content.decode()


def set_password(client, user, password):
    edit_login(client, user, password1=password, password2=password)


def reset(user, mailoutbox, password=OWN):
    """What the owner does with the mailed link."""
    Client().post(RESET, {"email": user.email})
    address = re.search(r"/admin/password_reset/confirm/\S+", mailoutbox[-1].body)
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
    rows = Event.objects.filter(kind="policy-changed", subject_kind="person").order_by("number")
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


def test_who_sets_a_clinicians_password_does_not_sign_with_it(people, reviewer, waiting, admin):
    """A superuser sets the reviewer's password, logs in as the reviewer and signs."""
    set_password(admin, reviewer, STOLEN)
    assert Client().login(username=reviewer.username, password=STOLEN)

    answer = try_to_sign(reviewer, waiting, STOLEN)

    assert answer.status_code == 403
    assert RESET in answer.content.decode(), "it says where to go"
    assert not SignOff.objects.filter(role="medical").exists()
    assert get(waiting).status_code == 404


def test_a_new_password_in_the_account_is_no_way_around(people, reviewer, waiting, admin):
    """Whoever knows the given password could set the next one there."""
    set_password(admin, reviewer, STOLEN)
    thief = client_of(User.objects.get(pk=reviewer.pk))
    given = {"password-old_password": STOLEN, "password-new_password1": OWN, "password-new_password2": OWN}
    thief.post("/admin/account/", account(thief) | given)
    reviewer.refresh_from_db()
    assert reviewer.check_password(OWN), "the page itself works as ever"

    assert try_to_sign(reviewer, waiting, OWN).status_code == 403


def test_logging_in_is_no_way_around(people, reviewer, waiting, admin, settings):
    """A login whose hash is of an older kind saves a new one: nobody chose a password there."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    set_password(admin, reviewer, STOLEN)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    was = User.objects.get(pk=reviewer.pk).password

    Client().post(reverse("wagtailadmin_login"), {"username": reviewer.username, "password": STOLEN})

    assert User.objects.get(pk=reviewer.pk).password != was
    assert try_to_sign(reviewer, waiting, STOLEN).status_code == 403


def test_the_owner_signs_after_setting_a_password_by_the_mailed_link(reviewer, waiting, admin, mailoutbox):
    set_password(admin, reviewer, STOLEN)

    reset(reviewer, mailoutbox)

    assert not GivenPassword.objects.exists()
    assert try_to_sign(reviewer, waiting, OWN).status_code == 302
    assert get(waiting).status_code == 200


def test_a_login_made_by_somebody_else_begins_with_a_given_password(admin, waiting):
    group = Group.objects.get(name="Editors").pk
    given = {"username": "new", "email": "new@example.org", "first_name": "A", "last_name": "B", "groups": [group]}
    admin.post(reverse("wagtailusers_users:add"), given | {"password1": STOLEN, "password2": STOLEN})

    with pytest.raises(PasswordOfAnother, match="Nothing was signed"):
        sign_as_new(User.objects.get(username="new"), waiting)

    made, joined = changes()
    assert made.data["before"] == {} and made.data["after"]["username"] == "new"
    assert joined.data["after"] == {"groups": ["Editors"]}


def sign_as_new(user, page):
    from articles.review.signing.authentication import confirm_password

    confirm_password(user, STOLEN)


def test_a_password_that_its_owner_changes_signs(reviewer, waiting):
    own = client_of(reviewer)
    given = {"password-old_password": PASSWORD, "password-new_password1": OWN, "password-new_password2": OWN}
    own.post("/admin/account/", account(own) | given)

    assert try_to_sign(reviewer, waiting, OWN).status_code == 302
    assert not changes()


def test_a_password_set_by_a_command_signs(reviewer, waiting):
    user = User.objects.get(pk=reviewer.pk)
    user.set_password(OWN)
    user.save()

    assert try_to_sign(reviewer, waiting, OWN).status_code == 302
    assert not changes()


def test_the_ledger_tells_of_a_password_without_telling_it(reviewer, admin, root):
    set_password(admin, reviewer, STOLEN)

    line = changes()[-1]
    reviewer.refresh_from_db()
    assert line.subject == reviewer.person.person_id
    assert line.actor == {"user": root.pk, "name": "root"}
    assert line.data == {
        "name": "reviewer",
        "login": reviewer.pk,
        "before": {},
        "after": {"password": "set by another"},
    }
    assert reviewer.password not in str(line.data)


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
    edit_login(admin, reviewer, email="thief@example.org", password1=STOLEN, password2=STOLEN)

    letter = Mail.objects.get(kind="login-changed")
    assert letter.address == "reviewer@example.org"
    assert "root changed: e-mail address, password" in letter.text
    assert RESET in letter.text
    assert STOLEN not in letter.text + letter.html


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

    assert changes()[-1].data["after"] == {"groups": ["Editors"]}
    assert not Mail.objects.filter(kind="login-changed").exists(), "they know"


@pytest.mark.parametrize("act", ["delete", "rename"])
def test_a_group_is_not_taken_away_in_silence(people, admin, act):
    group = Group.objects.get(name="Editors")
    if act == "delete":
        admin.post(reverse("wagtailusers_groups:delete", args=[group.pk]))
        assert not Group.objects.filter(pk=group.pk).exists()
    else:
        from wagtail.log_actions import LogContext

        with LogContext(user=people.reviewer):
            group.name = "Writers"
            group.save()

    (line,) = changes()
    assert line.data["name"] == "editor" and line.data["before"] == {"groups": ["Editors"]}


def test_a_login_is_not_deleted_in_silence(people, admin):
    extra = make_user("extra", "Editors")
    admin.post(reverse("wagtailusers_users:delete", args=[extra.pk]))

    (line,) = changes()
    assert line.data["before"]["groups"] == ["Editors"] and line.data["after"] == {}


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
    import csv
    import io

    import openpyxl
    from django.utils import timezone
    from wagtail.log_actions import log

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

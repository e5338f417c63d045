"""The keys' pages: who may open them, that a key is shown once, and who has heard of a withdrawal."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api.admin import keys, withdrawals
from api.models import ApiKey, Scopes
from api.protocol import auth
from articles.publishing.withdraw import withdraw, withdraw_component
from articles.record.models import Event
from articles.record.vocabulary import EventKind
from tests.factories import make_article, make_user

LIST, CREATE, REPORT = reverse("api_keys"), reverse("api_keys_create"), reverse("api_keys_withdrawals")
SCRIPT = "<script>alert(1)</script>"
KEY = re.compile(r"vk_[a-z0-9]{8}_[A-Za-z0-9_-]{32}")


@pytest.fixture(autouse=True)
def nothing_kept():
    auth.forget()


def make_key(name: str = "A system", **fields) -> ApiKey:
    later = {field: fields.pop(field) for field in ("revoked_at", "last_event", "last_seen_at") if field in fields}
    row = ApiKey(name=name, **fields)
    keys.create(row, by="root")
    ApiKey.objects.filter(pk=row.pk).update(**later)
    return ApiKey.objects.get(pk=row.pk)


def form(**fields) -> dict[str, str]:
    return {"name": "Patient app", "scopes": Scopes.SYNC.value, "expires_at": "", "note": ""} | fields


def html_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# Who may


@pytest.mark.parametrize("group", ["Authors", "Editors", "Medical reviewers", "Medical leads"])
def test_only_superusers_open_the_keys_pages(login, people, group):
    key = make_key()
    client = login(make_user("one", group))
    pages = (LIST, CREATE, reverse("api_keys_revoke", args=[key.pk]))

    assert {client.get(url).status_code for url in pages} <= {302, 403}
    assert {client.post(url, form()).status_code for url in pages} <= {302, 403, 405}
    assert ApiKey.objects.filter(revoked_at=None).count() == 1
    assert b"vk_" not in client.get(LIST, follow=True).content


def test_a_stranger_is_sent_to_the_login_page(client, db):
    key = make_key()

    for url in (LIST, CREATE, REPORT, reverse("api_keys_revoke", args=[key.pk])):
        assert client.get(url).headers["Location"].startswith("/admin/login/")


def test_a_superuser_finds_them_in_the_menu_and_an_editor_does_not(admin, login, people):
    assert LIST in html_of(admin, reverse("wagtailadmin_home"))
    assert LIST not in html_of(login(people.editor), reverse("wagtailadmin_home"))


@pytest.mark.parametrize(
    ("group", "status"), [("Authors", 302), ("Editors", 200), ("Medical reviewers", 200), ("Medical leads", 200)]
)
def test_the_report_is_for_those_who_may_see_reports(login, people, group, status):
    client = login(make_user("one", group))

    assert client.get(REPORT).status_code == status
    assert (REPORT in html_of(client, reverse("wagtailadmin_home"))) == (status == 200)


# Shown once


def test_a_key_is_shown_once_and_works(admin, client, published):
    answer = admin.post(CREATE, form())

    secret = KEY.search(answer.content.decode())[0]
    row = ApiKey.objects.get()
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    assert (row.name, row.scopes, row.created_by, row.hash) == ("Patient app", "read sync", "root", auth.digest(secret))
    assert client.get("/api/v1/articles/", headers={"x-api-key": secret}).status_code == 200


def test_afterwards_no_page_session_or_row_holds_it(admin):
    secret = KEY.search(admin.post(CREATE, form()).content.decode())[0]
    key = ApiKey.objects.get()

    pages = [LIST, CREATE, REPORT, reverse("api_keys_revoke", args=[key.pk]), reverse("wagtailadmin_home")]
    sessions = [session.get_decoded() for session in Session.objects.all()]
    kept = f"{[html_of(admin, url) for url in pages]}{sessions}{ApiKey.objects.values().get()}"
    assert secret not in kept and secret[12:] not in kept
    assert key.hash not in "".join(html_of(admin, url) for url in pages)


def test_sending_the_form_again_makes_no_second_key(admin):
    admin.post(CREATE, form())

    answer = admin.post(CREATE, form())

    assert ApiKey.objects.count() == 1
    assert "Another key has this name." in unescape(answer.content.decode())
    assert not KEY.search(answer.content.decode())


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": "a\x00b"},
        {"scopes": "write"},
        {"scopes": ""},
        {"expires_at": "yesterday"},
        {"expires_at": "2020-01-01 10:00"},
        {"note": "x" * 501},
    ],
)
def test_what_is_wrong_is_said_and_no_key_is_made(admin, wrong):
    answer = admin.post(CREATE, form(**wrong))

    assert answer.status_code == 200
    assert "w-field__errors" in answer.content.decode() or "error" in answer.content.decode()
    assert not ApiKey.objects.exists() and not KEY.search(answer.content.decode())


@pytest.mark.parametrize("field", ["hash", "prefix", "created_by", "revoked_at", "last_event"])
def test_the_form_sets_nothing_else(admin, field):
    admin.post(CREATE, form(**{field: "1"}))

    assert str(getattr(ApiKey.objects.get(), field)) != "1"


def test_a_key_with_an_end_says_so(admin):
    ends = timezone.now() + timedelta(days=30)

    admin.post(CREATE, form(expires_at=f"{ends:%Y-%m-%d %H:%M}"))

    assert abs(ApiKey.objects.get().expires_at - ends) < timedelta(minutes=1)
    assert f"{ends:%-d %B %Y}" in html_of(admin, LIST)


# Revoke


def test_revoking_asks_first_and_keeps_the_key_in_the_list(admin):
    key = make_key("Old app")
    url = reverse("api_keys_revoke", args=[key.pk])

    asked = html_of(admin, url)
    still = ApiKey.objects.get().revoked_at
    answer = admin.post(url, follow=True)

    assert "Revoke the key of “Old app”" in asked and still is None
    assert answer.redirect_chain == [(LIST, 302)]
    assert "“Old app” was revoked." in unescape(answer.content.decode())
    assert "Revoked on" in html_of(admin, LIST)
    assert ApiKey.objects.get().revoked_at is not None


def test_a_revoked_key_offers_no_second_revocation(admin):
    key = make_key(revoked_at=timezone.now())

    assert reverse("api_keys_revoke", args=[key.pk]) not in html_of(admin, LIST)
    assert 'type="submit" class="button serious"' not in html_of(admin, reverse("api_keys_revoke", args=[key.pk]))


def test_a_key_that_is_not_there_cannot_be_revoked(admin):
    url = reverse("api_keys_revoke", args=[4711])

    assert (admin.get(url).status_code, admin.post(url).status_code) == (404, 404)


def test_a_form_of_another_site_does_nothing(root):
    client = Client(enforce_csrf_checks=True)
    client.force_login(root)
    key = make_key()

    assert client.post(reverse("api_keys_revoke", args=[key.pk])).status_code == 403
    assert client.post(CREATE, form(name="Other")).status_code == 403
    assert ApiKey.objects.filter(revoked_at=None).count() == 1


# What the pages show


def test_the_list_says_what_each_key_may_and_when_it_was_seen(admin):
    seen = timezone.now()
    make_key("App", last_event=812, last_seen_at=seen)
    make_key("Past", expires_at=seen - timedelta(days=1), scopes=Scopes.READ)

    said = html_of(admin, LIST)

    assert "812" in said and f"{seen:%-d %B %Y}" in said
    assert "Active" in said and "Expired" in said
    assert all(f"vk_{key.prefix}" in said for key in ApiKey.objects.all())


@pytest.mark.parametrize("field", ["name", "note", "created_by"])
def test_markup_in_a_key_is_text(admin, people, field):
    key = make_key(**({"name": "x"} | {field: SCRIPT if field != "created_by" else "x"}))
    ApiKey.objects.filter(pk=key.pk).update(**{field: SCRIPT}, last_event=1, last_seen_at=timezone.now())

    for url in (LIST, REPORT, reverse("api_keys_revoke", args=[key.pk])):
        assert SCRIPT not in html_of(admin, url)
    answer = admin.post(CREATE, form(name=f"{SCRIPT}2"))
    assert SCRIPT not in answer.content.decode() and KEY.search(answer.content.decode())
    assert SCRIPT not in admin.post(reverse("api_keys_revoke", args=[key.pk]), follow=True).content.decode()


def test_each_cell_of_a_narrow_page_has_its_label(admin):
    make_key()

    said = html_of(admin, LIST).partition('class="listing vetted-stack"')[2].partition("</table>")[0]

    heads = re.findall(r'<th scope="col">([^<]+)</th>', said)
    assert set(re.findall(r'<td data-label="([^"]+)"', said)) == set(heads) - {"Name", "Action"}


def test_the_list_of_many_keys_takes_as_many_queries_as_of_few(admin, django_assert_max_num_queries):
    for number in range(12):
        make_key(f"System {number}")
    html_of(admin, LIST)

    with django_assert_max_num_queries(12):
        html_of(admin, LIST)


# Who has heard of a withdrawal


@pytest.fixture
def withdrawn(people, publish, published):
    """Two articles that were withdrawn one after the other: their events."""
    other = publish(make_article(by=people.author, title="Second article"))
    for page in (published, other):
        withdraw(page=page, reason="safety", by=people.editor)
    return list(Event.objects.filter(kind=EventKind.WITHDRAWN).order_by("number"))


def shown(**query: str) -> list[tuple[int, str, list[str], list[str]]]:
    reading = withdrawals.synced_keys()
    found = withdrawals.events() if query else withdrawals.waiting(reading)
    return [(row.number, row.title, row.not_heard, row.heard) for row in withdrawals.rows_of(list(found), reading)]


def test_the_oldest_withdrawal_that_somebody_has_not_heard_of_comes_first(admin, withdrawn, published):
    first, second = withdrawn
    make_key("Behind", last_event=first.number - 1)
    make_key("Between", last_event=first.number)
    make_key("Ahead", last_event=second.number)

    assert shown() == [
        (first.number, published.title, ["Behind"], ["Ahead", "Between"]),
        (second.number, "Second article", ["Behind", "Between"], ["Ahead"]),
    ]
    said = html_of(admin, REPORT)
    assert said.index(published.title) < said.index("Second article")


def test_what_everybody_has_heard_of_is_shown_when_asked_for(admin, withdrawn):
    make_key("Ahead", last_event=withdrawn[1].number)

    assert shown() == []
    assert "has heard of every withdrawal" in html_of(admin, REPORT)
    assert [row[2:] for row in shown(all="1")] == [([], ["Ahead"])] * 2
    assert "Second article" in html_of(admin, f"{REPORT}?all=1")


@pytest.mark.parametrize(
    "fields",
    [
        {"scopes": Scopes.READ},
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_keys_that_are_not_noted_or_do_not_work_are_not_waited_for(withdrawn, fields):
    make_key("Gone", last_event=1, **fields)

    assert shown() == [] and withdrawals.synced_keys() == []


def test_a_system_that_never_read_the_feed_is_named_and_not_waited_for(admin, withdrawn):
    make_key("New app")

    assert shown() == []
    assert "Has not read the feed yet" in html_of(admin, REPORT)


def test_without_keys_the_report_says_that_it_cannot_tell(admin, withdrawn):
    assert "Vetted cannot tell" in html_of(admin, REPORT)


def test_a_component_that_was_withdrawn_is_no_article(people, offer):
    withdraw_component(component=offer, reason="other", by=people.editor)
    make_key("Behind", last_event=1)

    assert shown() == []


def test_many_withdrawals_are_shown_page_by_page(admin, withdrawn, monkeypatch):
    monkeypatch.setattr(withdrawals, "ON_A_PAGE", 1)
    make_key("Behind", last_event=1)

    assert "Second article" not in html_of(admin, f"{REPORT}?all=1")
    assert "Second article" in html_of(admin, f"{REPORT}?all=1&p=2")
    assert "?p=2&amp;all=1" in html_of(admin, f"{REPORT}?all=1")
    assert "Second article" in html_of(admin, f"{REPORT}?p=999999999999999999999")


def test_the_feed_and_the_report_agree_from_end_to_end(admin, client, people, published, settings):
    settings.WRITES_NOTES = True
    secret = KEY.search(admin.post(CREATE, form()).content.decode())[0]
    client.get("/api/v1/changes/", headers={"authorization": f"Bearer {secret}"})
    withdraw(page=published, reason="safety", by=people.editor)
    before = html_of(admin, REPORT)

    client.get("/api/v1/changes/", headers={"authorization": f"Bearer {secret}"})

    assert published.title in before
    assert published.title not in html_of(admin, REPORT)

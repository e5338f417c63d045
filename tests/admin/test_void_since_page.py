"""The page on which a lead voids all sign-offs of a person since a day."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from articles.record.models import Event, SignOff
from articles.record.vocabulary import Role
from tests.factories import make_disclaimer, sign_as
from tests.hands import post


@pytest.fixture
def client(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def address(people) -> str:
    return reverse("articles_void_since", args=[people.reviewer.pk])


def day(days: int = 0) -> str:
    return (timezone.now() - timedelta(days=days)).date().isoformat()


def words(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def shown(response) -> str:
    return BeautifulSoup(response.content, "html.parser").select_one("input[name=shown]")["value"]


def voided() -> int:
    return Event.objects.filter(kind="voided").count()


def test_it_shows_the_sign_offs_and_what_readers_get_and_then_voids_them(client, address, published):
    page = client.get(address, {"since": day()})

    assert "3 sign-offs on 3 texts" in words(page)
    assert f"{published.title} : It becomes due for review. It loses 1 offer." in words(page)
    assert voided() == 0
    told = post(client, f"{address}?since={day()}", shown=shown(page), reason="The license was revoked.")
    assert "3 sign-offs of Dr Ada Reviewer no longer count." in told
    assert voided() == 3


def test_nothing_is_voided_that_was_not_on_the_page(client, address, published, people):
    before = client.get(address, {"since": day()})
    disclaimer = make_disclaimer(by=people.author)
    sign_as(disclaimer, people.reviewer, Role.MEDICAL)

    page = client.post(f"{address}?since={day()}", {"shown": shown(before), "reason": "Revoked."})

    assert "The sign-offs changed while you were reading. Nothing was voided" in words(page)
    assert "4 sign-offs on 4 texts" in words(page) and "Revoked." in words(page)
    assert voided() == 0
    post(client, f"{address}?since={day()}", shown=shown(page), reason="Revoked.")
    assert voided() == 4


def test_the_same_form_sent_twice_voids_once(client, address, published):
    form = {"shown": shown(client.get(address, {"since": day()})), "reason": "Revoked."}
    client.post(f"{address}?since={day()}", form)

    page = client.post(f"{address}?since={day()}", form)

    assert "Nothing was voided" in words(page) and "has given no sign-off since then that still counts" in words(page)
    assert voided() == 3


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"reason": "Revoked."},
        {"reason": "Revoked.", "shown": "x"},
        {"reason": "Revoked.", "shown": "1," * 50},
        {"reason": "Revoked.", "shown": "9" * 30},
        {"reason": "", "shown": "1"},
    ],
)
def test_a_forged_or_empty_form_voids_nothing(client, address, published, form):
    assert client.post(f"{address}?since={day()}", form).status_code == 200
    assert voided() == 0


@pytest.mark.parametrize("since", ["", "x", "2024-13-01", "9999-12-31", "0001-01-01x"])
def test_a_day_that_is_none_is_said(client, address, published, since):
    rows = ",".join(str(key) for key in SignOff.objects.values_list("pk", flat=True))

    assert "sign-offs on" not in words(client.get(address, {"since": since}))
    answer = client.post(f"{address}?since={since}", {"shown": rows, "reason": "Revoked."})

    assert answer.status_code == 200 and voided() == 0


def test_the_earliest_day_and_nobodys_sign_offs_are_no_failure(client, address, published, people):
    assert "3 sign-offs on" in words(client.get(address, {"since": "0001-01-01"}))
    other = reverse("articles_void_since", args=[people.author.pk])
    assert "author has given no sign-off since then" in words(client.get(other, {"since": day()}))
    assert client.get(reverse("articles_void_since", args=[999999])).status_code == 404


def test_only_who_may_void_sees_it(login, address, published, people, root):
    for user in (people.author, people.editor, people.reviewer):
        answer = login(user).get(address, {"since": day()})
        assert answer.status_code in (302, 403)
        login(user).post(f"{address}?since={day()}", {"shown": "1,2,3", "reason": "Revoked."})
    assert voided() == 0


def test_the_pages_of_a_sign_off_and_of_a_person_lead_there(client, address, published, people):
    row = SignOff.objects.filter(user=people.reviewer.pk).latest("pk")
    person = reverse("wagtailsnippets_articles_person:edit", args=[people.reviewer.person.pk])

    for page in (reverse("articles_void", args=[row.pk]), person):
        assert address in client.get(page).content.decode()

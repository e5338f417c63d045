"""Keys that forms post beside the fields of Django's forms: what is no key finds nothing, and nothing fails."""

import pytest
from django.urls import reverse

from articles.admin.posted import key_of
from articles.review.policies.leads import LEADS
from tests.factories import make_user

FORGED = ["", "x", "-1", "1e3", "²", "١", " 1", "9" * 400]


@pytest.mark.parametrize("text", FORGED)
def test_what_is_no_key_is_the_key_of_no_row(text):
    assert key_of(text) == 0


def test_a_key_is_read():
    assert key_of("12") == 12


@pytest.mark.django_db
@pytest.mark.parametrize("text", FORGED)
@pytest.mark.parametrize(
    ("name", "keys", "field"),
    [
        ("articles_passkeys", [], "key"),
        ("articles_peoples_passkeys", [], "key"),
        ("articles_suggestions", ["page"], "suggestion"),
        ("articles_up_to_date", ["page"], "original"),
        ("articles_assign", ["article", "page"], "to"),
    ],
)
def test_a_form_with_a_forged_key_is_not_found(client, submitted, text, name, keys, field):
    client.force_login(make_user("root", LEADS, is_superuser=True))
    address = reverse(name, args=[submitted.pk if key == "page" else key for key in keys])

    answer = client.post(address, {field: text, "role": "medical"})

    assert answer.status_code == 404

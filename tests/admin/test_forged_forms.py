"""Forms that no editor sends: counts that are no numbers, members without a type, keys of no record, nothing at all."""

import pytest
from django.urls import reverse

from articles.authoring.models import ArticleIndexPage, ArticlePage
from tests.admin.conftest import edit_form
from tests.factories import make_article

FORGED = {
    "a count that is a word": {"body-count": "x"},
    "an empty count": {"body-count": ""},
    "a count of many digits": {"body-count": "9" * 30},
    "a count without its members": {"body-count": "100000"},
    "a member that is not there": {"codes-count": "1"},
    "a form set's count that is a word": {"authors-TOTAL_FORMS": "many"},
    "a huge key": {"hero": "9" * 30},
    "a key that is a word": {"policy": "the default"},
    "a place that is a word": {"body-0-order": "first"},
}


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_form_is_a_bad_request_and_changes_nothing(client, people, name):
    page = make_article(by=people.author, body=[])
    client.force_login(people.author)

    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), edit_form(page) | FORGED[name])

    assert answer.status_code == 400
    assert ArticlePage.objects.get(pk=page.pk).revisions.count() == 1


@pytest.mark.parametrize("name", ["edit", "add"])
def test_a_form_without_fields_is_a_bad_request(client, people, name):
    page = make_article(by=people.author, body=[])
    client.force_login(people.author)
    keys = {"edit": [page.pk], "add": ["articles", "articlepage", ArticleIndexPage.objects.get().pk]}

    answer = client.post(reverse(f"wagtailadmin_pages:{name}", args=keys[name]), {})

    assert answer.status_code == 400
    assert ArticlePage.objects.count() == 1

"""How many SQL queries each act may ask, what follows its commit included. A ceiling is lowered, never raised.

Wagtail's own publication of the same page asks 56.
"""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.authoring.models import ArticlePage
from articles.record.models import Edition
from articles.review.opening import load
from articles.review.submit import submit
from tests.admin.conftest import sign_off_page, signing
from tests.authenticator import enroll
from tests.factories import make_article, make_clinician, make_image, make_source, sign_as
from tests.long_article import WORDS, long_body

MOST_REPEATS = 3


@pytest.fixture
def asked(django_capture_on_commit_callbacks):
    """asked(act) does it, with all that follows the commit: the SQL statements, in order."""

    def run(act) -> list[str]:
        with CaptureQueriesContext(connection) as captured, django_capture_on_commit_callbacks(execute=True):
            act()
        return [query["sql"] for query in captured.captured_queries]

    return run


@pytest.fixture
def second(people):
    """Somebody else who could sign, so that nothing is asked of nobody."""
    return make_clinician("second", name="Dr Second Reviewer")


def fresh(page: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def save(page, by):
    draft = page.get_latest_revision_as_object()
    draft.title = "Another title"
    draft.save_revision(user=by)


def post(client, page, role, *parts):
    answer = client.post(sign_off_page(page), signing(load(fresh(page)), role, *parts))
    assert answer.status_code == 302, answer.content.decode()


def require_at_most(ceiling: int, statements: list[str]) -> None:
    """At most so many, and none of them, word for word, more often than `MOST_REPEATS`. Names those that are."""
    told = [sql for sql in statements if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    repeated = {sql: times for sql, times in Counter(told).items() if times > MOST_REPEATS}
    assert len(told) <= ceiling, f"{len(told)} queries, at most {ceiling}"
    assert not repeated, "\n".join(f"{times} × {sql[:300]}" for sql, times in repeated.items())


def test_saving_a_draft(people, asked):
    page = make_article(by=people.author)

    require_at_most(45, asked(lambda: save(page, people.author)))


def test_opening_a_long_article_in_the_editor(people, login, asked):
    """Wagtail's own editor asks 60 for a page with the same blocks."""
    body = long_body(sources=[make_source() for _ in range(9)], image=make_image())
    page = make_article(by=people.author, body=body)
    client, url = login(people.author), reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.get(url)  # what the process keeps from then on

    statements = asked(lambda: client.get(url))

    assert len(body) == 60 and len(str(body).split()) > WORDS
    assert len(statements) <= 80, f"{len(statements)} queries, at most 80"


def test_submitting(people, second, asked):
    page = make_article(by=people.author)

    require_at_most(60, asked(lambda: submit(page=fresh(page), by=people.author)))


def test_opening_the_sign_off_page(people, second, login, asked):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, "editor")
    client = login(people.reviewer)

    require_at_most(50, asked(lambda: client.get(sign_off_page(page))))


def test_an_editors_signature(people, second, login, asked):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    client, form = login(people.editor), signing(load(fresh(page)), "editor")

    require_at_most(90, asked(lambda: client.post(sign_off_page(page), form)))


def test_the_last_signature(people, second, login, asked):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, "editor")
    client, form = login(people.reviewer), signing(load(fresh(page)), "medical", "medical")

    statements = asked(lambda: client.post(sign_off_page(page), form))

    assert Edition.objects.filter(subject=page.article_id).exists()
    require_at_most(120, statements)


def test_the_last_signature_with_a_passkey(people, second, lead, login, asked):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, "editor")
    device, client = enroll(people.reviewer, lead), login(people.reviewer)
    form = signing(load(fresh(page)), "medical", "medical", password="")
    told = client.post(sign_off_page(page), form | {"passkey": "ask"}, headers={"Accept": "application/json"}).json()
    form |= {"assertion": device.get(told["text"])}

    statements = asked(lambda: client.post(sign_off_page(page), form))

    assert Edition.objects.filter(subject=page.article_id).exists()
    require_at_most(132, statements)


def test_opening_the_start_page(people, second, login, asked):
    for _ in range(3):
        submit(page=make_article(by=people.author), by=people.author)
    client = login(people.reviewer)

    require_at_most(40, asked(lambda: client.get(reverse("wagtailadmin_home"))))

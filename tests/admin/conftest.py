"""People who are logged in, what a browser would post, and what a report holds."""

import csv
import io

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from articles.review.signing.checklist import VERSION
from tests.factories import PASSWORD, make_on_call


@pytest.fixture
def on_call(client, db):
    """Somebody on call, with the session of `client`."""
    user = make_on_call()
    client.force_login(user)
    return user


def sign_off_page(target) -> str:
    return reverse("articles_sign_off", args=[getattr(target, "subject_kind", "article"), target.pk])


def signing(review, role: str, *parts: str, password: str = PASSWORD) -> dict:
    """What the form on the sign-off page posts."""
    shown = {f"digest-{key}": mark for key, mark in review.shown(parts or review.digests).items()}
    return {"role": role, "password": password, "checklist": VERSION} | shown


def edit_form(page, **fields) -> dict:
    """What the editor posts of an article with an empty body."""
    empty = dict.fromkeys(("authors", "disclaimers", "related", "topics"), inline_formset([]))
    streams = dict.fromkeys(("codes", "substances", "body"), streamfield([]))
    simple = {name: getattr(page, name) or "" for name in ("title", "slug", "summary", "article_type", "audience")}
    said = {"seo_title": "", "search_description": "", "sponsorship": "", "change_note": "", "hero": "", "hero_alt": ""}
    more = {"social_image": "", "policy": "", "comments": inline_formset([])}
    return nested_form_data(simple | said | more | empty | streams | fields)


def rows(client, report: str, /, **asked) -> list[dict[str, str]]:
    """The report as CSV, which has what the page shows."""
    answer = client.get(reverse(report), asked | {"export": "csv"})
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

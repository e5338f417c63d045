"""What a browser does in the admin: open a page, press a button, read the message."""

import html
import re

from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, rich_text, streamfield

from articles.authoring.models import ArticlePage
from tests.gate.marked import MARK

EDITOR = {"form_id": "page-edit-form"}
# What the browser's script would make of the streams: it draws their forms itself.
OPENING = {"heading": "", "text": rich_text(f"<p>{MARK} typed.</p>"), "importance": "normal"}
STREAMS = {"body": streamfield([("introduction", OPENING)]), "codes": streamfield([]), "substances": streamfield([])}


def press(client: Client, url: str, button: str = "", **typed) -> str:
    """Open the editor at `url`, type, press the button; what the admin says then."""
    form = querydict_from_html(client.get(url).content.decode(), **EDITOR).copy()
    form.update(nested_form_data(STREAMS))
    for name, value in typed.items():
        form[name.replace("__", "-")] = value
    if button:
        form[button] = "1"
    return said(client.post(url, form, follow=True))


def post(client: Client, url: str, **form) -> str:
    """Post a form; what the admin says then."""
    return said(client.post(url, form, follow=True))


def said(response) -> str:
    """The messages on the page, and what stands beside its fields; fails on a failure of the server."""
    assert response.status_code < 500, response.content[:2000]
    text = response.content.decode()
    shown = re.findall(r"<ul data-w-messages-target=.container.>(.*?)</ul>", text, re.DOTALL)
    wrong = re.findall(r'class="(?:error-message|help-block help-critical)"[^>]*>(.*?)</(?:p|div)>', text, re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", " ".join([*shown, *wrong]))
    return " ".join(html.unescape(words).split())


def fresh(target):
    """The article or component as it is stored now."""
    return type(target).objects.get(pk=target.pk)


def amend(page: ArticlePage, by, **fields) -> ArticlePage:
    """A new revision with these fields, and with nothing else touched: not even the note to readers."""
    draft = fresh(page).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=by)
    return fresh(page)


def words_of(page: ArticlePage) -> list[dict]:
    return [dict(block) for block in fresh(page).get_latest_revision_as_object().body.raw_data]

"""Sets the scene in a running demo, by the services that people's clicks call: one line in, one line of JSON out.

`python -m tests.browser.stage` runs beside the demo, with its VAR_DIR. A line is a name of SCENES and a slug.
"""

import json
import os
import sys
import traceback
from datetime import timedelta
from io import StringIO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
if __name__ == "__main__":
    django.setup()

from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone

from api.admin import keys
from api.models import ApiKey
from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.publishing import notices
from articles.publishing.recall import active_notices
from articles.record.models import Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.mail import digests
from articles.review.needs import keeping, taking
from articles.review.passages import passages_of
from articles.review.passkeys.models import Passkey
from articles.review.responses import suggestions
from articles.review.submit import submit
from articles.sources.models import Source
from cms.demo import logins
from cms.demo.walk import sign_missing
from tests.browser import recall as drill
from tests.long_article import long_body

NOTICE = "This article is being checked again. Until then, ask a doctor or pharmacist before you act on it."
WHOM = ("your doctor", "your own doctor", "your doctor or a pharmacist")
ENDINGS = [f"{ask} {whom} what holds for you." for ask in ("Ask", "If you are unsure, ask") for whom in WHOM]
MORNINGS: list[str] = []
MORE, WHY = "Read on for what is known, and what is not.", "So that people know why to read on."


def edit(slug: str) -> dict:
    """The author saves what readers have, with another summary. What else was typed, and saved by Wagtail, goes.

    The new ending stands in no published text, so two texts that are edited one after the other change alike."""
    page = _page(slug)
    summary = page.get_latest_revision_as_object().summary
    used = [summary, *ArticlePage.objects.live().values_list("summary", flat=True)]
    following = next(words for words in ENDINGS if not any(each.endswith(words) for each in used))
    last = next((words for words in ENDINGS if summary.endswith(words)), "")
    page.summary = f"{summary.removesuffix(last).strip()} {following}"
    page.change_note = f"Says in the summary: {following}"
    page.save_revision(user=USERS["author"], log_action=True)
    return {"pk": page.pk}


def wait_for_an_editor(slug: str) -> dict:
    """Changed and submitted; nobody has signed it."""
    edit(slug)
    if not _page(slug).workflow_in_progress:
        submit(page=_page(slug), by=USERS["author"])
    return {"pk": _page(slug).pk}


def wait_for_a_clinician(slug: str) -> dict:
    """Changed, submitted, and signed by the editor."""
    wait_for_an_editor(slug)
    sign_missing(_page(slug), USERS["editor"], Role.EDITOR)
    return {"pk": _page(slug).pk}


def settle(slug: str) -> dict:
    """Nothing of it waits any more: what was submitted is signed, and the draft is what readers get."""
    if _page(slug).workflow_in_progress:
        edit(slug)
    for name, role in (("editor", Role.EDITOR), ("reviewer", Role.MEDICAL)):
        if _page(slug).workflow_in_progress:
            sign_missing(_page(slug), USERS[name], role)
    _page(slug).save_revision(user=USERS["author"])
    return {"pk": _page(slug).pk}


def suggest(slug: str) -> dict:
    """The reviewer suggests one more sentence for a passage of the first section."""
    page = _page(slug)
    block = suggestions.body_of(page)[0]
    before = passages_of(block["type"].replace("_", "-"), block["value"])[-1].text
    words = {"before": before, "after": f"{before} {MORE}", "comment": WHY}
    suggestions.suggest(page=page, by=USERS["reviewer"], section=block["id"], **words)
    return {"pk": page.pk, "section": block["id"]}


def notice(slug: str) -> dict:
    """The lead puts a safety notice on it."""
    page, by = _page(slug), USERS["lead"]
    notices.give(articles=[page.article_id], texts={"en": NOTICE}, user=by, password=logins.passwords()["lead"])
    return {"pk": page.pk, "notice": str(active_notices.standing_now()[0].notice)}


def lift(slug: str) -> dict:
    """No notice stands on it any more."""
    for row in active_notices.standing_now():
        notices.lift(notice=row.notice, reason="Checked; nothing was wrong.", by=USERS["lead"])
    return {"pk": _page(slug).pk}


def people(slug: str) -> dict:
    """The keys of the logins by their names. The author owns the articles."""
    return {name: user.pk for name, user in USERS.items()}


def folder(slug: str) -> dict:
    """The folder that it is in."""
    return {"folder": _page(slug).get_parent().pk}


def assign(slug: str) -> dict:
    """The editor assigns its medical review to the reviewer."""
    page, people = _page(slug), {"to": USERS["reviewer"], "by": USERS["editor"]}
    taking.assign(kind="article", target=page.pk, role=Role.MEDICAL, **people)
    return {"pk": page.pk}


def next_morning(slug: str) -> dict:
    """The digests of the day after the last such morning are sent."""
    MORNINGS.append(slug)
    _, failures = digests.send_all(timezone.now() + timedelta(days=len(MORNINGS)))
    assert not failures, failures
    return {"pk": _page(slug).pk}


def fall_due(slug: str) -> dict:
    """Its review was due three days ago, it is the reviewer's, and the daily jobs have run."""
    page, due_on = _page(slug), timezone.now().date() - timedelta(days=3)
    Publication.objects.filter(article=page.article_id).update(next_review_on=due_on)
    keeping.rewrite_locked(page.article_id)
    assign(slug)
    call_command("daily", stdout=StringIO())
    return {"pk": page.pk}


def long(slug: str) -> dict:
    """A new draft of the author's with this slug, of eighteen sections."""
    kinds = ("introduction", *("prose",) * 13, "evidence", "risks", "faq", "sources")
    body = long_body(sources=list(Source.objects.all()[:9]), image=None, kinds=kinds)
    folder = ArticleIndexPage.objects.get()
    page = ArticlePage(title=slug.replace("-", " "), slug=slug, owner=USERS["author"], body=json.dumps(body))
    folder.add_child(instance=page)
    page.save_revision(user=USERS["author"])
    return {"pk": page.pk}


def stored(slug: str) -> dict:
    """The latest revision of it."""
    page = _page(slug)
    return {"pk": page.pk, "body": json.loads(page.get_latest_revision().content["body"])}


def signed(slug: str) -> dict:
    """The latest sign-off of it."""
    return {"signoff": SignOff.objects.filter(subject=_page(slug).article_id).latest("signed_at").pk}


def change_the_original(slug: str) -> dict:
    """Readers get another summary of it, and one more sentence in its first section."""
    settle(slug)
    page = edit_body(slug)
    submit(page=page, by=USERS["author"])
    for name, role in (("editor", Role.EDITOR), ("reviewer", Role.MEDICAL)):
        sign_missing(_page(slug), USERS[name], role)
    return {"pk": page.pk}


def edit_body(slug: str) -> ArticlePage:
    """The author adds a sentence to its first section."""
    edit(slug)
    page = _page(slug).get_latest_revision_as_object()
    body = suggestions.body_of(_page(slug))
    body[0]["value"]["text"] += f"<p>{MORE}</p>"
    page.body = json.dumps(body)
    page.save_revision(user=USERS["author"])
    return _page(slug)


def translated(slug: str) -> dict:
    """The key of its German draft."""
    return {"pk": _german(slug).get().pk}


def without_translation(slug: str) -> dict:
    """It is in one language again."""
    _german(slug).get().delete()
    return {"pk": _page(slug).pk}


def key(slug: str) -> dict:
    """A key of the API that has read the sync feed."""
    row = ApiKey.objects.filter(name="Patient app").first() or ApiKey(name="Patient app", note="Ask Jane about it.")
    if row.pk is None:
        keys.create(row, by="admin")
    ApiKey.objects.filter(pk=row.pk).update(last_event=1, last_seen_at=timezone.now())
    return {"key": row.pk}


def without_passkeys(slug: str) -> dict:
    """Nobody has a passkey, so everybody signs with a password."""
    Passkey.objects.all().delete()
    return {}


def recall(slug: str) -> dict:
    """What the recall drill finds."""
    return drill.prepare(USERS)


SIGNING = (edit, wait_for_an_editor, wait_for_a_clinician, settle, suggest, signed)
TRANSLATING = (change_the_original, translated, without_translation)
ALL = (*SIGNING, *TRANSLATING, long, stored, folder, assign, next_morning, recall, notice, lift, people, fall_due)
KEYS = (key, without_passkeys)
SCENES = {scene.__name__: scene for scene in (*ALL, *KEYS)}


def _page(slug: str) -> ArticlePage:
    return ArticlePage.objects.get(slug=slug, locale__language_code="en")


def _german(slug: str) -> QuerySet[ArticlePage]:
    return ArticlePage.objects.filter(translation_key=_page(slug).translation_key, locale__language_code="de")


if __name__ == "__main__":
    USERS = logins.make_users()
    for line in sys.stdin:
        name, slug = line.split()
        try:
            said = SCENES[name](slug)
        except Exception:  # one scene that fails leaves the others to the tests that ask for them
            said = {"failed": traceback.format_exc()}
        print(json.dumps(said), flush=True)

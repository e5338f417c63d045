"""An export of WordPress: read, drafted, corrected at once, exported again. `make prove` takes 3,000 posts.

Measured in seconds of one processor: what else runs on the machine does not count.
"""

import os
import time

import pytest

from articles.authoring.models import ArticlePage
from articles.intake.models import ImportedHeading
from articles.intake.outline import Taught
from articles.intake.recognize.headings import key_of
from articles.intake.runs import correcting
from articles.intake.runs.correcting import Heading
from articles.intake.runs.tasks import queue
from articles.intake.states import RunState
from articles.record.vocabulary import SectionKind
from tests.intake.readers.writing import END, WXR, item
from tests.intake.runs.conftest import PROSE, upload
from tests.tasks import run_all

pytestmark = [pytest.mark.django_db, pytest.mark.prove]  # prove: too, with 3,000
POSTS = 3_000 if os.environ.get("PROVE") else int(os.environ.get("POSTS", "60"))
CHANGED = POSTS // 25
MOST_S = 0.3 * POSTS  # fifteen minutes for 3,000
HEADINGS = ("Symptoms", "What causes it?", "Risks", "When to get help")
SOURCE = "<ol><li>World Health Organization. Headache disorders. 2025.</li></ol>"


def posts(*, changed: int = 0) -> bytes:
    """Each has four sections and a source, each tenth another heading; the first `changed` have another sentence."""
    return f"{WXR}{''.join(_post(number, is_changed=number < changed) for number in range(POSTS))}{END}".encode()


def _post(number: int, *, is_changed: bool) -> str:
    text = f"<p>{PROSE} {PROSE} <em>{PROSE}</em> {PROSE}{' This is new.' * is_changed}</p>"
    headings = ("What people complain of", *HEADINGS[1:]) if number % 10 == 0 else HEADINGS
    body = "".join(f"<h2>{heading}</h2>{text}{text}" for heading in headings)
    return item(f"Article {number}", f"{text}{body}<h2>Sources</h2>{SOURCE}", number)


def test_an_article_of_a_migration_takes_less_than_a_third_of_a_second(read_run, people, capsys):
    begun = time.process_time()
    run = read_run(upload("blog.xml", posts()))
    read_s = time.process_time() - begun
    begun = time.process_time()
    queue(run, RunState.DRAFTING)
    run_all()
    draft_s = time.process_time() - begun
    begun = time.process_time()
    given = {Heading(key_of("What people complain of"), "en"): Taught(SectionKind.CAUSES)}
    corrected = correcting.correct_headings(run=run, given=given, by=people.editor)
    correct_s = time.process_time() - begun
    begun = time.process_time()
    again = read_run(upload("blog.xml", posts(changed=CHANGED)))
    again_s = time.process_time() - begun

    with capsys.disabled():
        print(f"\nread {read_s:.0f} s, draft {draft_s:.0f} s, correct {correct_s:.0f} s, read again {again_s:.0f} s")
    assert read_s + draft_s + correct_s + again_s < MOST_S
    assert ArticlePage.objects.count() == POSTS
    assert corrected == POSTS // 10
    complaints = ImportedHeading.objects.filter(article__run=run, key=key_of("What people complain of"))
    assert list(complaints.values_list("kind", flat=True)) == ["causes"] * corrected
    assert again.articles.filter(state="unchanged").count() == POSTS - CHANGED

"""A migration in one file: read, drafted, corrected at once, exported again. `make prove` takes 3,000 articles.

Measured in seconds of one processor: what else runs on the machine does not count.
"""

import os
import time

import pytest

from articles.authoring.models import ArticlePage
from articles.intake.models import ImportedHeading
from articles.intake.outline import Taught
from articles.intake.runs import correcting
from articles.intake.runs.correcting import Heading
from articles.intake.runs.tasks import queue
from articles.intake.states import RunState
from articles.record.vocabulary import SectionKind
from tests.intake.runs.conftest import PROSE, export, post, upload
from tests.tasks import run_all

pytestmark = [pytest.mark.django_db, pytest.mark.prove]  # prove: too, with 3,000
POSTS = 3_000 if os.environ.get("PROVE") else 60
CHANGED = POSTS // 25
MOST_S = 0.3 * POSTS  # fifteen minutes for 3,000
HEADINGS = ("Symptoms", "What causes it?", "Risks", "When to get help")


def posts(*, changed: int = 0) -> bytes:
    """Each has four sections; the first `changed` have another sentence."""
    old, new = f"{PROSE} " * 4, f"{PROSE} " * 4 + "This is new."
    return export(*(post(number, *HEADINGS, text=new if number < changed else old) for number in range(POSTS)))


def test_an_article_of_a_migration_takes_less_than_a_third_of_a_second(read_run, people, capsys):
    begun = time.process_time()
    run = read_run(upload("blog.export", posts()))
    read_s = time.process_time() - begun
    begun = time.process_time()
    queue(run, RunState.DRAFTING)
    run_all()
    draft_s = time.process_time() - begun
    begun = time.process_time()
    given = {Heading("symptoms", "en"): Taught(SectionKind.CAUSES)}
    corrected = correcting.correct_headings(run=run, given=given, by=people.editor)
    correct_s = time.process_time() - begun
    begun = time.process_time()
    again = read_run(upload("blog.export", posts(changed=CHANGED)))
    again_s = time.process_time() - begun

    with capsys.disabled():
        print(f"\nread {read_s:.0f} s, draft {draft_s:.0f} s, correct {correct_s:.0f} s, read again {again_s:.0f} s")
    assert read_s + draft_s < MOST_S
    assert ArticlePage.objects.count() == corrected == POSTS
    assert ImportedHeading.objects.filter(article__run=run, key="symptoms", kind="causes").count() == POSTS
    assert again.articles.filter(state="unchanged").count() == POSTS - CHANGED

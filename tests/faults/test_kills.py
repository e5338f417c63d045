"""kill -9 outside the database: while pictures are written, and between a commit and what follows it."""

import os
import tempfile
from contextlib import ExitStack

import pytest
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.publishing import images, recompose
from articles.record.models import Publication
from tests.faults.processes import killed_at, run
from tests.faults.scenes import Publish, Recompose
from tests.faults.state import orphan_files, require_sound

KILLED = -9
# Where the child dies: (scene, owner, function, before or after it).
PLACES = {
    "before a picture is written": (Publish, tempfile, "mkstemp", True),
    "while a picture is written": (Publish, tempfile, "mkstemp", False),
    "before a picture is in its place": (Publish, os, "replace", True),
    "before the other pictures are written": (Publish, images, "_file", False),
    "after the commit, before what follows it": (Publish, recompose, "recompose", True),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_kill_leaves_nothing_half_done_and_a_second_try_completes_it(world, place):
    kind, owner, name, before = PLACES[place]
    scene = kind()
    scene.arrange()

    def killed() -> None:
        with ExitStack() as stack:
            stack.enter_context(killed_at(owner, name, before=before))
            scene.act()

    assert run(killed) == KILLED
    require_sound()

    assert run(scene.act) == 0
    assert scene.is_done()
    require_sound()
    call_command("publish_due")
    assert {path for path in orphan_files() if not path.rpartition("/")[2].startswith("tmp")} == set()


def test_a_kill_between_a_components_edition_and_its_articles_is_found_by_the_next_run(world):
    scene = Recompose()
    scene.arrange()

    def killed() -> None:
        with killed_at(BaseDatabaseWrapper, "commit", before=False):
            scene.act()

    assert run(killed) == KILLED
    call_command("publish_due")

    assert "A new text of the disclaimer" in bytes(Publication.objects.get().body).decode()
    require_sound()

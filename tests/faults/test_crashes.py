"""A crash after any SQL statement leaves all or nothing, and doing it again completes it.

Each act has hundreds of statements: every fifth one here, each one in `make prove`.
"""

import os

import pytest

from tests.faults.processes import crash_after, run
from tests.faults.scenes import SCENES
from tests.faults.state import fingerprint, orphan_files, require_sound

LAST = 2_000  # statements; no act has so many
STRIDE = 1 if os.environ.get("PROVE") else 5


@pytest.fixture(params=SCENES)
def scene(request, world):
    made = SCENES[request.param]()
    made.arrange()
    return made


@pytest.mark.prove  # too, at each statement
def test_a_crash_after_any_statement_leaves_all_or_nothing(world, scene):
    before, kept = fingerprint(), world.keep()
    outcomes = set()

    for statement in range(1, LAST, STRIDE):
        if not crash_after(statement, scene.act):
            break
        if fingerprint() == before:
            outcomes.add("nothing")
            continue
        outcomes.add("all")
        assert scene.is_done(), f"half done after statement {statement}"
        require_sound()
        assert run(scene.act) == 0
        require_sound()
        world.back(kept)

    assert outcomes >= {"nothing"}
    assert scene.is_done()
    require_sound()
    assert orphan_files() == set()

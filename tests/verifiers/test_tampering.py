"""Each tampering is refused, with its reason, by both verifiers: verify_pack.py, and verify.js for a pack and for the
API's answers."""

import pytest
from django.db import transaction

from tests import worlds
from tests.factories import make_user
from tests.verifiers.asking import as_base64, in_javascript, in_python
from tests.verifiers.tampering import CASES, Scene, nothing
from tests.verifiers.world import make_world, publish_twice


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """Made once for this file, in an outer transaction; each tampering in a savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world(worlds.people(), make_user("lead", "Medical leads"))
        yield Scene(world, publish_twice(world), [world.organisation.id])
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def refused(scene) -> dict[str, tuple[list[str], dict, dict]]:
    """{case: (what verify_pack.py finds, what verify.js says of the pack, and of the answers)}."""
    got = {name: tampered(scene, case) for name, case in {"nothing": None, **CASES}.items()}
    asked = [ask for answers, files, known in got.values() for ask in asks(answers, files, known)]
    said = iter(in_javascript(asked))
    return {name: (in_python(files, known)[0], next(said), next(said)) for name, (_, files, known) in got.items()}


def tampered(scene: Scene, case) -> tuple[dict, dict[str, bytes], list[str]]:
    copy = Scene(scene.world, scene.page, scene.known)
    with transaction.atomic():
        (case.act if case else nothing)(copy)
        answers, files = copy.got()
        if case:
            case.then(answers, files)
        transaction.set_rollback(True)
    return answers, files, copy.known


def asks(answers: dict, files: dict[str, bytes], known: list[str]) -> list[dict]:
    return [
        {"pack": as_base64(files), "known": {"organisation": known}},
        {"answers": answers, "known": {"organisation": known}},
    ]


@pytest.mark.usefixtures("people")
def test_what_nobody_tampered_with_is_proven(refused):
    findings, pack, article = refused["nothing"]

    assert findings == pack["refusals"] == article["refusals"] == []
    assert (pack["verdict"], article["verdict"]) == ("proven", "proven")
    assert article["state"]["verdict"] == pack["state"]["verdict"] == "current"


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", list(CASES))
def test_both_verifiers_refuse_it_and_say_why(refused, name):
    findings, pack, article = refused[name]
    reason = CASES[name].reason

    for said in (findings, pack["refusals"], article["refusals"]):
        assert any(reason in sentence for sentence in said), said
    assert pack["verdict"] == article["verdict"] == "refused"

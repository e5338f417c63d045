"""What nobody tampered with: passkeys, rotated keys, states, passwords; and what a verifier cannot know."""

import re
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.admin.evidence import verify_pack
from articles.admin.evidence.pack import zipped
from articles.publishing.proof import issuing
from articles.publishing.void import void
from articles.record.events import instant
from articles.record.keys.cards import EDDSA, ES256, RS256
from articles.record.models import Edition
from articles.record.vocabulary import Role
from articles.review.submit import submit
from tests.authenticator import enroll
from tests.conftest import ROOT, absent
from tests.factories import edit, make_article, make_image, sign_as
from tests.verifiers.asking import as_base64, in_javascript, in_python
from tests.verifiers.tampering import Scene, new_key
from tests.verifiers.world import make_world, publish_with_passkey

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(people, lead):
    return make_world(people, lead)


@pytest.fixture
def scene(world):
    return Scene(world, publish_with_passkey(world), [world.organisation.id])


def ask(scene: Scene, **known) -> tuple[tuple[list[str], list[str]], dict, dict]:
    """((findings, notes) of verify_pack.py, what verify.js says of the pack, and of the answers)."""
    answers, files = scene.got()
    known = {"organisation": scene.known} | known
    asked = [{"pack": as_base64(files), "known": known}, {"answers": answers, "known": known}]
    return in_python(files, scene.known, passkeys=known.get("passkeys", False)), *in_javascript(asked)


@pytest.mark.parametrize("alg", [ES256, EDDSA, RS256])
def test_every_kind_of_passkey_is_proven(people, lead, alg):
    world = make_world(people, lead, alg=alg)

    (findings, _), pack, article = ask(Scene(world, publish_with_passkey(world), [world.organisation.id]))

    assert (findings, pack["refusals"], article["refusals"]) == ([], [], [])
    assert (pack["verdict"], article["verdict"]) == ("proven", "proven")


def test_an_edition_that_changes_the_presentation_alone_rests_on_the_earlier_signature(world, people):
    page = publish_with_passkey(world, make_article(by=people.author, hero=make_image()))
    page = edit(page, by=people.author, summary="A second text.", change_note="Says more.")
    page = publish_with_passkey(world, page)
    page = edit(page, by=people.author, hero_credit="Another photographer")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    scene = Scene(world, page, [world.organisation.id])

    (findings, _), pack, article = ask(scene)

    assert Edition.objects.filter(subject=page.article_id).count() == 3
    assert findings == pack["refusals"] == article["refusals"] == []
    assert (pack["verdict"], article["verdict"]) == ("proven", "proven")


def test_who_names_no_key_is_told_whose_word_was_taken(scene):
    scene.known = []

    (findings, notes), pack, article = ask(scene)

    assert findings == []
    for said in (notes, pack["notes"], article["notes"]):
        assert f"You named no key of the organisation, so its own word was taken: {scene.world.organisation.id}" in said


def test_who_knows_the_first_key_trusts_those_that_it_signed_and_no_other(scene):
    second, third = new_key(), new_key()
    issuing.establish(second, actor={}, before=scene.world.organisation)
    issuing.renew_all(by=second, actor={})

    assert [found["verdict"] for found in ask(scene)[1:]] == ["proven", "proven"]

    issuing.establish(third, actor={}, lost=True)
    issuing.renew_all(by=third, actor={})
    scene.known = [third.id]
    (findings, _), pack, article = ask(scene)

    for said in (findings, pack["refusals"], article["refusals"]):
        assert any(": The card was not valid when this was signed." in sentence for sentence in said)


@pytest.mark.parametrize(
    ("changed", "verdict", "said"),
    [
        ({}, "current", "It was in force"),
        (
            {"valid_until": instant(timezone.now() - timedelta(hours=1))},
            "unknown",
            "it is not known whether it is still",
        ),
        (
            {"status": "withdrawn", "edition": None, "digests": {}, "reason": "safety"},
            "gone",
            "It is withdrawn. safety",
        ),
        ({"edition": 7}, "other", "Edition 7 is in force, not this one."),
    ],
)
def test_whether_it_is_still_in_force_is_what_delivery_signed(scene, changed, verdict, said):
    scene.state = changed

    (findings, notes), pack, article = ask(scene)

    assert findings == []
    assert any(said in note for note in notes)
    for found in (pack, article):
        assert (found["state"]["verdict"], found["refusals"]) == (verdict, [])


def test_without_a_state_it_is_not_known_whether_it_is_in_force(scene):
    scene.has_state = False

    (_, notes), pack, article = ask(scene)

    assert "There is no state: it is not known whether it is still in force." in notes
    assert pack["state"] == article["state"] == {"verdict": "unknown"}


def test_a_password_is_named_as_what_it_is(world, published):
    (findings, notes), pack, article = ask(Scene(world, published, [world.organisation.id]))

    assert findings == []
    assert any("(Dr Ada Reviewer, medical, medical part) was given with a password" in note for note in notes)
    for found in (pack, article):
        assert found["verdict"] == "unproven"
        assert any("nothing outside of the record proves who did" in note for note in found["notes"])
        assert {row["verdict"] for row in found["signOffs"]} == {"password"}


def test_who_knows_that_passkeys_were_asked_for_refuses_passwords(world, published):
    (findings, _), pack, article = ask(Scene(world, published, [world.organisation.id]), passkeys=True)

    for said in (findings, pack["refusals"], article["refusals"]):
        assert any("No clinician’s passkey signed the medical part" in sentence for sentence in said)


def test_a_sign_off_that_was_voided_later_proves_nothing_any_more_and_refuses_nothing(scene):
    void(signoff=scene.row, reason="Revoked.", by=scene.world.lead)

    (findings, notes), pack, article = ask(scene)

    assert findings == pack["refusals"] == article["refusals"] == []
    assert (pack["verdict"], article["verdict"]) == ("unproven", "unproven")
    assert any(f"Sign-off {scene.row.event} was voided by line" in note for note in notes)


def test_an_editors_passkey_has_no_card_and_that_is_said(world, people):
    page = publish_with_passkey(world, editor=enroll(people.editor, world.lead))

    (findings, notes), pack, article = ask(Scene(world, page, [world.organisation.id]))

    assert findings == []
    assert any("has a passkey, and no card says whose it is" in note for note in notes)
    assert {row["verdict"] for row in article["signOffs"] if row["role"] == "editor"} == {"unknown"}
    assert pack["verdict"] == article["verdict"] == "proven"


def test_a_statement_that_is_not_public_yet_proves_nothing_and_refuses_nothing(scene):
    answers, _ = scene.got()
    for row in answers["editions"][0]["sign_offs"]:
        row["statement"] = row["proof"] = None

    (found,) = in_javascript([{"answers": answers, "known": {"organisation": scene.known}}])

    assert (found["verdict"], found["refusals"]) == ("unproven", [])


def test_what_is_shown_and_was_not_signed_is_named(scene):
    answers, _ = scene.got()
    answers["article"]["content"]["warning"] = "None."

    (found,) = in_javascript([{"answers": answers, "known": {"organisation": scene.known}}])

    assert found["refusals"] == ["“warning” is shown, and nobody signed it."]


def test_without_the_library_the_verifier_says_that_it_checked_no_signature(scene, tmp_path):
    _, files = scene.got()
    (tmp_path / "pack.zip").write_bytes(zipped({name: row for name, row in files.items() if name != "manifest.json"}))
    blocked = "import sys; sys.modules['cryptography'] = None; import runpy; sys.argv = sys.argv[1:]; "
    blocked += "runpy.run_path(sys.argv[0], run_name='__main__')"

    done = subprocess.run(
        [sys.executable, "-c", blocked, verify_pack.__file__, tmp_path / "pack.zip"], capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stdout.startswith("Signatures were NOT checked: the package “cryptography” is not installed.")


def test_the_program_of_the_documentation_checks_an_unpacked_pack(scene, tmp_path):
    page = (ROOT / "docs/auditors.md").read_text()
    (tmp_path / "check.cjs").write_text(re.search(r"```js\n(.+?)```", page, re.DOTALL)[1])
    shutil.copy(ROOT / "docs/verify.js", tmp_path)
    for name, content in scene.got()[1].items():
        file = tmp_path / "pack" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    node = shutil.which("node") or absent("node is not here (apt-get install nodejs)")
    done = subprocess.run([node, "check.cjs", scene.known[0]], cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, done.stdout.strip()) == (0, "proven [] []"), done.stderr


def test_the_verifier_takes_the_key_that_one_knows(scene, tmp_path, capsys):
    _, files = scene.got()
    pack = tmp_path / "pack.zip"
    pack.write_bytes(zipped({name: row for name, row in files.items() if name != "manifest.json"}))

    assert verify_pack.main([str(pack), "--organisation", scene.known[0], "--passkeys"]) == 0
    assert "You named no key" not in capsys.readouterr().out
    assert verify_pack.main([str(pack), "--organisation", "A" * 43]) == 1
    assert "is not the one that you named" in capsys.readouterr().out

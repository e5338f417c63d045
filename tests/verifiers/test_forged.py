"""A text that nobody signed, published with all that the application's role can INSERT, and no trigger dropped.

Where a passkey is asked for, `ledger verify` and both verifiers name it. Where a password was enough, they say that it
proves nothing, which is all that anybody can say.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from articles.record import events
from articles.record.append_only import triggers
from articles.record.ledger.verify import verify
from articles.record.models import Edition, SignOff
from articles.review.models import Policy
from tests.authenticator import Authenticator
from tests.verifiers.asking import as_base64, in_javascript, in_python
from tests.verifiers.tampering import Scene, proof_by
from tests.verifiers.world import ask, forge_edition, make_world, publish_with_passkey

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(people, lead):
    world = make_world(people, lead)
    return Scene(world, publish_with_passkey(world), [world.organisation.id])


def ask_for_passkeys(**facts) -> None:
    """As a lead's form writes it, an hour ago."""
    after = {"kind": "medical", "is_default": True, "needs_passkey": True, "name": "Medical text"} | facts
    then = timezone.now() - timedelta(hours=1)
    policy = Policy.objects.get(kind=after["kind"], is_default=True)
    about = {"subject_kind": "policy", "subject": policy.policy_id if after["is_default"] else uuid4(), "actor": {}}
    with transaction.atomic():
        events.append("policy-changed", **about, data={"before": {}, "after": after, "name": after["name"]}, at=then)


def found() -> dict[str, str]:
    """{code: message} of `ledger verify`, without what the hour in the policy's line does."""
    return {row.code: row.message for row in verify(now=timezone.now())[0] if row.code != "clock_back"}


def verified(scene: Scene, **known) -> list[list[str]]:
    """The refusals of verify_pack.py, and of verify.js for the pack and the answers."""
    answers, files = scene.got()
    known = {"organisation": scene.known} | known
    pack, article = in_javascript([{"pack": as_base64(files), "known": known}, {"answers": answers, "known": known}])
    return [
        in_python(files, scene.known, passkeys=known.get("passkeys", False))[0],
        pack["refusals"],
        article["refusals"],
    ]


def test_a_forged_publication_with_somebodys_genuine_proof_is_named_by_all(scene):
    forge_edition(scene.page, method="passkey")

    assert triggers.missing() == []
    assert ask(f"articles/{scene.page.article_id}/")["content"]["summary"].startswith("Swallow it all")
    assert found() == {"signoff_not_proven": "The passkey signed another statement."}
    for refusals in verified(scene):
        assert any("The passkey signed another statement." in said for said in refusals)
        assert "No clinician signed the medical part." in refusals


def test_a_forged_publication_with_a_passkey_of_the_forgers_own_is_named_by_all(scene):
    edition = forge_edition(scene.page, method="passkey", make=lambda text: proof_by(Authenticator(), text))

    assert found() == {"signoff_not_proven": "No medical lead had confirmed its passkey."}
    assert edition.number == 2
    for refusals in verified(scene):
        assert any("No card says whose key this is." in said for said in refusals)


def test_a_forged_password_is_named_where_the_policy_asks_for_passkeys(scene):
    ask_for_passkeys()

    forge_edition(scene.page, method="password", make=lambda text: {})

    said = "It has a password, and the policy “Medical text” asked for a passkey."
    assert found() == {"password_not_enough": said}
    for refusals in verified(scene, passkeys=True):
        assert any("No clinician’s passkey signed the medical part" in sentence for sentence in refusals)


def test_a_policy_that_asks_no_more_or_does_not_apply_names_nobody(scene):
    ask_for_passkeys()
    with transaction.atomic():
        policy = Policy.objects.get(kind="medical", is_default=True)
        data = {"before": {"needs_passkey": True}, "after": {"needs_passkey": False}, "name": "Medical text"}
        events.append("policy-changed", subject_kind="policy", subject=policy.policy_id, actor={}, data=data)
    ask_for_passkeys(kind="medical", is_default=False, name="Another")
    ask_for_passkeys(kind="offer", name="Offers")

    forge_edition(scene.page, method="password", make=lambda text: {})

    assert found() == {}


def test_where_a_password_is_enough_a_forged_one_is_told_as_unproven_and_as_no_more(scene):
    """Nobody can tell it from a genuine one: that is what a password is."""
    forge_edition(scene.page, method="password", make=lambda text: {})

    assert found() == {}
    answers, files = scene.got()
    findings, notes = in_python(files, scene.known)
    (article,) = in_javascript([{"answers": answers, "known": {"organisation": scene.known}}])
    assert findings == article["refusals"] == []
    assert article["verdict"] == "unproven"
    for said in (notes, article["notes"]):
        assert any("nothing outside of the record proves who did" in sentence for sentence in said)
    latest = Edition.objects.latest("event")
    assert SignOff.objects.filter(pk__in=latest.signoffs, method="passkey").count() == 0

"""`ledger/`: heads and proofs that a stranger checks with SHA-256 alone, and that tell nothing of drafts."""

import hashlib
import json
import re

import pytest
import rfc8785
from django.utils import timezone

from articles.publishing.withdraw import withdraw
from articles.record.models import Event
from articles.record.tree import growth
from tests.conftest import ROOT
from tests.factories import edit, make_article
from tests.record.test_tree import is_consistent, is_included


@pytest.fixture
def grow():
    return lambda: growth.grow(now=timezone.now())


@pytest.fixture(scope="module")
def script() -> dict:
    """The verifiers of the documentation."""
    page = (ROOT / "docs/json.md").read_text()
    found: dict = {}
    code = re.search(r"```python\n(.+?)```", page.partition("### The ledger as a log")[2], re.DOTALL)[1]
    exec(compile(code, "docs/json.md", "exec"), found)
    return found


def test_the_verifiers_of_the_documentation_accept_what_we_prove_and_nothing_else(
    published, people, grow, get_json, script
):
    grow()
    last = get_json("ledger/head/")["size"]
    withdraw(page=published, reason="safety", by=people.editor)
    grow()

    for number in range(1, last + 1):
        proof, kept = get_json(f"ledger/proof/{number}/"), get_json(f"ledger/proof/1/?size={number}")
        told = get_json(f"ledger/consistency/?from={number}")
        assert script["is_in"](proof) and script["continues"](kept, told)
        assert not script["is_in"](proof | {"entry": proof["entry"] | {"number": number + 1}})
        assert not script["is_in"](proof | {"path": proof["path"][1:]})
        assert not script["continues"](kept | {"root": proof["root"]}, told)
        assert not script["continues"](kept, told | {"path": told["path"][1:]})
        forged = told["to"] | {"root": kept["root"]}
        assert not script["continues"](kept, told | {"to": forged})


def raw(hashes):
    return [bytes.fromhex(text) for text in hashes]


def test_a_log_without_events_has_a_head(db, get_json):
    head = get_json("ledger/head/")

    assert (head["size"], head["at"], head["signed"], head["stamped"]) == (0, None, None, None)
    assert head["root"] == hashlib.sha256().hexdigest()


def test_the_head_tells_the_last_event_that_the_log_has(published, grow, get_json):
    grow()

    head = get_json("ledger/head/")

    assert (head["size"], head["signed"]) == (Event.objects.count(), None)
    assert head["log"].endswith("/api/v1/")


def test_every_event_is_proved_by_what_the_answer_says(published, people, grow, get_json):
    withdraw(page=published, reason="safety", by=people.editor)
    grow()
    head = get_json("ledger/head/")

    for number in range(1, head["size"] + 1):
        told = get_json(f"ledger/proof/{number}/")
        leaf = hashlib.sha256(b"\x00" + rfc8785.dumps(told["entry"])).digest()
        assert (told["size"], told["root"], told["index"]) == (head["size"], head["root"], number - 1)
        assert leaf.hex() == told["leaf"]
        assert is_included(leaf, number - 1, told["size"], raw(told["path"]), bytes.fromhex(head["root"]))


def test_a_kept_head_is_shown_to_be_the_beginning_of_the_next(published, people, grow, get_json):
    grow()
    kept = get_json("ledger/head/")
    withdraw(page=published, reason="safety", by=people.editor)
    grow()

    told = get_json(f"ledger/consistency/?from={kept['size']}")

    one, other = told["from"], told["to"]
    assert (one, other["size"]) == ({"size": kept["size"], "root": kept["root"]}, Event.objects.count())
    roots = bytes.fromhex(kept["root"]), bytes.fromhex(other["root"])
    assert is_consistent(kept["size"], roots[0], other["size"], roots[1], raw(told["path"]))
    proof = get_json(f"ledger/proof/1/?size={kept['size']}")
    assert proof["root"] == kept["root"]


def test_what_readers_saw_is_told_and_what_they_did_not_is_a_hash(published, people, grow, get_json):
    edit(published, by=people.author, summary="A hidden summary.").get_latest_revision()
    make_article(by=people.author, title="A hidden title")
    grow()

    for event in Event.objects.all():
        entry = get_json(f"ledger/proof/{event.number}/")["entry"]
        if event.kind == "published":
            assert entry["digests"] == event.data["digests"]
        else:
            assert entry == {"number": event.number, "hash": event.hash}
        told = json.dumps(entry)
        assert not any(name and name in told for name in (event.actor.get("name"), event.salt))


@pytest.mark.parametrize(
    "path", ["ledger/proof/0/", "ledger/proof/x/", "ledger/proof/999999/", "ledger/proof/1/?size=999"]
)
def test_what_the_log_does_not_have_is_not_found(published, grow, require_problem, path):
    grow()

    require_problem(path, 404, "not-found")


def test_consistency_beyond_the_log_or_the_wrong_way_round_is_refused(published, grow, require_problem):
    grow()

    require_problem("ledger/consistency/", 400, "invalid-parameter")
    require_problem("ledger/consistency/?from=2&to=1", 400, "invalid-parameter")
    require_problem("ledger/consistency/?from=1&to=99999", 404, "not-found")
    require_problem("ledger/consistency/?from=99999", 400, "invalid-parameter")
    require_problem("ledger/consistency/?from=1e3", 400, "invalid-parameter")


def test_a_proof_takes_three_queries(published, grow, get, django_assert_num_queries):
    grow()

    with django_assert_num_queries(3):
        get("ledger/proof/2/")

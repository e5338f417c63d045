"""Faults that would break the promise, put into the code by hand: the tests that guard it must find each.

What machines put in (`python -m tests.mutation.run`) is many small faults; these are the few that would be grave.
"""

import os
import subprocess
import sys
from typing import NamedTuple

import pytest

from tests.mutation.mutate import ROOT

SIGNOFFS = "articles/review/signing/signoffs.py"
SIGNATURES = "articles/review/signing/signatures.py"
REVIEW = "articles/review/review.py"
PUBLISH = "articles/publishing/publish.py"
PROJECT = "articles/record/delivery/project.py"
ROWS = "articles/record/delivery/rows.py"
VERIFY = "articles/record/ledger/verify.py"
CHAIN = "articles/record/ledger/chain.py"
DERIVED = "articles/record/ledger/derived.py"


class ByHand(NamedTuple):
    """`text` stands once in the file and becomes `fault`; `tests` are those that have to find it."""

    what: str
    file: str
    text: str
    fault: str
    tests: tuple[str, ...]


MUTANTS = [
    ByHand(
        "a text that changed under the reader is signed",
        SIGNOFFS,
        "moved = [part_label(part) for part in parts if review.digests.get(part) != shown[part]]",
        "moved = []",
        ("tests/pipeline/test_gate.py",),
    ),
    ByHand(
        "a note to readers that nobody saw is signed",
        SIGNOFFS,
        'moved += ["note to readers"] if shown.get(NOTE, "") != review.note_mark else []',
        "pass",
        ("tests/review/test_changes.py", "tests/publishing/test_editorial.py"),
    ),
    ByHand(
        "nobody asks whether the signer may sign",
        SIGNOFFS,
        "        require_may_sign(review, user=user, role=role, part=part)\n    given",
        "        pass\n    given",
        ("tests/pipeline/test_gate.py",),
    ),
    ByHand(
        "a text with blocking findings is signed",
        SIGNOFFS,
        "        require_no_blocking(review.checked)",
        "        pass",
        ("tests/review/test_checklist.py", "tests/pipeline/test_gate.py", "tests/review/test_attacks_on_review.py"),
    ),
    ByHand(
        "a clinician signs marked changes of a text that nobody read whole",
        SIGNOFFS,
        "    _require_scope(review, scope)\n",
        "",
        (
            "tests/review/test_changes.py",
            "tests/publishing/test_editorial.py",
            "tests/review/test_attacks_on_review.py",
        ),
    ),
    ByHand(
        "a checklist is left out",
        SIGNOFFS,
        "    checklists.require_complete(role, scope, answered)\n",
        "",
        ("tests/review/test_checklist.py",),
    ),
    ByHand(
        "a signature without a password",
        "articles/review/signing/authentication.py",
        "return found is not None and found.pk == user.pk",
        "return True",
        ("tests/review/test_authentication.py",),
    ),
    ByHand(
        "a text is published that lacks a signature",
        SIGNATURES,
        "    if lacking := missing(review):\n        raise NotSignedOff(",
        "    if False and (lacking := missing(review)):\n        raise NotSignedOff(",
        ("tests/pipeline/test_gate.py", "tests/gate/test_routes_to_live.py"),
    ),
    ByHand(
        "an emergency without a clinician",
        SIGNATURES,
        "if not any(row.role == Role.MEDICAL for row in review.counting(part)):",
        "if False:",
        ("tests/publishing/test_emergency.py",),
    ),
    ByHand(
        "a voided signature counts",
        REVIEW,
        "                and row.pk not in self._barred\n",
        "",
        ("tests/publishing/test_void.py",),
    ),
    ByHand(
        "a signature counts whose signer lost the right before publication",
        REVIEW,
        "                and row.pk not in self._expired\n",
        "",
        ("tests/publishing/test_schedule.py", "tests/review/test_attacks_on_policies.py"),
    ),
    ByHand(
        "a signature counts for another note to readers than it was given for",
        REVIEW,
        "return row.event > latest and (row.change == self.change or self.is_current)",
        "return row.event > latest",
        ("tests/review/test_changes.py", "tests/publishing/test_editorial.py"),
    ),
    ByHand(
        "an old text comes back on its old signature",
        REVIEW,
        "return row.event > latest and (row.change == self.change or self.is_current)",
        "return row.change == self.change or self.is_current",
        ("tests/review/test_attacks_on_policies.py", "tests/publishing/test_withdraw.py", "tests/pipeline"),
    ),
    ByHand(
        "an article takes another one's address",
        PUBLISH,
        "    require_free(review.id, filing)\n",
        "",
        ("tests/pipeline/test_after_publishing.py", "tests/publishing/test_refile.py", "tests/pipeline/test_gate.py"),
    ),
    ByHand(
        "an article appears without the disclaimer that it names",
        PUBLISH,
        "    _require_disclaimers(draft.disclaimers)\n",
        "",
        ("tests/publishing/test_void_disclaimer.py", "tests/pipeline/test_gate.py"),
    ),
    ByHand(
        "a translation appears without the safety notice",
        PUBLISH,
        "    notices.put_on(review.id, draft.translation_key, by=actor(by), at=now)\n",
        "",
        ("tests/publishing/test_notices_kept.py",),
    ),
    ByHand(
        "an emergency is not told to readers",
        PUBLISH,
        '    terms |= {"emergency": {"reason": emergency}} if emergency else {}\n',
        "",
        ("tests/publishing/test_emergency.py",),
    ),
    ByHand(
        "a withdrawn article is served",
        PROJECT,
        "    if withdrawal := record.withdrawal(subject):",
        "    if False and (withdrawal := record.withdrawal(subject)):",
        ("tests/publishing/test_withdraw.py",),
    ),
    ByHand(
        "an article that its policy withholds is served",
        PROJECT,
        "state=(PublicationState.WITHHELD if composed.is_withheld else PublicationState.PUBLISHED).value",
        "state=PublicationState.PUBLISHED.value",
        ("tests/record/test_compose.py", "tests/publishing/test_publish_due.py"),
    ),
    ByHand(
        "an old address hides the new one",
        PROJECT,
        'current=(locale, slug) == (now["locale"], now["slug"])',
        "current=True",
        ("tests/publishing/test_refile.py", "tests/record/test_projection.py"),
    ),
    ByHand(
        "a served column changed by SQL is not found",
        ROWS,
        "        elif differing := tuple(_differing(row, found)):",
        "        elif False and (differing := tuple(_differing(row, found))):",
        ("tests/record/test_projection.py",),
    ),
    ByHand(
        "a forged row that no line of the ledger names is not found",
        VERIFY,
        "    findings += _find_strays()\n",
        "",
        ("tests/record/test_ledger.py",),
    ),
    ByHand(
        "bytes of a document changed by SQL are not found",
        VERIFY,
        "        findings += documents.check_document(row, walk)\n",
        "",
        ("tests/record/test_ledger.py",),
    ),
    ByHand(
        "a line of the ledger changed by SQL is not found",
        CHAIN,
        "    if event.hash != computed(hash_of, event):",
        "    if False:",
        ("tests/record/test_ledger.py",),
    ),
    ByHand(
        "a picture file that was exchanged is not found",
        DERIVED,
        """if f"sha-256:{hashlib.sha256(content).hexdigest()}" != row.sha256:""",
        "if False:",
        ("tests/record/test_projection.py",),
    ),
]


def test_each_text_stands_once_in_its_file():
    """So that a fault that can no longer be put in is noticed without the long run."""
    found = {mutant.what: (ROOT / mutant.file).read_text().count(mutant.text) for mutant in MUTANTS}

    assert {what: count for what, count in found.items() if count != 1} == {}
    assert len(MUTANTS) >= 25


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="make prove")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_its_tests_find_it(mutant):
    source = (ROOT / mutant.file).read_text().replace(mutant.text, mutant.fault)
    given = {name: value for name, value in os.environ.items() if name not in ("PROVE", "PYTEST_XDIST_WORKER")}
    given |= {"MUTANT_FILE": mutant.file, "MUTANT_SOURCE": source}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.mutation.one", *mutant.tests]
    ended = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True)

    assert ended.returncode == 1, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert "FAILED tests/" in ended.stdout

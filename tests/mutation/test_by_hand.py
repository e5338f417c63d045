"""Faults that would break the promise, put into the code by hand: each must make a test fail that is named here.

What machines put in (`python -m tests.mutation.run`) is many small faults; these are the few that would be grave.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from typing import NamedTuple

import pytest

from tests.mutation.mutate import ROOT

SIGNOFFS = "articles/review/signing/signoffs.py"
SIGNATURES = "articles/review/signing/signatures.py"
REVIEW = "articles/review/review.py"
PUBLISH = "articles/publishing/publish.py"
STATE = "articles/record/delivery/article_state.py"
PROJECT = "articles/record/delivery/project.py"
ROWS = "articles/record/delivery/rows.py"
VERIFY = "articles/record/ledger/verify.py"
CHAIN = "articles/record/ledger/chain.py"
DERIVED = "articles/record/ledger/derived.py"


class ByHand(NamedTuple):
    """`what` would happen; `text` stands once in the file and becomes `fault`; `test` has to find it."""

    what: str
    file: str
    text: str
    fault: str
    test: str


MUTANTS = [
    ByHand(
        "a text that changed under the reader is signed",
        SIGNOFFS,
        "moved = [part_label(part) for part in parts if review.digests.get(part) != shown[part]]",
        "moved = []",
        "tests/pipeline/test_gate.py::test_signing_refuses_a_digest_that_is_no_longer_on_the_page",
    ),
    ByHand(
        "a note to readers that nobody saw is signed",
        SIGNOFFS,
        'moved += ["note to readers"] if shown.get(NOTE, "") != review.note_mark else []',
        "pass",
        "tests/review/test_refusals.py::test_a_note_to_readers_that_changed_while_somebody_read_the_text",
    ),
    ByHand(
        "nobody asks whether the signer may sign",
        SIGNOFFS,
        "        require_may_sign(review, user=user, role=role, part=part)\n    blocking",
        "        pass\n    blocking",
        "tests/pipeline/test_gate.py::test_nobody_signs_what_they_wrote",
    ),
    ByHand(
        "a text with blocking findings is signed",
        SIGNOFFS,
        "    blocking.require_no_new(review)\n",
        "",
        "tests/review/test_refusals.py::test_a_text_with_blocking_findings",
    ),
    ByHand(
        "a clinician signs marked changes of a text that nobody read whole",
        SIGNOFFS,
        "    _require_scope(review, scope)\n",
        "",
        "tests/review/test_refusals.py::test_the_changes_of_a_text_that_nobody_read_whole",
    ),
    ByHand(
        "a checklist is left out",
        SIGNOFFS,
        "    checklists.require_complete(role, scope, answered)\n",
        "",
        "tests/review/test_refusals.py::test_a_medical_review_without_the_checklist",
    ),
    ByHand(
        "a signature without a password",
        "articles/review/signing/authentication.py",
        "if found is None or found.pk != user.pk:",
        "if False:",
        "tests/review/test_authentication.py::test_wrong_passwords_at_signing_lock_it_and_nothing_is_signed",
    ),
    ByHand(
        "a text is published that lacks a signature",
        SIGNATURES,
        "    if lacking := missing(review):\n        raise NotSignedOff(",
        "    if False and (lacking := missing(review)):\n        raise NotSignedOff(",
        "tests/pipeline/test_gate.py::test_publishing_refuses_a_draft_that_nobody_signed",
    ),
    ByHand(
        "an emergency without a clinician",
        SIGNATURES,
        "if not any(row.role == Role.MEDICAL for row in review.counting(part)):",
        "if False:",
        "tests/review/test_refusals.py::test_an_emergency_needs_a_clinicians_signature_on_the_medical_part",
    ),
    ByHand(
        "a voided signature counts",
        REVIEW,
        "                and row.pk not in self._barred\n",
        "",
        "tests/publishing/test_void.py::test_the_review_is_due_at_once",
    ),
    ByHand(
        "a signature counts whose signer lost the right before publication",
        REVIEW,
        "                and row.pk not in self._expired\n",
        "",
        "tests/review/test_attacks_on_policies.py::test_a_signature_of_who_lost_the_right_does_not_publish",
    ),
    ByHand(
        "a signature counts for another note to readers than it was given for",
        REVIEW,
        "return row.event > latest and (row.change == self.change or self.is_current)",
        "return row.event > latest",
        "tests/publishing/test_editorial.py::test_the_choice_is_signed_so_a_signature_lapses_when_the_author_changes_it",
    ),
    ByHand(
        "an old text comes back on its old signature",
        REVIEW,
        "return row.event > latest and (row.change == self.change or self.is_current)",
        "return row.change == self.change or self.is_current",
        "tests/review/test_attacks_on_policies.py::test_a_withheld_article_comes_back_on_a_signature_from_before_a_safety_withdrawal",
    ),
    ByHand(
        "an article takes another one's address",
        PUBLISH,
        "    require_free(review.id, filing)\n",
        "",
        "tests/review/test_refusals.py::test_an_address_that_another_article_had",
    ),
    ByHand(
        "an article appears without the disclaimer that it names",
        PUBLISH,
        "    require_disclaimers(draft.disclaimers)\n",
        "",
        "tests/pipeline/test_after_publishing.py::test_an_article_with_an_unsigned_disclaimer_is_not_published",
    ),
    ByHand(
        "a translation appears without the safety notice",
        PUBLISH,
        "    notices.put_on(review.id, draft.translation_key, draft.locale, by=actor(by), at=now)\n",
        "",
        "tests/publishing/test_notices_kept.py::test_a_translation_published_later_shows_it_from_its_first_edition_on",
    ),
    ByHand(
        "an emergency is not told to readers",
        PUBLISH,
        '    terms |= {"emergency": {"reason": emergency}} if emergency else {}\n',
        "",
        "tests/publishing/test_emergency.py::test_one_clinician_publishes_and_readers_are_told",
    ),
    ByHand(
        "a withdrawn article is served",
        PROJECT,
        "    if withdrawal := record.withdrawal(subject):",
        "    if False and (withdrawal := record.withdrawal(subject)):",
        "tests/publishing/test_withdraw.py::test_readers_are_told_a_fixed_sentence_for_the_reason",
    ),
    ByHand(
        "an article that its policy withholds is served",
        PROJECT,
        "state=(PublicationState.WITHHELD if composed.is_withheld else PublicationState.PUBLISHED).value",
        "state=PublicationState.PUBLISHED.value",
        "tests/publishing/test_void.py::test_the_policy_says_what_readers_get_meanwhile",
    ),
    ByHand(
        "an old address hides the new one",
        PROJECT,
        "current=(locale, slug) == now)",
        "current=True)",
        "tests/record/test_projection.py::test_old_addresses_come_from_the_ledger",
    ),
    ByHand(
        "a served column changed by SQL is not found",
        ROWS,
        "        elif differing := tuple(_differing(row, found)):",
        "        elif False and (differing := tuple(_differing(row, found))):",
        "tests/record/test_projection.py::test_a_changed_column_is_named_and_mended",
    ),
    ByHand(
        "a forged row that no line of the ledger names is not found",
        VERIFY,
        "    findings += _find_strays()\n",
        "",
        "tests/record/test_tampering.py::test_an_inserted_signature_is_named",
    ),
    ByHand(
        "bytes of a document changed by SQL are not found",
        VERIFY,
        "        findings += documents.check_document(row, walk)\n",
        "",
        "tests/record/test_tampering.py::test_a_document_put_in_from_outside_is_named",
    ),
    ByHand(
        "a line of the ledger changed by SQL is not found",
        CHAIN,
        "    if event.hash != computed(hash_of, event):",
        "    if False:",
        "tests/record/test_tampering.py::test_an_edited_line_is_named",
    ),
    ByHand(
        "a picture file that was exchanged is not found",
        DERIVED,
        """if f"sha-256:{hashlib.sha256(content).hexdigest()}" != row.sha256:""",
        "if False:",
        "tests/record/test_projection.py::test_every_picture_file_is_hashed_and_made_again",
    ),
    ByHand(
        "a signature is given without asking for the password",
        "articles/publishing/sign.py",
        "    confirmation = authentication.confirm(user, password, request=request)",
        '    confirmation = authentication.Confirmation(user, "password")',
        "tests/pipeline/test_gate.py::test_signing_needs_the_password_typed_now",
    ),
    ByHand(
        "a statement does not say which bytes were signed",
        "articles/review/signing/statement.py",
        '"digest": review.digests[part]',
        '"digest": ""',
        "tests/review/test_statement.py::test_one_signature_on_two_parts_is_one_statement_with_both",
    ),
    ByHand(
        "a signature on the changes stands on a voided one",
        "articles/record/standing.py",
        "    if row.scope != Scope.CHANGES:\n        return set()",
        "    return set()",
        "tests/publishing/test_void.py::test_a_signature_on_the_changes_rests_on_those_of_the_edition_before",
    ),
    ByHand(
        "who wrote under a signature that was voided later is forgotten",
        "articles/record/standing.py",
        " or row.kind == EventKind.VOIDED]",
        "]",
        "tests/publishing/test_void.py::test_who_wrote_a_text_whose_signature_was_voided_still_wrote_it",
    ),
    ByHand(
        "an offer is shown although its signature was voided",
        STATE,
        "    is_void = is_offer and unresolved_void(record.history(component)) is not None",
        "    is_void = False",
        "tests/publishing/test_void.py::test_an_offer_is_left_out_until_it_is_signed_again",
    ),
    ByHand(
        "a withdrawn offer is still shown",
        STATE,
        "    if record.withdrawal(component):",
        "    if False:",
        "tests/publishing/test_withdraw_component.py::test_a_withdrawn_offer_leaves_the_articles_that_show_it_and_they_say_so",
    ),
    ByHand(
        "an edition that no clinician signed is not found",
        "articles/record/ledger/editions.py",
        "    if not roles or (needs_clinician and Role.MEDICAL not in roles):",
        "    if not roles:",
        "tests/record/test_tampering.py::test_an_edition_without_a_clinicians_signature_is_named_although_all_is_sealed",
    ),
    ByHand(
        "a column of a signature changed by SQL is not found",
        "articles/record/ledger/signatures.py",
        '    elif tells(event, "row") != computed(seal, row):',
        "    elif False:",
        "tests/record/test_tampering.py::test_the_verifier_names_the_row_whose_column_was_changed",
    ),
    ByHand(
        "a ledger whose last lines were cut off passes",
        CHAIN,
        "    if said != (walk.number, walk.hash):",
        "    if False:",
        "tests/record/test_tampering.py::test_a_cut_tail_is_named_by_the_counter",
    ),
]


def test_each_text_stands_once_in_its_file():
    """So that a fault that can no longer be put in is noticed without the long run."""
    found = {mutant.what: (ROOT / mutant.file).read_text().count(mutant.text) for mutant in MUTANTS}

    assert {what: count for what, count in found.items() if count != 1} == {}
    assert len(MUTANTS) >= 25


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_the_test_that_has_to_find_it_exists(mutant):
    file, name = mutant.test.split("::")

    assert f"\ndef {name}(" in (ROOT / file).read_text()


@pytest.fixture(scope="module")
def passing():
    """Without a fault all these tests pass, so that a failure below is due to the fault."""
    ended = run(dict.fromkeys(mutant.test for mutant in MUTANTS))
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="make prove")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_its_test_finds_it(mutant, passing):
    source = (ROOT / mutant.file).read_text().replace(mutant.text, mutant.fault)
    given = {"MUTANT_FILE": mutant.file, "MUTANT_SOURCE": source}

    ended = run(["-x", "-p", "tests.mutation.one", mutant.test], **given)

    assert ended.returncode == 1, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert f"FAILED {mutant.test}" in ended.stdout


def run(arguments: Iterable[str], **given: str) -> subprocess.CompletedProcess[str]:
    """pytest in a process of its own, on the engine of this one."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PROVE", "PYTEST_XDIST_WORKER")}
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | given, capture_output=True, text=True)

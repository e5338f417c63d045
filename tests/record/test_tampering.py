"""Who drops the triggers may change the record, and the verifier names it. Twelve ways, each at its strongest."""

import hashlib
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.publishing.withdraw import withdraw
from articles.record import events
from articles.record.ledger import anchors
from articles.record.models import Counter, Document, Edition, Event, Publication, SignOff
from tests.record.columns import COLUMNS, NAMES, other_value
from tests.record.tamper import cut_after, restore_derived, restore_log, rewrite_from, sql


@pytest.fixture
def anchor_file(tmp_path: Path) -> Path:
    return tmp_path / "anchors.jsonl"


@pytest.fixture
def anchored(unguarded, people, anchor_file):
    """Two anchors: one after the second edition, one after a withdrawal."""
    anchors.append(anchor_file)
    withdraw(page=unguarded, reason="other", by=people.editor)
    anchors.append(anchor_file)
    return unguarded


@pytest.fixture
def against(anchor_file):
    """against(): what `ledger verify --against FILE` prints; it has to end with exit 1."""

    def run() -> str:
        out = StringIO()
        with pytest.raises(CommandError) as refused:
            call_command("ledger", "verify", "--against", str(anchor_file), stdout=out)
        assert refused.value.returncode == 1
        return out.getvalue()

    return run


@pytest.mark.parametrize(("model", "name"), COLUMNS, ids=NAMES)
def test_the_verifier_names_the_row_whose_column_was_changed(unguarded, found, model, name):
    row = model.objects.order_by("pk")[1]
    value = other_value(row, name)
    model.objects.filter(pk=row.pk).update(**{name: value})

    told = [finding for group in found().values() for finding in group]

    names = {str(row.pk), str(value), str(getattr(row, "event", row.pk)), str(getattr(row, "subject", row.pk))}
    assert told
    assert any(name in finding.place for finding in told for name in names)


def test_an_edited_line_is_named(unguarded, found):
    Event.objects.filter(number=3).update(actor={"user": 1, "name": "Somebody else"})

    (finding,) = found()["hash_wrong"]
    assert finding.place == "event 3"


def test_an_edited_line_with_a_mended_hash_is_named_by_the_next_one(unguarded, found):
    event = Event.objects.get(number=3)
    event.actor = {"user": 1, "name": "Somebody else"}
    event.hash = events.hash_of(event)
    Event.objects.filter(pk=3).update(actor=event.actor, hash=event.hash)

    (finding,) = found()["chain_broken"]
    assert (finding.place, "event 3" in finding.message) == ("event 4", True)


def test_a_deleted_line_is_named(unguarded, found):
    gone = Event.objects.filter(kind="signed")[1]
    Event.objects.filter(pk=gone.pk).delete()

    told = found()
    assert told["gap"][0].place == f"event {gone.pk + 1}"
    assert told["signoff_without_event"][0].place == f"sign-off {gone.pk}"


def test_a_deleted_sign_off_is_named(unguarded, found):
    signoff = SignOff.objects.filter(role="medical").last()
    SignOff.objects.filter(pk=signoff.pk).delete()

    assert found()["signoff_gone"][0].place == f"event {signoff.event}"


def test_an_inserted_line_is_named(unguarded, found):
    for event in Event.objects.filter(number__gte=4).order_by("-number"):
        Event.objects.filter(pk=event.pk).update(number=event.number + 1)
    between = Event.objects.get(number=3)
    between.number, between.previous_hash = 4, between.hash
    between.hash = events.hash_of(between)
    between.save(force_insert=True)

    assert "event 5" in {finding.place for finding in found()["chain_broken"]}


def test_an_inserted_signature_is_named(unguarded, found):
    forged = SignOff.objects.filter(role="medical").last()
    forged.pk = forged.event = Event.objects.count() + 1
    forged.save(force_insert=True)

    assert found()["signoff_without_event"][0].place == f"sign-off {forged.pk}"


def test_lines_in_another_order_are_named(unguarded, found):
    for old, new in ((3, 900), (4, 3), (900, 4)):
        Event.objects.filter(number=old).update(number=new)

    assert {finding.place for finding in found()["hash_wrong"]} == {"event 3", "event 4"}


def test_a_cut_tail_is_named_by_the_counter(unguarded, found):
    last = Event.objects.count()
    Event.objects.filter(number=last).delete()

    assert f"last event is {last}" in found()["head_differs"][0].message


def test_a_cut_tail_with_the_counter_set_back_is_named_by_the_anchor(anchored, found, against):
    last = Event.objects.count()
    cut_after(last - 1)
    restore_derived()
    restore_log()

    assert found() == {}
    assert f"refers to event {last}, but the ledger ends at {last - 1}" in against()


def test_a_tail_that_was_cut_and_written_anew_is_named_by_the_anchor(anchored, people, found, against):
    last = Event.objects.count()
    cut_after(last - 1)
    restore_derived()
    page = type(anchored).objects.get(pk=anchored.pk)
    page.live = True
    page.save()
    withdraw(page=page, reason="legal", by=people.editor)
    restore_log()

    assert found() == {}
    assert f"Event {last} of the ledger differs" in against()


def test_a_history_written_anew_as_a_whole_is_named_by_the_anchor(anchored, found, against):
    line = Event.objects.get(kind="withdrawn")
    Event.objects.filter(pk=line.pk).update(data=line.data | {"explanation": "Something milder."})
    rewrite_from(1)
    restore_derived()
    restore_log()

    assert found() == {}
    assert "the history was rewritten" in against()


def test_a_clock_set_back_is_named_although_the_chain_is_whole(anchored, found, against):
    last = Event.objects.order_by("-number").first()
    Event.objects.filter(pk=last.pk).update(at=last.at - timedelta(days=30))
    rewrite_from(last.pk)

    assert [finding.place for finding in found()["clock_back"]] == [f"event {last.pk}"]
    assert f"Event {last.pk} of the ledger differs" in against()


def test_a_line_dated_in_the_future_is_named(unguarded, found):
    last = Event.objects.order_by("-number").first()
    Event.objects.filter(pk=last.pk).update(at=last.at + timedelta(days=30))

    assert found()["clock_ahead"][0].place == f"event {last.pk}"


def test_a_swapped_signer_is_named(unguarded, found):
    signoff = SignOff.objects.filter(role="medical").last()
    SignOff.objects.filter(pk=signoff.pk).update(name="Dr Eve", user=999)

    (finding,) = found()["signoff_differs"]
    assert (finding.place, "signer, name" in finding.message) == (f"sign-off {signoff.pk}", True)


def test_a_swapped_signer_in_row_and_line_and_chain_is_named_by_the_anchor(anchored, found, against):
    signoff = SignOff.objects.filter(role="medical").last()
    SignOff.objects.filter(pk=signoff.pk).update(name="Dr Eve", user=999)
    Event.objects.filter(pk=signoff.event).update(actor={"name": "Dr Eve", "user": 999})
    rewrite_from(signoff.event)
    restore_log()

    assert found() == {}
    assert "the history was rewritten" in against()


def test_a_swapped_digest_is_named(unguarded, found):
    signoff, other = SignOff.objects.filter(part="medical").last(), Edition.objects.filter(number=1).last()
    SignOff.objects.filter(pk=signoff.pk).update(digest=other.digests.get("medical", "sha-256:" + "0" * 64))

    assert "in: digest." in found()["signoff_differs"][0].message


def test_a_swapped_text_under_a_swapped_digest_everywhere_is_named_by_the_anchor(anchored, found, against):
    """The strongest: another text in document, sign-offs, edition, lines and chain."""
    edition = Edition.objects.filter(subject=anchored.article_id).last()
    old = edition.digests["medical"]
    row = Document.objects.get(digest=old)
    content = bytes(row.content).replace(b"A second text.", b"A forged text.")
    new = f"sha-256:{hashlib.sha256(content).hexdigest()}"
    Document.objects.filter(digest=old).update(digest=new, content=content)
    SignOff.objects.filter(digest=old).update(digest=new)
    Edition.objects.filter(pk=edition.pk).update(digests=edition.digests | {"medical": new})
    for event in Event.objects.all():
        data = json.loads(json.dumps(event.data).replace(old, new))
        Event.objects.filter(pk=event.pk).update(data=data)
    rewrite_from(1)
    restore_log()

    assert found() == {}
    assert "the history was rewritten" in against()


def test_an_old_database_that_was_restored_is_named_by_the_anchor(anchored, people, anchor_file, found, against):
    yesterday = json.loads(anchor_file.read_bytes().splitlines()[0])["number"]
    cut_after(yesterday)
    restore_derived()
    restore_log()

    assert found() == {}
    assert f"refers to event {yesterday + 1}, but the ledger ends at {yesterday}" in against()


def test_a_forged_anchor_is_named(anchored, anchor_file, against):
    first, last = anchor_file.read_bytes().splitlines()
    forged = json.dumps(json.loads(first) | {"hash": "f" * 64}).encode()
    anchor_file.write_bytes(b"\n".join([forged, last, b""]))

    told = against()
    assert "anchor in line 1: Event" in told
    assert "(anchor_not_in_ledger)" in told
    assert "anchor in line 2: The previous line was changed" in told


@pytest.mark.parametrize("how", ["taken out", "put in", "out of order"])
def test_a_line_moved_in_the_anchor_file_is_named(anchored, anchor_file, against, how):
    first, last = anchor_file.read_bytes().splitlines()
    lines = {"taken out": [last], "put in": [first, first, last], "out of order": [last, first]}[how]
    anchor_file.write_bytes(b"\n".join([*lines, b""]))

    assert "(anchor_chain_broken)" in against()


def test_a_counter_that_was_set_aside_is_named(unguarded, found):
    Counter.objects.filter(name="events").delete()

    assert "(0)" not in found()["head_differs"][0].message


def test_a_document_put_in_from_outside_is_named(unguarded, found):
    row = Document.objects.filter(kind="medical").first()
    row.digest = "sha-256:" + "0" * 64
    row.save(force_insert=True)

    told = found()
    assert told["document_unsigned"][0].place == told["document_changed"][0].place == f"document {row.digest}"


def test_an_edition_without_a_clinicians_signature_is_named_although_all_is_sealed(unguarded, found):
    edition = Edition.objects.filter(subject=unguarded.article_id).last()
    medical = SignOff.objects.get(pk__in=edition.signoffs, role="medical")
    Edition.objects.filter(pk=edition.pk).update(signoffs=[key for key in edition.signoffs if key != medical.pk])
    rewrite_from(1)

    assert "no clinician's signature" in found()["edition_unsigned"][0].message


def test_an_edition_that_rests_on_somebody_elses_signature_is_named(unguarded, found):
    edition = Edition.objects.filter(subject=unguarded.article_id).last()
    strange = SignOff.objects.exclude(subject=unguarded.article_id).first()
    Edition.objects.filter(pk=edition.pk).update(signoffs=[*edition.signoffs, strange.pk])
    rewrite_from(1)

    assert f"sign-off {strange.pk}" in found()["signoff_of_another"][0].message


def test_words_changed_in_what_readers_get_are_named_and_recompose_mends_them(unguarded, found):
    row = Publication.objects.get(article=unguarded.article_id)
    Publication.objects.update(body=bytes(row.body).replace(b"A second text.", b"A forged text."))
    told = found()["row_differs"][0].message

    call_command("recompose", stdout=StringIO())

    assert told == "It differs from the record in: body. Run `manage.py recompose`."
    assert found() == {}


def test_a_withdrawn_article_that_was_put_back_before_readers_is_named(anchored, found):
    Publication.objects.filter(article=anchored.article_id).update(state="published")

    assert "differs from the record in: state." in found()["row_differs"][0].message


@pytest.mark.parametrize("table", ["record_event", "record_signoff", "record_edition"])
def test_a_column_that_holds_no_value_of_its_kind_is_a_finding_and_no_crash(unguarded, found, table):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's types refuse such a value")
    sql(f"UPDATE {table} SET subject = 'nobody' WHERE rowid = (SELECT max(rowid) FROM {table})")

    assert found()["unreadable"]


def test_a_signature_moved_to_another_article_is_named_although_all_is_sealed_again(unguarded, found):
    signoff = SignOff.objects.last()
    SignOff.objects.filter(pk=signoff.pk).update(subject=uuid4())
    rewrite_from(signoff.event)

    assert "in: subject." in found()["signoff_differs"][0].message

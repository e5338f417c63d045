"""The log over the ledger: what its leaves tell, that it keeps up, and that what SQL does to it is named and mended."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.record import events
from articles.record.canonical import exact_bytes
from articles.record.models import Event, TreeHead, TreeTile
from articles.record.tree import growth
from articles.record.tree.hashes import leaf_hash
from articles.record.tree.leaves import entry_of
from tests.record.columns import other_value
from tests.record.tamper import cut_after, drop_triggers, rewrite_from, sql

COLUMNS = [(TreeTile, "level"), (TreeTile, "position"), (TreeTile, "hashes"), (TreeHead, "size"), (TreeHead, "root")]


@pytest.fixture
def grown(history):
    growth.grow(now=timezone.now())
    return history


def codes(found) -> set[str]:
    return set(found())


def append(article, kind="submitted", **data) -> Event:
    return events.append(kind, subject_kind="article", subject=article.article_id, actor={}, data=data)


def test_the_leaf_of_an_edition_says_what_readers_saw(history):
    event = Event.objects.filter(kind="published", subject=history.article_id).last()

    entry = entry_of(event)

    assert entry == {
        "number": event.number,
        "hash": event.hash,
        "kind": "published",
        "subject_kind": "article",
        "subject": str(history.article_id),
        "at": events.instant(event.at),
        "edition": 2,
        "digests": event.data["digests"],
    }


def test_the_leaf_of_what_nobody_saw_says_its_number_and_a_hash_only(history):
    event = append(history, digests={"medical": "sha-256:secret"})

    assert entry_of(event) == {"number": event.number, "hash": event.hash}


def test_who_guesses_all_that_a_line_says_cannot_try_it_on_the_hash(history):
    """Two lines that say the same at the same instant have unlike hashes, because their salts are random."""
    one, other = append(history), append(history)
    for name in ("number", "at", "previous_hash"):
        setattr(other, name, getattr(one, name))

    assert len(bytes.fromhex(one.salt)) == len(bytes.fromhex(other.salt)) == 16
    assert events.line_of(one).keys() == {*events.line_of(other)}
    assert {key: value for key, value in events.line_of(one).items() if key != "salt"} == {
        key: value for key, value in events.line_of(other).items() if key != "salt"
    }
    assert events.hash_of(one) != events.hash_of(other)


def test_a_line_without_a_salt_shows_no_hash_and_keeps_its_seal(history):
    """It is from before there was a log, so whoever guesses it could try the guess."""
    event = Event.objects.filter(kind="submitted").last() or append(history)
    event.salt = ""

    assert "salt" not in events.line_of(event)
    assert entry_of(event) == {"number": event.number}


def test_the_log_keeps_up_with_the_ledger_by_one_row_for_an_event(grown):
    assert not growth.is_behind()
    append(grown)
    assert growth.is_behind()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        head = growth.grow(now=timezone.now())

    written = [query["sql"] for query in asked if query["sql"].startswith("INSERT")]
    assert head.size == Event.objects.count()
    assert len([text for text in written if "treetile" in text]) == 1
    assert TreeHead.objects.count() == 1


def test_an_act_writes_nothing_of_the_log(history, django_assert_num_queries):
    with CaptureQueriesContext(connection) as asked:
        append(history)

    assert not [query for query in asked if "tree" in query["sql"]]


def test_the_root_is_that_of_leaves_which_a_third_party_computes(grown):
    lines = Event.objects.order_by("number")
    hashes = [hashlib.sha256(b"\x00" + exact_bytes(entry_of(line))).digest() for line in lines]
    while len(hashes) > 1:
        pairs = range(0, len(hashes) - 1, 2)
        above = [hashlib.sha256(b"\x01" + hashes[at] + hashes[at + 1]).digest() for at in pairs]
        hashes = above + hashes[len(above) * 2 :]

    assert growth.root_at(len(lines)) == hashes[0].hex()


def test_a_log_that_lags_behind_is_no_finding(grown, found):
    append(grown)

    assert found() == {}


def test_a_gap_ends_the_log_and_is_named(grown, found):
    append(grown)
    drop_triggers()
    Event.objects.filter(number=Event.objects.count()).update(number=Event.objects.count() + 7)

    head = growth.grow(now=timezone.now())

    assert head.size < Event.objects.order_by("number").last().number
    assert "gap" in codes(found)


@pytest.mark.parametrize(("model", "name"), COLUMNS, ids=[f"{model.__name__}.{name}" for model, name in COLUMNS])
def test_a_changed_column_is_named_and_mended(grown, found, model, name):
    row = model.objects.order_by("pk").first()
    model.objects.filter(pk=row.pk).update(**{name: other_value(row, name)})

    assert codes(found) & {"tile_differs", "head_not_in_log", "head_ahead", "log_ahead", "log_short"}
    call_command("recompose")
    assert found() == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's types refuse such a value")
@pytest.mark.parametrize(("model", "name"), COLUMNS, ids=[f"{model.__name__}.{name}" for model, name in COLUMNS])
def test_a_value_of_another_type_is_a_finding_and_no_crash(grown, found, model, name):
    if name == "size":
        pytest.skip("SQLite keeps nothing but a whole number in its row's key")
    sql("PRAGMA ignore_check_constraints = ON")
    sql(f"UPDATE {model._meta.db_table} SET {name} = %s", "{nobody")
    sql("PRAGMA ignore_check_constraints = OFF")

    assert found()
    call_command("recompose")
    assert found() == {}


@pytest.mark.parametrize("model", [TreeTile, TreeHead])
def test_deleted_rows_come_back(grown, found, model):
    before = growth.root_at(TreeHead.objects.get().size)
    model.objects.all().delete()

    assert codes(found) == ({"log_short"} if model is TreeTile else set())
    call_command("recompose")

    assert (found(), growth.root_at(TreeHead.objects.get().size)) == ({}, before)


def test_a_tail_that_was_cut_with_the_counter_set_back_is_named_by_the_log(grown, found):
    drop_triggers()
    append(grown)
    growth.grow(now=timezone.now())
    cut_after(Event.objects.count() - 1)

    assert {"log_ahead", "head_ahead"} <= codes(found)


def test_a_history_written_anew_contradicts_the_head_that_was_signed(grown, found):
    TreeHead.objects.update(signed="a.b.c")
    drop_triggers()
    Event.objects.filter(number=2).update(at=Event.objects.get(number=2).at + timedelta(microseconds=1))
    rewrite_from(2)
    call_command("recompose")

    (finding,) = found()["head_not_in_log"]
    assert "signed over another history" in finding.message


def test_anchors_hold_the_root_and_are_compared_with_it(grown, tmp_path, capsys):
    file = tmp_path / "anchors.jsonl"
    call_command("ledger", "anchor", "--out", str(file))
    anchor = json.loads(file.read_text())
    assert anchor["root"] == growth.root_at(anchor["number"])
    call_command("ledger", "verify", "--against", str(file))

    file.write_text(json.dumps(anchor | {"root": "0" * 64}) + "\n")
    with pytest.raises(CommandError):
        call_command("ledger", "verify", "--against", str(file))

    assert "(anchor_not_in_log)" in capsys.readouterr().out


def test_answers_of_the_api_that_were_kept_serve_as_anchors(grown, client, tmp_path, capsys):
    head = client.get("/api/v1/ledger/head/").json()
    append(grown)
    file = tmp_path / "heads.jsonl"
    file.write_text(json.dumps(head) + "\n")
    call_command("ledger", "verify", "--against", str(file))
    file.write_text(json.dumps(head | {"root": leaf_hash(b"").hex()}) + "\n")

    with pytest.raises(CommandError):
        call_command("ledger", "verify", "--against", str(file))

    assert "(anchor_not_in_log)" in capsys.readouterr().out

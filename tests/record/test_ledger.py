"""The commands around the verifier, on a history that nobody tampered with."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from articles.record import events
from articles.record.delivery import rows
from articles.record.models import Document, Edition, Event, Rendition, SignOff
from articles.record.tree import growth
from tests.record.tamper import drop_triggers


def run(*arguments) -> str:
    out = StringIO()
    call_command("ledger", *map(str, arguments), stdout=out)
    return out.getvalue()


def exit_code(*arguments) -> int:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return refused.value.returncode


def test_nothing_is_found_in_a_history_that_nobody_changed(history, found):
    assert found() == {}


def test_verify_says_how_much_it_checked(history):
    told = json.loads(run("verify", "--format", "json"))

    assert told["findings"] == []
    assert told["checked"] == {
        "events": Event.objects.count(),
        "sign-offs": SignOff.objects.count(),
        "editions": Edition.objects.count(),
        "documents": Document.objects.count(),
        "publications": 3,
        "rows": sum(model.objects.count() for model in rows.TABLES),
        "pictures": Rendition.objects.count(),
        "tiles": 0,
        "keys": 2,
    }


def test_verify_ends_with_1_and_a_sentence_for_each_finding(history):
    drop_triggers()
    SignOff.objects.filter(pk=SignOff.objects.first().pk).update(credentials="PhD")
    out = StringIO()

    with pytest.raises(CommandError) as refused:
        call_command("ledger", "verify", stdout=out)

    assert refused.value.returncode == 1
    assert f"sign-off {SignOff.objects.first().pk}: It is not the row that event" in out.getvalue()


def test_head_is_the_last_event(history):
    last = Event.objects.order_by("-number").first()

    told = json.loads(run("head"))

    assert told == {
        "number": last.number,
        "hash": last.hash,
        "at": events.instant(last.at),
        "root": growth.root_at(last.number),
        "signed": "",
    }


def test_anchors_are_accepted_by_the_ledger_that_they_are_of(history, people, tmp_path):
    file = tmp_path / "anchors.jsonl"
    run("anchor", "--out", file)
    events.append("submitted", subject_kind="article", subject=history.article_id, actor={})
    run("anchor", "--out", file)

    assert "2 anchors" in run("verify", "--against", file)
    assert [json.loads(line)["number"] for line in file.read_text().splitlines()] == [
        Event.objects.count() - 1,
        Event.objects.count(),
    ]


def test_a_head_that_was_noted_by_hand_serves_as_an_anchor(history, tmp_path):
    file = tmp_path / "head.json"
    file.write_text(run("head"))

    events.append("submitted", subject_kind="article", subject=history.article_id, actor={})
    run("anchor", "--out", file)

    assert "2 anchors" in run("verify", "--against", file)


def test_anchoring_twice_without_news_adds_one_line(history, tmp_path):
    file = tmp_path / "anchors.jsonl"
    run("anchor", "--out", file)

    assert "already" in run("anchor", "--out", file)
    assert len(file.read_text().splitlines()) == 1


def test_an_anchor_is_refused_where_the_file_is_of_another_history(history, tmp_path):
    file = tmp_path / "anchors.jsonl"
    run("anchor", "--out", file)
    kept = file.read_text().replace(json.loads(file.read_text())["hash"], "f" * 64)
    file.write_text(kept)

    assert exit_code("anchor", "--out", file) == 1
    assert file.read_text() == kept


def test_an_anchor_is_refused_after_a_line_that_was_half_written(history, tmp_path):
    file = tmp_path / "anchors.jsonl"
    file.write_text('{"number": 3, "ha')

    assert exit_code("anchor", "--out", file) == 1


@pytest.mark.parametrize("content", [None, ""], ids=["absent", "empty"])
def test_a_file_without_an_anchor_is_a_wrong_use(history, tmp_path, content):
    file = tmp_path / "anchors.jsonl"
    if content is not None:
        file.write_text(content)

    assert exit_code("verify", "--against", file) == 2


def test_no_model_of_the_record_points_at_another():
    models = list(apps.get_app_config("record").get_models())

    assert {"Document", "SignOff", "Edition", "Event", "Publication"} <= {model.__name__ for model in models}
    assert [field for model in models for field in model._meta.get_fields() if field.is_relation] == []

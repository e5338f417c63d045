"""The time of an authority on the ledger's head: a local OpenSSL gives it, and nothing fails without one."""

import base64
import shutil
import socket

import pytest
from django.utils import timezone

from articles.publishing.proof import stamps
from articles.publishing.withdraw import withdraw
from articles.record.models import TreeHead
from articles.record.tree import growth
from tests.conftest import absent
from tests.publishing.proof.authority import Authority


@pytest.fixture
def authority(tmp_path, settings):
    if not shutil.which("openssl"):
        absent("openssl is not installed")
    found = Authority(tmp_path)
    settings.TSA_URL = found.url
    yield found
    found.close()


def stamp() -> str:
    return stamps.stamp_head(timezone.now())


def test_the_head_bears_a_time_that_openssl_accepts(published, authority, client):
    assert "stamped by" in stamp()

    told = client.get("/api/v1/ledger/head/").json()["stamped"]
    head = TreeHead.objects.get()
    assert (told["size"], told["root"]) == (head.size, head.root)
    der = base64.b64decode(told["stamp"])
    assert authority.verify(growth.statement_of(head), der)
    assert not authority.verify(growth.statement_of(head) + b" ", der)


def test_the_authority_learns_a_hash_only(published, authority):
    stamp()

    (question,) = authority.asked
    assert growth.grow(now=timezone.now()).root.encode() not in question
    assert len(question) < 100


def test_a_head_is_stamped_once_and_stays_when_the_ledger_grows(published, people, authority):
    stamp()

    assert "already" in stamp()
    size = TreeHead.objects.get().size
    withdraw(page=published, reason="other", by=people.editor)

    assert "stamped by" in stamp()
    assert TreeHead.objects.exclude(stamp=b"").count() == 2
    assert TreeHead.objects.filter(size=size).exists()


def test_without_an_address_nobody_is_asked(published, settings):
    assert settings.TSA_URL == ""
    assert stamp() == "skipped: no TSA_URL"


@pytest.mark.parametrize("answer", [b"", b"no stamp", b"x" * 100_000])
def test_an_answer_that_is_none_is_not_kept(published, authority, answer):
    authority.answer = answer

    assert stamp().startswith("skipped:")
    assert not TreeHead.objects.exclude(stamp=b"").exists()


def test_the_stamp_of_another_question_is_not_kept(published, authority):
    stamp()
    TreeHead.objects.update(stamp=b"")
    authority.answer = authority.stamp(authority.asked[0])

    assert "about something else" in stamp()


def test_an_authority_that_is_away_fails_nothing(published, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.TSA_URL = f"http://127.0.0.1:{closed.getsockname()[1]}/"

        assert stamp().startswith("skipped:")


def test_an_authority_that_hangs_is_left_after_a_time(published, settings, monkeypatch):
    monkeypatch.setattr(stamps, "TIMEOUT_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.TSA_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"

        assert stamp().startswith("skipped:")

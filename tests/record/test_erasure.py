"""Lawful erasure: the words go everywhere in the record, what was signed when and by whom stays."""

import gzip
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from articles.authoring.models import ArticlePage
from articles.errors import CannotErase, Erased
from articles.publishing import notices
from articles.publishing.erase import erase
from articles.publishing.publish import publish_article
from articles.publishing.recall import active_notices
from articles.publishing.withdraw import withdraw
from articles.record import events
from articles.record.models import ComponentPublication, Document, Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from tests.factories import PASSWORD, edit, make_on_call, make_user, sign_as
from tests.record.tamper import sql

WORDS = "A second text."
EMPTY = "UPDATE record_document SET content = %s WHERE digest = %s"


@pytest.fixture
def old(history) -> str:
    """The digest of the first edition's medical part: signed, and no longer what readers get."""
    return Edition.objects.get(subject=history.article_id, number=1).digests["medical"]


@pytest.fixture
def withdrawn(history, people) -> Edition:
    """The latest edition, with the article taken back."""
    withdraw(page=history, reason="legal", by=people.editor)
    return Edition.objects.get(subject=history.article_id, number=2)


def erased_line(digest: str, kind: str = "erased") -> Event:
    return events.append(
        kind, subject_kind="article", subject=SignOff.objects.last().subject, actor={}, data={"digest": digest}
    )


def record_holds(words: str) -> list[str]:
    """Columns of the record's tables in which the words stand."""
    found = []
    for model in apps.get_app_config("record").get_models():
        for row in model.objects.values():
            found += [f"{model.__name__}.{name}" for name, value in row.items() if words in as_text(name, value)]
    return found


def as_text(name: str, value) -> str:
    if isinstance(value, bytes | memoryview):
        content = bytes(value)
        return (gzip.decompress(content) if content and name == "body_gzip" else content).decode(errors="replace")
    return str(value)


def test_an_erased_document_is_empty_and_its_digest_and_sign_offs_stay(old):
    signed = list(SignOff.objects.filter(digest=old).values())

    event = erase(digest=old, reason="Court order 12/26.", by=None)

    assert bytes(Document.objects.get(digest=old).content) == b""
    assert list(SignOff.objects.filter(digest=old).values()) == signed != []
    assert (event.kind, event.data["digest"], event.data["reason"]) == ("erased", old, "Court order 12/26.")


def test_the_verifier_accepts_an_erased_document(old, found):
    erase(digest=old, reason="Court order.", by=None)

    assert found() == {}


def test_no_column_of_the_record_holds_the_words_afterwards(withdrawn):
    assert set(record_holds(WORDS)) == {"Document.content"}  # an article that was withdrawn keeps no body

    for digest in withdrawn.digests.values():  # the summary stands in both parts
        erase(digest=digest, reason="Court order.", by=None)

    assert record_holds(WORDS) == []


def test_erasing_a_component_leaves_its_words_nowhere_in_articles_that_were_withdrawn(history, people, withdrawn):
    row = ComponentPublication.objects.get(kind="disclaimer")
    assert set(record_holds("no advice")) == {"Document.content"}
    row.state = "withdrawn"
    row.save()

    erase(digest=row.digest, reason="Court order.", by=None)

    assert record_holds("no advice") == []


def test_what_readers_get_is_not_erased_before_it_is_withdrawn(history):
    digest = Edition.objects.get(subject=history.article_id, number=2).digests["medical"]

    with pytest.raises(CannotErase, match=f"article {history.slug}"):
        erase(digest=digest, reason="Court order.", by=None)

    assert record_holds(WORDS)
    assert not Event.objects.filter(kind="erased").exists()


def test_a_component_that_articles_show_is_not_erased(history):
    row = ComponentPublication.objects.get(kind="offer")

    with pytest.raises(CannotErase, match=f"offer {row.component}"):
        erase(digest=row.digest, reason="Court order.", by=None)


def test_what_is_withheld_until_it_is_signed_again_is_not_erased(history, found):
    Publication.objects.filter(article=history.article_id).update(state="withheld")
    digest = Edition.objects.get(subject=history.article_id, number=2).digests["medical"]

    with pytest.raises(CannotErase, match="still in use"):
        erase(digest=digest, reason="Court order.", by=None)

    assert bytes(Publication.objects.get(article=history.article_id).body)


def test_a_safety_notice_is_lifted_before_it_is_erased(history):
    on_call = make_on_call()
    notice = notices.give(
        articles=[history.article_id], texts={"en": "Being checked."}, user=on_call, password=PASSWORD
    )
    digest = SignOff.objects.get(subject=notice).digest

    with pytest.raises(CannotErase, match="Remove it first"):
        erase(digest=digest, reason="Court order.", by=None)
    notices.lift(notice=notice, reason="Checked.", by=on_call)
    erase(digest=digest, reason="Court order.", by=None)

    assert active_notices.standing_now() == [] and record_holds("Being checked.") == []


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_erasure_needs_a_reason(old, reason):
    with pytest.raises(CannotErase, match="Give a reason"):
        erase(digest=old, reason=reason, by=None)


def test_a_document_is_erased_once(old):
    erase(digest=old, reason="Court order.", by=None)

    with pytest.raises(CannotErase, match="already been erased"):
        erase(digest=old, reason="Again.", by=None)


def test_the_api_answers_410_erased_for_the_part_and_serves_the_rest(history, old):
    client, base = Client(), f"/api/v1/articles/{history.slug}"

    before = client.get(f"{base}/editions/1/parts/medical/")
    article = client.get(f"{base}/").content
    erase(digest=old, reason="Court order.", by=None)
    after = client.get(f"{base}/editions/1/parts/medical/")

    assert (before.status_code, after.status_code) == (200, 410)
    assert after.json()["type"] == "/problems/erased"
    assert client.get(f"{base}/editions/2/parts/medical/").status_code == 200
    assert client.get(f"{base}/").content == article
    assert [row["number"] for row in client.get(f"{base}/editions/").json()["results"]] == [2, 1]


def test_nobody_signs_an_erased_text_again(history, people, withdrawn):
    erase(digest=withdrawn.digests["medical"], reason="Court order.", by=None)

    with pytest.raises(Erased, match="Change the text"):
        sign_as(history, people.editor, Role.EDITOR)


def test_an_erased_text_is_not_published_on_signatures_given_before(history, people):
    page = edit(history, by=people.author, summary="A third text.")
    sign_as(page, people.editor, Role.EDITOR, "medical")
    digest = SignOff.objects.last().digest
    erase(digest=digest, reason="Court order.", by=None)

    with pytest.raises(Erased):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    assert not SignOff.objects.filter(digest=digest, role="medical").exists()


def test_an_erased_text_is_not_published_on_its_full_signatures(history, people, withdrawn):
    second = make_user("second", "Editors")
    page = edit(history, by=people.author, summary="A third text.")
    for user, role, parts in ((second, Role.EDITOR, ()), (people.reviewer, Role.MEDICAL, ("medical",))):
        sign_as(page, user, role, *parts)
    erase(digest=SignOff.objects.last().digest, reason="Court order.", by=None)

    with pytest.raises(Erased):
        publish_article(page=ArticlePage.objects.get(pk=page.pk), by=people.editor)


def test_the_database_refuses_to_empty_a_document_without_an_erased_line(old):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(EMPTY, b"", old)


@pytest.mark.parametrize("what", ["another digest", "another kind"])
def test_the_database_refuses_to_empty_it_under_a_line_about_something_else(old, what):
    erased_line("sha-256:" + "0" * 64) if what == "another digest" else erased_line(old, "refused")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(EMPTY, b"", old)


@pytest.mark.parametrize("change", ["content = content || content", "content = %s, format = 2", "stored_at = NULL"])
def test_an_erased_line_allows_nothing_but_emptying(old, change):
    erased_line(old)
    values = [b""] if "%s" in change else []

    with pytest.raises(DatabaseError), transaction.atomic():
        sql(f"UPDATE record_document SET {change} WHERE digest = %s", *values, old)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL compares transactions, not places")
def test_sqlite_refuses_to_empty_it_once_the_ledger_has_gone_on(old):
    erased_line(old)
    erased_line("sha-256:" + "0" * 64)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(EMPTY, b"", old)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no temporary schema before its own")
def test_a_temporary_table_vouches_for_nothing(old):
    sql("CREATE TEMPORARY TABLE record_event (LIKE public.record_event)")
    sql("INSERT INTO pg_temp.record_event SELECT * FROM public.record_event LIMIT 1")
    sql("UPDATE pg_temp.record_event SET kind = 'erased', data = jsonb_build_object('digest', %s::text)", old)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql("UPDATE public.record_document SET content = %s WHERE digest = %s", b"", old)


def test_bytes_that_are_gone_without_a_line_are_named(unguarded, old, found):
    Document.objects.filter(digest=old).update(content=b"")

    assert found()["document_emptied"][0].place == f"document {old}"


def test_erased_bytes_that_are_back_are_named(unguarded, old, found):
    content = bytes(Document.objects.get(digest=old).content)
    erased_line(old)
    Document.objects.filter(digest=old).update(content=content)

    assert found()["erased_is_back"][0].place == f"document {old}"


def test_the_command_erases_and_says_which_event(old, people):
    out = StringIO()
    call_command("erase_document", old, "--reason", "Court order.", "--user", "editor", stdout=out)

    event = Event.objects.get(kind="erased")
    assert out.getvalue() == f"{old} erased: event {event.number}\n"
    assert event.actor == {"user": people.editor.pk, "name": "editor"}


@pytest.mark.parametrize(("digest", "user", "code"), [("sha-256:0", None, 1), (None, "nobody", 2)])
def test_the_command_refuses_with_the_exit_code_that_it_promises(old, digest, user, code):
    options = ["--user", user] if user else []

    with pytest.raises(CommandError) as refused:
        call_command("erase_document", digest or old, "--reason", "Court order.", *options)

    assert refused.value.returncode == code
    assert Publication.objects.exists() and connection.is_usable()

"""The command: what it prints, where, and how it exits; and what the gate does with the findings."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Revision

from articles.errors import BlockedByFindings
from articles.review.submit import submit
from tests.factories import block, complete_body, edit, make_article, make_image, make_offer, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_user("author", "Authors")


@pytest.fixture
def good(author):
    return make_article(by=author, offer=make_offer(), hero=make_image(), slug="good")


@pytest.fixture
def bad(author):
    return make_article(by=author, slug="bad", summary="It cures baldness.")


def run(*arguments: str) -> tuple[str, int]:
    """(what stands on stdout, the exit code)."""
    out = StringIO()
    try:
        call_command("check_articles", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), error.returncode
    return out.getvalue(), 0


def report(*arguments: str) -> list[dict]:
    return json.loads(run("--format", "json", *arguments)[0])["articles"]


def codes(entry: dict, severity: str = "blocking") -> list[str]:
    return [finding["code"] for finding in entry["findings"] if finding["severity"] == severity]


def test_a_complete_article_passes(good):
    out, code = run("--format", "json")

    (entry,) = json.loads(out)["articles"]
    assert code == 0
    assert (entry["id"], entry["slug"], codes(entry)) == (str(good.article_id), "good", [])


def test_a_blocking_finding_is_exit_one_and_has_the_promised_shape(good, bad):
    out, code = run("--format", "json")

    first, second = json.loads(out)["articles"]
    assert code == 1
    assert (first["slug"], second["slug"]) == ("bad", "good")
    assert first["findings"][0] == {
        "code": "unfounded_promise",
        "severity": "blocking",
        "path": "summary",
        "message": "In the summary, replace the promise “cures”: say what the treatment does, and for how many people.",
        "source": "FDA, 6 Tip-offs to Rip-offs (health fraud); HONcode 5 (justifiability)",
    }


def test_warnings_are_exit_zero(author):
    make_article(by=author, title="x" * 120)

    assert run()[1] == 0


def test_the_latest_draft_is_checked(author, bad):
    edit(bad, by=author, summary="What helps, and how sure we are.")

    assert codes(report()[0]) == []


def test_slugs_choose_articles(good, bad):
    out, code = run("good")

    assert code == 0
    assert "1 article checked" in out
    assert "bad" not in out.splitlines()  # an id may hold these letters


def test_an_unknown_slug_is_a_usage_error(good):
    with pytest.raises(CommandError, match="There is no article absent") as refused:
        call_command("check_articles", "good", "absent", stdout=StringIO())

    assert refused.value.returncode == 2


def test_without_articles_there_is_nothing_to_find():
    assert run("--format", "json") == ('{\n  "articles": []\n}\n', 0)


def test_the_table_says_what_to_do_where_and_how_many(good, bad, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")

    lines = run()[0].splitlines()

    assert lines[:5] == [
        "bad",
        "  blocking  In the summary, replace the promise “cures”: say",
        "            what the treatment does, and for how many",
        "            people.",
        "            unfounded_promise  summary",
    ]
    assert lines[-1] == "2 articles checked: 1 blocking, 0 warnings, 4 advice."


def test_an_article_that_holds_an_unknown_block_does_not_stop_the_others(author, good):
    strange = make_article(by=author, slug="strange")
    spoil(strange, body=json.dumps([block("quiz"), *complete_body(make_source())]))

    first, second = report()

    assert (first["slug"], codes(first)) == ("good", [])
    assert (second["slug"], codes(second)) == ("strange", ["unknown_block"])


def test_an_article_that_cannot_be_read_does_not_stop_the_others(author, good):
    spoil(make_article(by=author, slug="a-broken-one"), body="[{")

    first, second = report()

    assert (first["slug"], codes(first)) == ("a-broken-one", ["unreadable_draft"])
    assert (second["slug"], codes(second)) == ("good", [])


def test_text_that_has_no_canonical_form_blocks(author):
    make_article(by=author, title="Scalp \u202einflammation")

    assert codes(report()[0]) == ["not_representable"]


def test_a_page_without_a_revision_is_checked_as_it_is(bad):
    bad.latest_revision.delete()

    assert codes(report()[0]) == ["unfounded_promise"]


def test_submission_is_refused_with_messages_that_lead_to_the_block(author):
    said = {"statement": "It helps.", "subjects": "people", "certainty": "not-assessed", "citations": []}
    evidence = block("evidence", heading="Does it help?", findings=[said])
    page = make_article(by=author, body=[*complete_body(make_source()), evidence])

    with pytest.raises(BlockedByFindings, match=r"finding 1 of “Does it help\?”") as refused:
        submit(page=page, by=author)

    assert [finding.block for finding in refused.value.findings] == [evidence["id"]]
    assert not page.workflow_in_progress


def test_checking_asks_the_database_no_more_often_for_a_longer_article(author, django_assert_max_num_queries):
    make_article(by=author, offer=make_offer(), body=complete_body(make_source(), make_offer()) * 3)

    with django_assert_max_num_queries(10):
        run()


def spoil(page, **content) -> None:
    """What another version of Vetted, or a hand in the database, left in the revision."""
    revision = page.latest_revision
    Revision.objects.filter(pk=revision.pk).update(content=revision.content | content)

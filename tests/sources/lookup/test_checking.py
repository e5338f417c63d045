"""What became of sources, asked of a server that answers as Crossref and PubMed do."""

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from wagtail.log_actions import LogContext

from articles.management.commands import worker
from articles.publishing.jobs.due import publish_due
from articles.publishing.upkeep.decide import NothingToDecide, decide, undecided
from articles.record.models import Event
from articles.record.vocabulary import SourceDecision
from articles.sources import checking
from articles.sources.models import Source
from tests.factories import complete_body, make_article, make_source, make_user
from tests.pipeline.reading import get, verified

pytestmark = pytest.mark.django_db
DOI, NOW = "10.1000/a", datetime(2026, 11, 30, 8, tzinfo=UTC)
STANDING, CORRECTED, SUPERSEDED = "standing", "corrected", "superseded"
CONCERN, RETRACTED = "expression-of-concern", "retracted"


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.fixture
def source():
    return make_source(doi=DOI, pmid="")


@pytest.fixture
def crossref(server):
    """Says what Crossref has about a DOI from now on: [(type, DOI of the notice, year)]."""

    def say(*updates, doi=DOI, **fields):
        listed = [{"type": kind, "DOI": notice, "updated": {"date-parts": [[year]]}} for kind, notice, year in updates]
        work = {"DOI": doi, "title": ["A study"], "type": "journal-article", "updated-by": listed}
        server.index.works[doi] = work | fields

    say()
    return say


def check(now=NOW):
    cache.clear()
    return checking.check(Source.objects.exclude(doi="", pmid="").order_by("pk"), now=now)


def known(source):
    source.refresh_from_db()
    return source.status, source.status_notice


def events():
    return [
        (event.data["status"], event.data.get("said_by"), event.actor)
        for event in Event.objects.filter(kind="source-status")
    ]


@pytest.mark.parametrize(
    ("updates", "expected"),
    [
        ([], (STANDING, "")),
        ([("retraction", "10.1000/r", 2025)], (RETRACTED, "10.1000/r")),
        ([("expression_of_concern", "10.1000/e", 2025)], (CONCERN, "10.1000/e")),
        ([("correction", "10.1000/c", 2025)], (CORRECTED, "10.1000/c")),
        ([("new_version", "10.1000/a.v2", 2025)], (SUPERSEDED, "10.1000/a.v2")),
        ([("retraction", "10.1000/r", 2024), ("reinstatement", "10.1000/i", 2025)], (STANDING, "")),
    ],
)
def test_what_crossref_says_becomes_the_status_once(source, crossref, updates, expected):
    crossref(*updates)

    check()
    check(NOW + timedelta(days=1))

    assert known(source) == expected
    assert events() == ([(expected[0], "crossref", {})] if expected[0] != STANDING else [])
    assert source.answered_at == NOW + timedelta(days=1)


def test_a_reinstated_work_stands_again(source, crossref):
    crossref(("retraction", "10.1000/r", 2024))
    check()
    crossref(("retraction", "10.1000/r", 2024), ("reinstatement", "10.1000/i", 2025))
    check()

    assert known(source) == (STANDING, "")
    assert [status for status, *_ in events()] == [RETRACTED, STANDING]


def test_the_graver_of_two_services_counts(server, crossref):
    source = make_source(doi=DOI, pmid="9")
    crossref(("correction", "10.1000/c", 2025))
    server.index.articles["9"] = article("9", linked("RetractionIn", 77))

    check()

    assert known(source) == (RETRACTED, "77")


def test_every_later_version_of_a_cochrane_review_is_found(crossref):
    """Shows 4: pub2 to pub5, of which only the first says so itself."""
    review = "10.1002/14651858.cd001942"
    source = make_source(doi=f"{review}.pub2", pmid="")
    for number in (2, 3, 4, 5):
        crossref(doi=f"{review}.pub{number}")

    check()
    assert known(source) == (SUPERSEDED, f"{review}.pub5")

    crossref(doi=f"{review}.pub6")
    check()
    assert known(source) == (SUPERSEDED, f"{review}.pub6")
    assert [status for status, *_ in events()] == [SUPERSEDED, SUPERSEDED]


def test_a_retracted_review_with_a_newer_version_stays_retracted(crossref):
    review = "10.1002/14651858.cd001942"
    source = make_source(doi=review, pmid="")
    crossref(("retraction", "10.1000/r", 2024), doi=review)
    crossref(doi=f"{review}.pub2")

    check()

    assert known(source) == (RETRACTED, "10.1000/r")


@pytest.mark.parametrize(
    "answer", [(503, "text/plain", b""), (200, "text/html", b"<p>Maintenance"), (404, "text/plain", b"")]
)
def test_a_failure_says_nothing_about_a_work(server, source, crossref, answer):
    crossref(("retraction", "10.1000/r", 2024))
    check()
    server.answers["/works/10.1000%2Fa"] = answer

    report = check(NOW + timedelta(days=2))

    assert known(source) == (RETRACTED, "10.1000/r")
    assert (source.answered_at, source.asked_at) == (NOW, NOW + timedelta(days=2))
    assert [failed.pk for failed, _ in report.failed] == [source.pk]


def test_what_one_service_says_counts_though_the_other_fails(server, crossref):
    source = make_source(doi=DOI, pmid="9")
    crossref(("retraction", "10.1000/r", 2024))
    server.answers["/efetch.fcgi"] = (500, "text/plain", b"")

    check()

    assert known(source) == (RETRACTED, "10.1000/r")
    assert source.answered_at is None


def linked(kind, pmid):
    return f'<CommentsCorrections RefType="{kind}"><PMID>{pmid}</PMID></CommentsCorrections>'


def article(pmid, links):
    """As PubMed has it."""
    return ET.fromstring(
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>A study</ArticleTitle></Article>"
        f"<CommentsCorrectionsList>{links}</CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
    )


def test_while_one_service_fails_the_other_changes_a_status_only_to_a_graver_one(server, crossref):
    source = make_source(doi=DOI, pmid="9")
    crossref(("correction", "10.1000/c", 2025))
    server.index.articles["9"] = article("9", linked("ErratumIn", 5))
    check()
    server.answers["/works/10.1000%2Fa"] = (500, "text/plain", b"")

    check()
    assert known(source) == (CORRECTED, "10.1000/c")

    server.index.articles["9"] = article("9", linked("RetractionIn", 6))
    check()
    assert known(source) == (RETRACTED, "6")


def test_a_source_that_no_service_knows_by_its_identifier_holds_up_nobody(settings, server, crossref):
    settings.LOOKUP = settings.LOOKUP | {"PUBMED_URL": ""}
    make_source(doi="", pmid="9")
    source = make_source(doi=DOI, pmid="")
    crossref(("retraction", "10.1000/r", 2024))

    assert checking.check_a_few(NOW, within_s=5).asked == 1
    assert known(source) == (RETRACTED, "10.1000/r")


def test_a_retracted_review_is_retracted_though_nobody_says_whether_there_is_a_newer_version(server, crossref):
    review = "10.1002/14651858.cd001942"
    source = make_source(doi=review, pmid="")
    crossref(("retraction", "10.1000/r", 2024), doi=review)
    server.answers[f"/works/{review.replace('/', '%2F')}.pub2"] = (500, "text/plain", b"")

    check()

    assert known(source) == (RETRACTED, "10.1000/r")


def test_a_notice_longer_than_its_field_leaves_the_status(source, crossref):
    crossref(("retraction", f"10.1000/{'r' * 280}", 2024))

    check()

    assert known(source) == (RETRACTED, "")


def test_what_breaks_while_a_source_is_asked_about_stops_nothing_else(source, crossref, monkeypatch):
    def broken(*args, **options):
        raise RuntimeError

    monkeypatch.setattr(checking, "check_a_few", broken)

    report = publish_due(now=NOW)

    assert [(item.title, item.detail) for item in report.failed] == [("ask about sources", "RuntimeError: ")]


def test_a_service_that_cannot_be_asked_is_left_alone_for_a_while(server, source, crossref):
    make_source(doi="10.1000/b", pmid="")
    server.answers["/works/10.1000%2Fa"] = (503, "text/plain", b"")

    assert check().asked == 1
    assert checking.check_a_few(NOW, within_s=5).asked == 0

    cache.clear()
    assert checking.check_a_few(NOW, within_s=5).asked == 1  # the one that was not asked about yet


def test_the_word_of_an_editor_holds_until_something_new_is_said(source, crossref):
    crossref(("retraction", "10.1000/r", 2024))
    check()
    with LogContext(user=make_user("editor", "Editors")):
        row = Source.objects.get(pk=source.pk)
        row.status, row.status_notice = STANDING, ""
        row.save()

    check()
    assert known(source) == (STANDING, "")

    crossref(("retraction", "10.1000/r", 2024), ("retraction", "10.1000/r2", 2026))
    check()
    assert known(source) == (RETRACTED, "10.1000/r2")


def test_a_milder_notice_does_not_take_back_what_an_editor_said(source, crossref):
    with LogContext(user=make_user("editor", "Editors")):
        source.status = RETRACTED
        source.save()
    crossref(("correction", "10.1000/c", 2024))

    check()

    assert known(source) == (RETRACTED, "")


def test_an_older_revision_brings_back_neither_status_nor_decision(source, crossref):
    crossref(("correction", "10.1000/c", 2024))
    revision = source.save_revision()
    check()
    editor, seen = make_user("editor", "Editors"), known(source)
    decide(source, SourceDecision.NO_UPDATE, "A typing error.", by=editor, shown=seen)

    old = revision.as_object()
    old.status, old.status_notice, old.status_said_by, old.decision = CORRECTED, "10.1000/c", "pubmed", ""
    old.save()

    source.refresh_from_db()
    assert (source.status_said_by, source.decision) == ("crossref", "no-update")


def test_a_source_is_verified_once_its_details_are_those_of_the_record(source, crossref):
    crossref()
    check()
    assert (known(source), source.verified_at) == ((STANDING, ""), None)

    crossref(title=[source.title])
    check()

    source.refresh_from_db()
    assert (source.verified_at, source.verified_from) == (NOW, "crossref")


def test_readers_of_a_citing_article_see_the_newer_version(people, publish, source, crossref, commit):
    page = publish(make_article(by=people.author, body=complete_body(source)))
    crossref(("new_version", "10.1000/a.v2", 2025))

    with commit(execute=True):
        check()

    article = get(page).json()
    (reference,) = article["content"]["references"]
    assert (reference["source_status"], reference["source_status_url"]) == (SUPERSEDED, "https://doi.org/10.1000/a.v2")
    cited = [row for section in article["content"]["sections"] for row in section.get("findings", [])]
    assert {citation["source_status"] for row in cited for citation in row["citations"]} == {SUPERSEDED}
    html = "".join(section["html"] for section in article["content"]["sections"])
    assert '<strong class="source-superseded">Newer version available</strong>' in html
    assert '<a href="https://doi.org/10.1000/a.v2" rel="noopener">Newer version</a>' in html
    assert (article["notices"], article["review"]["status"]) == ([], "current")
    verified()


@pytest.mark.parametrize(("decision", "status"), [("update", "due"), ("no-update", "current")])
def test_a_source_is_decided_once_for_all_articles_that_cite_it(
    people, publish, source, crossref, commit, decision, status
):
    names, body = ("one", "two"), complete_body(source)
    pages = [publish(make_article(by=people.author, title=name, slug=name, body=body)) for name in names]
    crossref(("correction", "10.1000/c", 2025))
    check()
    assert list(undecided()) == [source]

    with commit(execute=True):
        decide(source, SourceDecision(decision), "It changes the dose.", by=people.editor, shown=known(source))

    assert {get(page).json()["review"]["status"] for page in pages} == {status}
    assert not undecided()
    crossref(("correction", "10.1000/c", 2025), ("correction", "10.1000/c2", 2026))
    with commit(execute=True):
        check()
    assert list(undecided()) == [source]
    verified()


def test_a_source_that_stands_again_calls_for_no_update(people, publish, source, crossref, commit):
    page = publish(make_article(by=people.author, body=complete_body(source)))
    crossref(("correction", "10.1000/c", 2025))
    check()
    with commit(execute=True):
        decide(source, SourceDecision.UPDATE, "It changes the dose.", by=people.editor, shown=known(source))
    assert get(page).json()["review"]["status"] == "due"

    with commit(execute=True), LogContext(user=people.editor):
        row = Source.objects.get(pk=source.pk)
        row.status, row.status_notice = STANDING, ""
        row.save()

    assert get(page).json()["review"]["status"] == "current"
    verified()


def test_a_decision_can_be_taken_back(people, publish, source, crossref, commit):
    page = publish(make_article(by=people.author, body=complete_body(source)))
    crossref(("correction", "10.1000/c", 2025))
    check()
    with commit(execute=True):
        decide(source, SourceDecision.UPDATE, "It changes the dose.", by=people.editor, shown=known(source))
    assert get(page).json()["review"]["status"] == "due"
    with commit(execute=True):
        decide(source, SourceDecision.NO_UPDATE, "A typing error after all.", by=people.editor, shown=known(source))

    assert get(page).json()["review"]["status"] == "current"


@pytest.mark.parametrize(
    ("reason", "shown", "message"),
    [
        (" ", None, "Write the reason"),
        ("It changes the dose.", (CORRECTED, "10.1000/other"), "has changed meanwhile"),
        ("It changes the dose.", (STANDING, ""), "has changed meanwhile"),
    ],
)
def test_a_decision_needs_a_reason_and_the_status_that_was_seen(people, source, crossref, reason, shown, message):
    crossref(("correction", "10.1000/c", 2025))
    check()

    with pytest.raises(NothingToDecide) as refused:
        decide(source, SourceDecision.UPDATE, reason, by=people.editor, shown=shown or known(source))

    assert message in refused.value.detail
    assert not Event.objects.filter(kind="source-decided")


def test_the_command_says_what_changed(capsys, source, crossref):
    crossref(("retraction", "10.1000/r", 2024))

    call_command("check_sources", "--format", "json")

    done = json.loads(capsys.readouterr().out)
    assert (done["asked"], done["failed"]) == (1, [])
    assert done["changed"][0] | {"title": ""} == {
        "source": str(source.source_id),
        "title": "",
        "status": RETRACTED,
        "notice": "10.1000/r",
    }
    call_command("check_sources")
    assert "0 asked about" in capsys.readouterr().out


def test_the_command_fails_where_something_is_not_known(capsys, server):
    make_source(doi="10.1000/nobody", pmid="")

    with pytest.raises(CommandError) as failed:
        call_command("check_sources")

    assert failed.value.returncode == 1
    assert "10.1000/nobody" in capsys.readouterr().err


def test_the_command_is_a_usage_error_where_nobody_may_be_asked(settings):
    settings.LOOKUP = settings.LOOKUP | {"CONTACT": ""}

    with pytest.raises(CommandError) as failed:
        call_command("check_sources")

    assert failed.value.returncode == 2


def test_the_worker_asks_each_minute_for_what_is_due(source, crossref):
    crossref(("retraction", "10.1000/r", 2024))

    worker.Command().each_minute(NOW)

    assert known(source) == (RETRACTED, "10.1000/r")

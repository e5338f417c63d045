"""The command: what it prints, where, and how it exits."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.authoring.models import ArticlePage

pytestmark = pytest.mark.django_db
PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it."
KEYS = "path status error page title hero sections sources calls_to_action left_out warnings seconds"


def run(*arguments) -> str:
    out = StringIO()
    call_command("import_articles", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_report_has_the_promised_shape(write):
    report = json.loads(run(write(f"Acne\n\n{PROSE}"), "--report", "-"))

    assert list(report["files"][0]) == KEYS.split()
    assert sorted(report["files"][0]["page"]) == ["article_id", "edit_url", "id", "slug"]
    assert list(report["files"][0]["sections"][0]) == [
        "kind",
        "aspect",
        "heading",
        "text",
        "reason",
        "confidence",
    ]


def test_sources_and_calls_of_the_report_have_the_promised_shape(seed):
    told = json.loads(run(seed, "--dry-run", "--report", "-"))["files"][0]

    assert list(told["sources"][0]) == ["text", "marker", "title", "publisher", "url", "doi", "pmid"]
    assert list(told["calls_to_action"][0]) == ["section", "text", "label", "target"]
    assert [call["section"] for call in told["calls_to_action"]] == [6, 7, 8]


def test_the_report_may_go_to_a_file(write, tmp_path):
    run(write(f"Acne\n\n{PROSE}"), "--report", tmp_path / "report.json")

    assert json.loads((tmp_path / "report.json").read_text())["files"][0]["status"] == "created"


def test_a_summary_for_people_names_the_page(write):
    printed = run(write(f"Acne\n\n{PROSE}"))

    assert len(printed.splitlines()) == 4
    assert "created" in printed
    assert "/admin/pages/" in printed


def test_a_folder_is_imported_whole(write, tmp_path):
    write(f"One\n\n{PROSE}", "one.txt")
    write(f"Two\n\n{PROSE}", "two.txt")
    write(b"\x89PNG", "picture.png")

    run(tmp_path)

    assert ArticlePage.objects.count() == 2


def test_one_bad_file_does_not_stop_the_rest(write, tmp_path):
    write(b"\0", "a.txt")
    write(f"Two\n\n{PROSE}", "b.txt")

    with pytest.raises(CommandError, match="1 of 2") as failure:
        run(tmp_path)

    assert failure.value.returncode == 1
    assert ArticlePage.objects.count() == 1


def test_a_format_that_no_reader_knows_fails_with_what_to_do(write):
    with pytest.raises(CommandError) as failure:
        run(write("x", "article.xyz"))

    assert failure.value.returncode == 1


@pytest.mark.parametrize(
    ("option", "value"),
    [("--under", "nowhere"), ("--user", "nobody"), ("--locale", "xx"), ("--report", "/nowhere/report.json")],
)
def test_an_unknown_destination_is_a_usage_error(write, option, value):
    with pytest.raises(CommandError, match=value) as failure:
        run(write(f"Acne\n\n{PROSE}"), option, value)

    assert failure.value.returncode == 2
    assert not ArticlePage.objects.exists()


def test_an_absent_path_is_a_usage_error():
    with pytest.raises(CommandError, match="absent") as failure:
        run("absent.txt")

    assert failure.value.returncode == 2

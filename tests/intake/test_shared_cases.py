"""The importer on every text case of ../shared, judged by the shared scorer. docs/intake.md states the figures."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

SETS = "medquad,nhs,jats,seed"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cases(shared, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    command = [shared / "tools/derive_inputs.py", shared / "data", folder, "--sets", SETS, "--formats", "text"]
    subprocess.run([sys.executable, *map(str, command)], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def score(shared, cases, django_db_setup, django_db_blocker) -> dict:
    report, result = cases / "report.json", cases / "score.json"
    with django_db_blocker.unblock():
        call_command("import_articles", str(cases / "text"), "--dry-run", report=str(report))
    command = [shared / "tools/score_import.py", "--cases", cases / "cases.jsonl", "--report", report, "--json", result]
    subprocess.run([sys.executable, *map(str, command)], check=True, capture_output=True)
    return json.loads(result.read_text())["by_format"]["text"]


def test_at_least_95_of_100_sections_are_taken_for_what_they_are(score):
    assert score["section_lenient"] >= 0.95


@pytest.mark.parametrize("measure", ["crash", "refused", "bad_output", "cases_with_any_body_loss", "cases_unsafe"])
def test_no_case_fails(score, measure):
    assert score[measure] == 0


@pytest.mark.parametrize("measure", ["word_loss", "word_loss_body", "words_invented"])
def test_no_word_is_lost_or_invented(score, measure):
    assert score[measure] == 0


@pytest.mark.parametrize("measure", ["sources_recall", "sources_precision"])
def test_every_source_is_found_and_none_is_made_up(score, measure):
    assert score[measure] == 1


def test_the_documentation_states_the_figures(score):
    page = (ROOT / "docs/intake.md").read_text()
    stated = float(re.search(r"lenient section score \| ([\d.]+)", page)[1])

    assert stated == pytest.approx(score["section_lenient"], abs=0.0005)

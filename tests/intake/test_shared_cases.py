"""The figures that the documentation states, on every text case of ../shared."""

import json
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from articles.intake.classify import outline
from articles.intake.readers import text
from articles.intake.report import entry


@pytest.fixture(scope="module")
def figures(shared: Path, tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("cases")
    derive = [sys.executable, shared / "tools/derive_inputs.py", shared / "data", folder]
    options = ["--sets", "medquad,nhs,jats,seed", "--formats", "text"]
    subprocess.run([*derive, *options], check=True, capture_output=True)
    report = folder / "report.json"
    report.write_text(json.dumps({"files": [read(path) for path in sorted((folder / "text").iterdir())]}))
    return score(shared, folder / "cases.jsonl", report)


def read(path: Path) -> dict:
    return entry(path=str(path), status="would-create", outline=outline(text.read(path.read_bytes())))


def score(shared: Path, cases: Path, report: Path) -> dict:
    spec = spec_from_file_location("score_import", shared / "tools/score_import.py")
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    got = tool.from_report(report)
    rows = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    scored = [tool.score_case(row, got.get((row["id"], row["format"]))) for row in rows]
    return tool.report(scored)["by_format"]["text"]


def test_nearly_every_section_of_the_shared_cases_gets_an_accepted_kind(figures):
    assert figures["section_lenient"] >= 0.95


def test_no_word_of_the_shared_cases_is_lost_or_invented(figures):
    assert (figures["word_loss"], figures["words_invented"]) == (0, 0)


def test_no_file_of_the_shared_cases_is_refused(figures):
    assert (figures["crash"], figures["refused"], figures["bad_output"]) == (0, 0, 0)


def test_every_source_of_the_shared_cases_is_found(figures):
    assert (figures["sources_recall"], figures["sources_precision"]) == (1, 1)

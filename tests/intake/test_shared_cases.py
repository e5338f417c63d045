"""The importer on the cases of ../shared, in each format, judged by the shared scorer. docs/intake.md has the figures.

Text and pages without a title are measured on all cases, other formats on a sample; `make prove` takes all of all.
"""

import json
import os
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.intake.measure import FORMATS, run_tool, shared_cases

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 12  # cases of each set
UNTITLED = "html_dirty"  # its files hold the text alone, so that titles cannot be found in them
MEASURES = {
    "crash": 0,
    "refused": 0,
    "bad_output": 0,
    "cases_unsafe": 0,
    "word_loss": 0,
    "words_invented": 0,
    "body_left_out": 0.0005,
}
LEAST = {
    "section_lenient": 0.95,
    "sources_recall": 0.95,
    "sources_precision": 0.95,
    "headings_kept": 0.97,
    "title_ok": 0.97,
}


class Scores:
    """`of(format)` is the scorer's result on its cases; measured once."""

    def __init__(self, folder: Path, blocker) -> None:
        self.folder, self.blocker = folder, blocker
        self.found: dict[tuple[str, int], dict] = {}

    def of(self, name: str, limit: int) -> dict:
        if (name, limit) not in self.found:
            self.found[name, limit] = self._measure(name, limit)
        return self.found[name, limit]

    def _measure(self, name: str, limit: int) -> dict:
        folder = self.folder / f"{name}-{limit}"
        report, result = folder / "report.json", folder / "score.json"
        cases = shared_cases(folder, name, "--limit", limit)
        with self.blocker.unblock():
            call_command("import_articles", str(folder / name), "--dry-run", report=str(report))
        run_tool("score_import.py", "--cases", cases, "--report", report, "--json", result)
        return json.loads(result.read_text())


@pytest.fixture(scope="module")
def scores(shared, tmp_path_factory, django_db_setup, django_db_blocker) -> Scores:
    return Scores(tmp_path_factory.mktemp("cases"), django_db_blocker)


def limit_of(name: str) -> int:
    return 0 if name in ("text", UNTITLED) else SAMPLE


def figures(result: dict, name: str) -> dict:
    return result["by_format"][name]


def faults(result: dict, name: str) -> dict[str, float]:
    """{measure: value} of what misses its aim."""
    score = figures(result, name)
    untitled = {"word_loss", "words_invented", "title_ok"} if name == UNTITLED else set()
    high = {key: score[key] for key, most in MEASURES.items() if key not in untitled and score[key] > most}
    return high | {key: score[key] for key, least in LEAST.items() if key not in untitled and score[key] < least}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_keeps_words_titles_headings_sections_and_sources(scores, name):
    assert faults(scores.of(name, limit_of(name)), name) == {}


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="make prove")
@pytest.mark.parametrize("name", FORMATS)
def test_each_format_does_so_on_all_cases(scores, name):
    assert faults(scores.of(name, 0), name) == {}


def test_from_a_page_without_its_title_only_words_of_the_title_are_missing(scores):
    result = scores.of(UNTITLED, SAMPLE)
    folder = scores.folder / f"{UNTITLED}-{SAMPLE}"
    titles = {case["id"]: case["title"] for case in map(json.loads, (folder / "cases.jsonl").open())}

    for worst in result["worst_word_loss"]:
        assert set(worst["lost_sample"]) <= set(re.findall(r"\w+", titles[worst["id"]].casefold()))


def test_in_plain_text_every_source_is_found(scores):
    assert figures(scores.of("text", 0), "text")["sources_recall"] == 1


def test_the_documentation_states_the_figures(scores):
    page = (ROOT / "docs/intake.md").read_text()
    stated = float(re.search(r"\| plain text \| [\d.]+ \| ([\d.]+)", page)[1])

    assert stated == pytest.approx(figures(scores.of("text", 0), "text")["section_lenient"], abs=0.005)

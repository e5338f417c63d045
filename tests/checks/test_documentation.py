"""The table of checks in docs/rules.md is what the engine runs."""

import re
from pathlib import Path

from articles.checks import engine
from articles.checks.finding import Severity
from tests.checks.faults import FAULTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
ROWS = re.findall(r"^\| `(\w+)` \| ([a-z, ]+) \| .+ \|$", PAGE.read_text(), re.MULTILINE)


def test_the_table_lists_every_check_in_the_engines_order():
    assert [code for code, _ in ROWS] == [check.__name__ for check in engine.CHECKS]


def test_the_table_gives_the_severities_that_a_check_has():
    shown = {code: severities_of(code) for code, _ in ROWS}

    assert dict(ROWS) == shown


def severities_of(code: str) -> str:
    found = {fault.severity for fault in FAULTS if fault.code == code}
    return ", ".join(severity for severity in Severity if severity in found)

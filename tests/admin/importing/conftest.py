"""A run to look at: two plain text files, read, of the editor."""

import pytest

from articles.intake.models import ImportRun
from tests.intake.runs.conftest import article, export_format, read_run, start, upload  # noqa: F401 - fixtures

SLEEP = article("Sleep and age", "What causes it?", "Symptoms", "Risks")
KNEES = article("Sore knees", "Symptoms", text="Take 5 mg of ibuprofen a day, and no more than that.")


@pytest.fixture
def run(read_run) -> ImportRun:  # noqa: F811 - the fixture
    return read_run(upload("sleep.txt", SLEEP), upload("knees.txt", KNEES))

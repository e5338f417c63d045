"""What the documentation says is so."""

import re
import subprocess
from pathlib import Path

import pytest

from cms.env import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LINK = re.compile(r"\]\((?!https?:|#|/)([^)#]+)")


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_the_readme_lists_each_variable_with_its_default_and_purpose(variable):
    assert f"| `{variable.name}` | {variable.default} | {variable.purpose} |" in README


def test_the_readme_lists_no_variable_that_is_not_read():
    listed = re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)

    assert listed == [variable.name for variable in VARIABLES]


def test_each_variable_is_read_in_the_one_place():
    source = (ROOT / "cms/env.py").read_text()

    assert [variable.name for variable in VARIABLES if f'("{variable.name}"' not in source] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page):
    broken = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert broken == []


def test_make_alone_explains_every_target():
    said = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = {line.split()[0] for line in said.splitlines()}

    wanted = {"demo", "test", "check", "prove", "run", "format", "lint", "openapi", "bench", "help"}
    assert wanted <= targets


def test_no_file_names_a_path_of_one_machine_or_a_registry():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    paths = re.compile(r"(?<![\w.])/(?:work|root|opt)/|files\.pythonhosted\.org|pypi\.org/simple|index-url\s+http")
    here = Path(__file__).resolve()
    files = [ROOT / name for name in tracked.stdout.splitlines()]
    texts = [file for file in files if file.suffix in {".py", ".md", ".txt", ".in", ".toml", ".yaml", ".html", ""}]

    found = [file.name for file in texts if file.is_file() and file != here and paths.search(file.read_text())]

    assert found == []


def test_each_promise_names_a_test_that_exists():
    rows = [line for line in (ROOT / "docs/promises.md").read_text().splitlines() if line.startswith("| ")][1:]
    named = {row: re.findall(r"`(tests/[^`]+)`", row.rpartition("|")[0].rpartition("|")[2]) for row in rows}

    assert len(rows) >= 20
    assert [row for row, files in named.items() if not files] == []
    assert [file for files in named.values() for file in files if not (ROOT / file).exists()] == []


def test_each_file_that_a_recipe_names_exists():
    named = re.findall(
        r"`((?:articles|api|cms|docs|templates|tests)/[\w./-]+)`", (ROOT / "CONTRIBUTING.md").read_text()
    )

    assert len(named) >= 20
    assert [name for name in named if not (ROOT / name).exists()] == []

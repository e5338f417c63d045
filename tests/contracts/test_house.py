"""The house: what stands where, and which way imports run (design §3). import-linter holds the edges, these the rest.

Imports inside functions count. Each list of exceptions may only shrink: an exception that is no longer needed fails.
"""

import os
import subprocess
import sys
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("articles", "api", "cms")
MOST_FILES = 15


@cache
def imports() -> list[tuple[str, str]]:
    """(module, the module that it imports) of all our own."""
    graph = grimp.build_graph(*PARTS, include_external_packages=False, cache_dir=None)
    return [(module, found) for module in graph.modules for found in graph.find_modules_directly_imported_by(module)]


def folder_of(module: str) -> str:
    path = ROOT.joinpath(*module.split("."))
    return (path if path.is_dir() else path.parent).relative_to(ROOT).as_posix()


def files(pattern: str, *parts: str) -> list[Path]:
    return [path for part in parts for path in (ROOT / part).rglob(pattern) if "migrations" not in path.parts]


def run(code: str, settings: str, **environment: str) -> subprocess.CompletedProcess:
    given = os.environ | {"DJANGO_SETTINGS_MODULE": settings} | environment
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True)


@pytest.mark.parametrize("package", [*PARTS, "tests"])
def test_package_files_are_empty(package):
    full = [file for file in (ROOT / package).rglob("__init__.py") if file.read_text().strip()]

    assert full == []


def test_the_delivery_process_loads_no_wagtail_no_users_and_no_sessions(tmp_path):
    code = (
        "import django, sys; django.setup(); import api.urls; "
        "heavy = {'wagtail', 'django.contrib.auth.models', 'django.contrib.sessions.models', 'articles.authoring'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )

    said = run(code, "cms.settings.delivery", VAR_DIR=str(tmp_path))

    assert said.stdout.strip() == "[]", said.stderr


def test_production_refuses_to_start_and_names_everything_that_is_missing(tmp_path):
    empty = dict.fromkeys(("SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "RP_ID"), "")

    said = run("import django; django.setup()", "cms.settings.production", VAR_DIR=str(tmp_path), **empty)

    assert said.returncode != 0
    assert "SECRET_KEY, DATABASE_URL, PUBLIC_URL, ALLOWED_HOSTS, RP_ID" in said.stderr


def test_no_folder_has_more_than_fifteen_files_of_its_own():
    code = (path for path in files("*.py", *PARTS) if path.name != "__init__.py")
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in code)

    large = {folder: count for folder, count in counts.items() if count > MOST_FILES}
    assert large == {}


def test_no_two_folders_import_each_other():
    """A folder and one inside it are one: the files above hold what the folder inside stands on, or tell its story."""
    edges = {(folder_of(module), folder_of(found)) for module, found in imports()}
    apart = {(one, other) for one, other in edges if not f"{one}/".startswith(f"{other}/")}
    apart = {(one, other) for one, other in apart if not f"{other}/".startswith(f"{one}/")}

    assert {frozenset(edge) for edge in apart if edge[::-1] in apart} == set()


def test_no_modules_import_each_other_in_a_circle():
    sorter = TopologicalSorter[str]()
    for module, found in set(imports()):
        sorter.add(module, found)

    try:
        sorter.prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))

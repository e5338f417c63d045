"""The house: what stands where, and which way imports run. import-linter holds the edges; these hold the rest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(code: str, settings: str, **environment: str) -> subprocess.CompletedProcess:
    given = os.environ | {"DJANGO_SETTINGS_MODULE": settings} | environment
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True)


@pytest.mark.parametrize("package", ["cms", "articles", "api"])
def test_package_files_are_empty(package):
    full = [file for file in (ROOT / package).rglob("__init__.py") if file.read_text().strip()]

    assert full == []


def test_the_delivery_process_loads_no_wagtail_no_users_and_no_sessions(tmp_path):
    code = (
        "import django, sys; django.setup(); import cms.delivery_urls; "
        "heavy = {'wagtail', 'django.contrib.auth.models', 'django.contrib.sessions.models', 'articles.authoring'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )

    said = run(code, "cms.settings.delivery", VAR_DIR=str(tmp_path))

    assert said.stdout.strip() == "[]", said.stderr


def test_production_refuses_to_start_and_names_everything_that_is_missing(tmp_path):
    empty = dict.fromkeys(("SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "ALLOWED_HOSTS"), "")

    said = run("import django; django.setup()", "cms.settings.production", VAR_DIR=str(tmp_path), **empty)

    assert said.returncode != 0
    assert "SECRET_KEY, DATABASE_URL, PUBLIC_URL, ALLOWED_HOSTS" in said.stderr

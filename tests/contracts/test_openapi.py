"""The committed OpenAPI document is the one that the code describes, and clients can rely on its form."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = ROOT / "api/openapi.yaml"


def test_the_snapshot_is_what_the_code_describes_and_there_is_no_warning(tmp_path):
    """`make openapi` writes it anew."""
    file = tmp_path / "openapi.yaml"
    command = [
        "spectacular",
        "--settings",
        "cms.settings.delivery",
        "--validate",
        "--fail-on-warn",
        "--file",
        str(file),
    ]

    said = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | {"VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert said.returncode == 0, said.stderr
    assert file.read_text() == SNAPSHOT.read_text()


def test_the_document_is_openapi_3_1_of_version_1():
    document = yaml.safe_load(SNAPSHOT.read_text())

    assert document["openapi"] == "3.1.0"
    assert all(path.startswith("/api/v1/") and path.endswith("/") for path in document["paths"])

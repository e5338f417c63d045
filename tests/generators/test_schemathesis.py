"""Schemathesis asks the delivery process what the OpenAPI document lets it ask, and much that it does not: no failure
of the server, no status, header or type that is not documented, no answer that is not as its schema says.

Part of `make prove`, on PostgreSQL with the articles of the demo. What is not checked stands in schemathesis.toml.
"""

import json
import os
import subprocess
import sys
import venv
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from tests import databases
from tests.bench.server import running
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.skipif(not os.environ.get("PROVE"), reason="part of `make prove`"),
    pytest.mark.skipif(os.environ.get("TEST_ENGINE") != "postgresql", reason="on PostgreSQL only"),
]

CONFIG = Path(__file__).with_name("schemathesis.toml")
DATABASE = f"vetted_schemathesis_{os.getpid()}"
PYPI = "schemathesis>=4.32,<5"
MOST_SECONDS = 1800
# `fields` leaves members out, whatever the schema requires: it is asked by itself, without looking at the schema.
REDUCED = ("articles", "article")
FREE = ("topic", "q")  # any text is valid there: what is real is the example alone


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a delivery process that serves the demo's articles."""
    databases.postgresql_copy(DATABASE)
    folder = tmp_path_factory.mktemp("schemathesis")
    given = {"DATABASE_URL": databases.url_of(DATABASE), "VAR_DIR": str(folder), "FIXTURES": "true"}
    given |= {"ALLOWED_HOSTS": "127.0.0.1"}
    try:
        command = [sys.executable, "manage.py", "demo", "--prepare-only"]
        settings = {"DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
        subprocess.run(command, cwd=ROOT, env=os.environ | given | settings, check=True, capture_output=True)
        with running("cms.settings.delivery", environment=given) as (port, _):
            yield f"http://127.0.0.1:{port}"
    finally:
        databases.postgresql_drop(DATABASE)


@pytest.fixture(scope="module")
def schemathesis(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("schemathesis-tool")
    venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin/pip", "install", "--quiet", PYPI], check=True)
    return str(folder / "bin/st")


@pytest.fixture
def ask(server, schemathesis, tmp_path):
    """ask(document, option …): how many answers had each status. Fails where something was found."""

    def run(document: dict, *options: str) -> Counter:
        (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(document))
        har = tmp_path / "asked.json"
        command = [schemathesis, "--config-file", str(CONFIG), "run", "openapi.yaml", "--url", server, *options]
        command += ["--continue-on-failure", "--no-shrink", "--report-har-path", str(har)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=MOST_SECONDS)
        assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
        return Counter(row["response"]["status"] for row in json.loads(har.read_text())["log"]["entries"])

    return run


def test_thousands_of_requests_are_answered_as_documented(server, ask, capsys):
    statuses = ask(with_real(server, fields=False), "--max-examples", "150")

    with capsys.disabled():
        print(f"\nschemathesis: {statuses.total()} requests, {dict(sorted(statuses.items()))}")
    assert statuses.total() >= 5_000
    assert statuses[200] >= 1_500
    assert max(statuses) < 500


def test_members_that_are_chosen_are_answered_too(server, ask):
    """The schema describes the whole, so that it is not looked at."""
    chosen = [option for name in REDUCED for option in ("--include-operation-id", name)]
    unchecked = "response_schema_conformance,positive_data_acceptance"

    statuses = ask(
        with_real(server, fields=True), *chosen, "--exclude-checks", unchecked, "--phases", "examples,coverage,fuzzing"
    )

    assert statuses[200] >= 100
    assert max(statuses) < 500


def with_real(server: str, *, fields: bool) -> dict:
    """The document in which half of all that is tried of some parameters is what the server has. The examples of the
    document are the fixtures, which stand outside the lists. `fields` stays, or goes."""
    document = yaml.safe_load((ROOT / "api/openapi.yaml").read_text())
    known = real(server)
    for methods in document["paths"].values():
        for operation in methods.values():
            rows = [row for row in operation.get("parameters", []) if fields or row["name"] != "fields"]
            operation["parameters"] = [_with(row, known.get(row["name"], [])) for row in rows]
    return document


def _with(row: dict, values: list) -> dict:
    if not values:
        return row
    schema = row["schema"]
    is_list = schema.get("type") == "array"
    shown = values[:1] if is_list else values[0]
    if row["name"] in FREE:
        return row | {"example": shown}
    mixed = {"anyOf": [{"enum": values}, schema["items"] if is_list else schema]}
    return row | {"schema": schema | {"items": mixed} if is_list else mixed, "example": shown}


def real(server: str) -> dict[str, list]:
    """{parameter: what the server has}."""

    def get(path: str) -> dict:
        with urlopen(f"{server}/api/v1/{path}") as answer:
            return json.load(answer)

    listed = get("articles/?page_size=100")
    articles = [get(f"articles/{row['id']}/?rich_text=portable") for row in listed["results"]]
    following = (get(page)["next"] for page in ("articles/?page_size=1", "articles/?q=treatment&page_size=1"))
    found = {
        "name": [row[key] for row in articles for key in ("id", "slug")],
        "number": [row["edition"]["number"] for row in articles],
        "component": [component["id"] for row in articles for component in row["components"]],
        "source": [reference["source_id"] for row in articles for reference in row["content"]["references"]],
        "person": [row["id"] for row in get("people/")["results"]],
        "fixture": [row["name"] for row in get("fixtures/")["results"]],
        "topic": [row["slug"] for row in get("topics/")["results"]],
        "code": [f"{code['system']}|{code['code']}" for row in articles for code in row["content"]["codes"]],
        "cursor": [*(url.rpartition("cursor=")[2] for url in following if url), get("changes/")["cursor"]],
        "q": ["scalp", "itchy hair"],
        "fields": ["id", "content.title,review.status", "content.sections.html"],
    }
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}

"""The committed OpenAPI document is the one that the code describes, and clients can rely on its form."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

from api.v1.fixtures.states import BY_NAME, composed
from articles.record.delivery.forms import HTML, in_form
from articles.record.site import this_site

TELLING = {"_type", "change", "jsonrpc", "kind", "rich_text", "type", "@type"}  # what the object is
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


def test_no_answer_is_closed_to_what_a_later_version_may_add():
    """No list of values, no object; one value stands only where it says which member of a union this is."""
    document = yaml.safe_load(SNAPSHOT.read_text())
    answers = [operation["responses"] for methods in document["paths"].values() for operation in methods.values()]

    closed = list(_closed([document["components"]["schemas"], *answers], ""))

    assert closed == []


def _closed(value, name):
    if isinstance(value, list):
        for item in value:
            yield from _closed(item, name)
    elif isinstance(value, dict):
        is_closed = "enum" in value or value.get("additionalProperties") is False
        if is_closed or ("const" in value and name not in TELLING):
            yield {name: value}
        for key, item in value.items():
            yield from _closed(item, key) if key not in ("example", "examples") else ()


def test_no_member_is_required_that_may_be_null_instead_of_an_object():
    schemas = yaml.safe_load(SNAPSHOT.read_text())["components"]["schemas"]

    wrong = [
        f"{name}.{member}"
        for name, schema in schemas.items()
        for member in schema.get("required", ())
        if _is_nullable_object(schema["properties"][member], schemas)
    ]

    assert wrong == []


def _is_nullable_object(schema, schemas):
    choices = schema.get("anyOf", [])
    named = [schemas[choice["$ref"].rpartition("/")[2]] for choice in choices if "$ref" in choice]
    return {"type": "null"} in choices and any(found.get("type") != "string" for found in named)


def test_what_may_be_null_instead_of_an_object_is_there_all_the_same():
    article = composed(BY_NAME["bare"], site=this_site()).article
    content = in_form(article, HTML)["content"]

    assert (content["hero"], content["seo"]["image"]) == (None, None)

"""`openapi.yaml`, `docs/`, and the delivery process's own settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from articles.record.vocabulary import SectionKind
from tests.api.openapi import SNAPSHOT, document

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_the_snapshot_with_this_servers_address(get):
    answer = get("openapi.yaml")

    served = yaml.safe_load(answer.content)
    assert answer.headers["Content-Type"] == "application/yaml"
    assert served.pop("servers") == [{"url": "http://testserver"}]
    assert served == {key: value for key, value in yaml.safe_load(SNAPSHOT.read_text()).items() if key != "servers"}


def test_each_kind_of_section_is_a_schema_of_its_own(get):
    section = document()["components"]["schemas"]["Section"]

    names = [row["$ref"].rpartition("/")[2] for row in section["anyOf"]]
    kinds = [document()["components"]["schemas"][name]["properties"]["kind"]["const"] for name in names]
    assert kinds == [kind for kind in SectionKind.values if kind in kinds]
    assert set(kinds) == set(SectionKind.values)
    assert names == [f"{kind.title().replace('-', '')}Section" for kind in kinds]


def test_every_union_of_what_may_grow_ends_with_an_open_member():
    schemas = yaml.safe_load(SNAPSHOT.read_text())["components"]["schemas"]
    last = {
        name: schema["anyOf"][-1]["$ref"].rpartition("/")[2] for name, schema in schemas.items() if "anyOf" in schema
    }

    assert {
        key: last[key] for key in ("Section", "PortableSection", "PortableTextMark", "FeedEntry", "GoneProblem")
    } == {
        "Section": "OtherSection",
        "PortableSection": "PortableOtherSection",
        "PortableTextMark": "OtherMark",
        "FeedEntry": "OtherEntry",
        "GoneProblem": "Problem",
    }


def test_no_answer_has_a_closed_list():
    found = yaml.safe_load(SNAPSHOT.read_text())

    assert "oneOf" not in SNAPSHOT.read_text() and "discriminator" not in SNAPSHOT.read_text()
    assert [name for name, schema in found["components"]["schemas"].items() if "enum" in schema] == []


def test_every_operation_documents_its_problems_and_answers():
    for path, operations in document()["paths"].items():
        if path == "/api/v1/mcp/":
            continue  # POST only, and answers that nobody keeps
        responses = operations["get"]["responses"]
        assert {"200", "304", "400", "405", "406", "500", "503"} <= set(responses), path
        if "{name}" in path:
            gone = set() if path.endswith("/state/") else {"410"}  # a withdrawn article has a state, too
            assert {"301", "404"} | gone <= set(responses), path


def test_the_documentation_loads_from_here_alone(get):
    answer = get("docs/")
    page = answer.content.decode()

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert 'data-document="../openapi.yaml"' in page
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(loaded) == 4
    assert all(url.startswith("/static/") for url in loaded)
    assert "<script>" not in page and "onload=" not in page


def test_the_documentation_may_run_its_own_scripts_only(get):
    rules = get("docs/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in rules and "script-src 'self';" in rules


@pytest.mark.django_db
@pytest.mark.urls("api.urls")
@pytest.mark.parametrize("path", ["articles/", "topics/", "openapi.yaml", "docs/", "/healthz", "/readyz"])
def test_the_delivery_process_has_every_address(get, path):
    assert get(path).status_code == 200


@pytest.mark.django_db
@pytest.mark.urls("api.urls")
@pytest.mark.parametrize("path", ["/", "/admin/", "/read/en/x/"])
def test_the_delivery_process_has_no_other_address(client, path):
    assert client.get(path).status_code == 404


DELIVERY = """
import django; django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
for path in {paths!r}:
    answer = client.get(path, HTTP_HOST={host!r})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    print(path, answer.status_code, answer.headers["Content-Type"], len(content) > 0)
"""


def in_delivery(tmp_path, *paths: str, host: str = "localhost") -> dict[str, list[str]]:
    """{path: [status, content type, …]} from a process with the delivery settings and no database."""
    given = os.environ | {"DJANGO_SETTINGS_MODULE": "cms.settings.delivery", "VAR_DIR": str(tmp_path)}
    code = DELIVERY.format(paths=paths, host=host)
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True, check=True)
    return {line.split()[0]: line.split()[1:] for line in said.stdout.splitlines()}


def test_the_delivery_process_answers_with_its_own_settings(tmp_path):
    style = "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css"
    paths = ("/healthz", "/readyz", "/api/v1/articles/", "/api/v1/nothing/", "/api/v1/articles", "/api/v1/docs/", style)

    found = in_delivery(tmp_path, *paths, "/static/api/docs.js")

    assert found["/healthz"][:2] == ["200", "application/json"]
    assert found["/readyz"][:2] == found["/api/v1/articles/"][:2] == ["503", "application/problem+json"]
    assert found["/api/v1/nothing/"][:2] == ["404", "application/problem+json"]
    assert found["/api/v1/articles"][0] == "301"
    assert found["/api/v1/docs/"][:2] == ["200", "text/html;"]
    assert found[style][0] == found["/static/api/docs.js"][0] == "200"


def test_the_delivery_process_answers_for_its_own_hosts_only(tmp_path):
    assert in_delivery(tmp_path, "/api/v1/topics/", host="evil.example")["/api/v1/topics/"][:2] == [
        "400",
        "application/problem+json",
    ]

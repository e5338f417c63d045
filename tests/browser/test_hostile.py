"""Every hostile string of ../shared/data/security, imported, typed, signed and published: nothing of it runs in Chromium."""

# ruff: noqa: E501 - tables of hostile strings: one case a line reads better than a wrapped one

import json
import os
import signal
import subprocess
import sys
import urllib.request
from types import SimpleNamespace

import pytest

from tests import databases
from tests.bench.server import free_port
from tests.browser.trap import Trap, structure
from tests.conftest import ROOT
from tests.factories import PASSWORD

ARTICLES, DRAFTS = range(12), range(3)
EDITED = ARTICLES if os.environ.get("PROVE") else ARTICLES[::3]  # the editor takes 20 s to draw each
BARE = "<!doctype html><title>A careless frontend</title><main>HTML</main><aside></aside>"


@pytest.fixture(scope="module")
def site(shared, tmp_path_factory):
    """A server on a database of hostile articles: `url`, and what tests.hostile.site prints."""
    folder, port = tmp_path_factory.mktemp("hostile"), free_port()
    databases.sqlite_copy(folder / "vetted.sqlite3")
    given = os.environ | {"VAR_DIR": str(folder), "PORT": str(port), "DJANGO_SETTINGS_MODULE": "tests.hostile.settings"}
    given.pop("DATABASE_URL", None)
    prepare = [sys.executable, "-m", "tests.hostile.site", str(shared)]
    made = json.loads(subprocess.run(prepare, cwd=ROOT, env=given, check=True, stdout=subprocess.PIPE).stdout)
    serve = [
        sys.executable,
        "-c",
        "from cms import serve; serve.run([serve.server()], lambda: print('Ready', flush=True))",
    ]
    process = subprocess.Popen(serve, cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "Ready\n"
        yield SimpleNamespace(url=f"http://127.0.0.1:{port}", **made)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def watched(chromium, site):
    """A page of somebody who may open everything, with its `trap`."""
    context = chromium.new_context(base_url=site.url, reduced_motion="reduce")
    page = context.new_page()
    page.trap = Trap(context, site.url)
    page.goto("/admin/login/")
    page.fill("input[name=username]", "root")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    yield page
    context.close()


def fetch(site, path: str) -> dict:
    with urllib.request.urlopen(site.url + path, timeout=20) as answer:
        return json.load(answer)


@pytest.fixture
def show(watched, site):
    """show(html): a bare page of ours that holds this HTML, as a careless frontend would; scripts may run in it."""

    def _show(html: str):
        body = BARE.replace("HTML", html)
        watched.route("**/bare/", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
        watched.goto("/bare/", wait_until="load")
        watched.evaluate("html => { document.querySelector('body > aside').innerHTML = html }", html)
        watched.wait_for_timeout(100)
        watched.unroute("**/bare/")
        return watched

    return _show


@pytest.mark.parametrize(
    "raw",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "<svg onload=alert(1)></svg>",
        "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
        "<img src=https://evil.example/x.png>",
        "<script>confirm('x')</script>",
    ],
)
def test_the_trap_springs_when_a_vector_stands_raw_in_a_page(show, raw):
    page = show(raw)

    sprung, page.trap.sprung[:] = list(page.trap.sprung), []
    assert sprung


def test_what_no_renderer_writes_is_noticed(show):
    page = show('<p onclick="x()">a</p><a href="javascript:x()">b</a><blink>c</blink>')

    assert structure(page, "main") == ['<p onclick="x()">', "href javascript:x()", "<blink>"]


@pytest.mark.parametrize("number", ARTICLES)
def test_nothing_runs_on_the_reading_page(watched, site, number):
    watched.goto(f"/read/en/{site.articles[number]['slug']}/", wait_until="load")

    assert structure(watched, "main") == []
    assert watched.locator("main section.section").count() > 45
    assert watched.trap.sprung == []


@pytest.mark.parametrize("number", ARTICLES)
def test_nothing_runs_in_a_page_that_shows_the_apis_html(show, site, number):
    content = fetch(site, f"/api/v1/articles/{site.articles[number]['slug']}/")["content"]
    shown = [section[name] for section in content["sections"] for name in ("html", "text")]
    shown += [
        item["answer"] for section in content["sections"] for item in section.get("items", []) if "answer" in item
    ]
    shown += [disclaimer["html"] for disclaimer in content["disclaimers"]]

    page = show("\n".join(shown))

    assert len(shown) > 90
    assert structure(page, "main") == structure(page, "body > aside") == []
    assert page.trap.sprung == []


@pytest.mark.parametrize("number", ARTICLES)
def test_nothing_runs_on_the_sign_off_page_and_in_the_preview(watched, site, number):
    key = site.articles[number]["pk"]

    watched.goto(f"/admin/sign-off/article/{key}/", wait_until="load")
    assert structure(watched, ".article .sections") == []
    assert watched.locator(".article section.section").count() > 45
    watched.goto(f"/admin/pages/{key}/view_draft/", wait_until="load")
    assert structure(watched, ".article .sections") == []
    assert watched.trap.sprung == []


@pytest.mark.prove  # too, all of them
@pytest.mark.parametrize("number", EDITED)
def test_nothing_runs_in_the_editor(watched, site, number):
    watched.goto(f"/admin/pages/{site.articles[number]['pk']}/edit/", wait_until="load")
    watched.locator(".public-DraftEditor-content").nth(45).wait_for(state="attached", timeout=60_000)

    assert watched.trap.sprung == []


@pytest.mark.parametrize("number", DRAFTS)
@pytest.mark.parametrize(
    "address", ["/admin/pages/{}/edit/", "/admin/sign-off/article/{}/", "/admin/pages/{}/view_draft/"]
)
def test_nothing_runs_in_what_was_imported(watched, site, number, address):
    answer = watched.goto(address.format(site.drafts[number]), wait_until="load")

    assert answer.status == 200
    assert watched.trap.sprung == []


@pytest.mark.parametrize("kind", ["offer", "disclaimer"])
def test_nothing_runs_on_the_sign_off_pages_of_components(watched, site, kind):
    for key in getattr(site, f"{kind}s"):
        watched.goto(f"/admin/sign-off/{kind}/{key}/", wait_until="load")
        assert structure(watched, ".article .sections") == []

    assert watched.trap.sprung == []


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/admin/",
        "/admin/pages/3/",
        "/admin/images/",
        "/admin/snippets/articles/source/",
        "/admin/snippets/articles/offer/",
        "/admin/snippets/articles/disclaimer/",
        "/admin/snippets/articles/person/",
        "/admin/snippets/articles/person/edit/2/",
        "/admin/snippets/articles/source/edit/2/",
        "/admin/snippets/articles/disclaimer/edit/1/",
        "/admin/reports/site-history/",
        "/api/v1/articles/",
        "/api/v1/articles/hostile-1/",
        "/api/v1/articles/hostile-1/?rich_text=markdown",
        "/api/v1/articles/%3Cscript%3Ealert(1)%3C/script%3E/",
        "/api/v1/articles/?%3Cscript%3Ealert(1)%3C/script%3E=1",
        "/api/v1/topics/",
        "/read/en/%3Cscript%3Ealert(1)%3C%2Fscript%3E/",
    ],
)
def test_nothing_runs_in_lists_reports_and_the_apis_answers(watched, address):
    answer = watched.goto(address, wait_until="load")

    assert answer.status in (200, 400, 404)
    assert watched.trap.sprung == []


def test_all_vectors_were_there(site):
    assert site.vectors > 700
    assert len(site.articles) == len(ARTICLES) and len(site.drafts) == len(DRAFTS)

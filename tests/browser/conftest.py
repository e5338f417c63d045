"""The demo, served as users get it, and Chromium to look at it. Skips where there is no Chromium."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import databases
from tests.bench.server import free_port
from tests.conftest import ROOT, absent
from tests.sources.lookup import server as lookups

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def library():
    """A server that answers as Crossref and PubMed do, with the recorded works; of none where ../shared is absent."""
    citations = ROOT.parent / "shared/data/citations"
    server = lookups.serve(lookups.recorded(citations) if citations.is_dir() else lookups.Index())
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory, library):
    """A running demo of its own: `url`, `passwords`, `mail` (the folder of its letters), `stage` (see stage.py)."""
    if not Path(CHROMIUM).exists():
        absent("Chromium is not here (apt-get install chromium)")
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    databases.sqlite_copy(folder / "vetted.sqlite3")
    url = f"http://localhost:{port}"  # an address by numbers cannot have passkeys
    where = {"VAR_DIR": str(folder), "PORT": str(port), "ADMIN_URL": url, "PUBLIC_URL": url}
    given = os.environ | where | lookups.environment(library) | {"DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    given.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "demo"]
    process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True)
    try:
        said = list(_until_ready(process))
        assert said[-1].startswith("Ready: "), "".join(said)
        passwords = json.loads((folder / "demo_logins.json").read_text())
        with _stage(given) as stage:
            yield SimpleNamespace(url=url, passwords=passwords, said=said, mail=folder / "mail", stage=stage)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def _stage(given):
    """stage("scene", "slug") sets the scene in the demo, and returns what was made."""
    command = [sys.executable, "-m", "tests.browser.stage"]
    with subprocess.Popen(command, cwd=ROOT, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as at:

        def stage(scene: str, slug: str) -> dict:
            at.stdin.write(f"{scene} {slug}\n")
            at.stdin.flush()
            said = json.loads(at.stdout.readline())
            assert "failed" not in said, said["failed"]
            return said

        yield stage
        at.stdin.close()


def _until_ready(process):
    for line in process.stdout:
        yield line
        if line.startswith("Ready: "):
            return


@pytest.fixture(scope="package")
def chromium(demo):
    """Ends with this folder's tests: Playwright's event loop must not run while others use the database."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def sessions(chromium, demo):
    """sessions(username): the cookies of somebody who is logged in; each logs in once."""

    @cache
    def session(username: str):
        context = chromium.new_context(base_url=demo.url)
        _log_in(context.new_page(), username, demo.passwords[username])
        state = context.storage_state()
        context.close()
        return state

    return session


@pytest.fixture
def visit(chromium, demo, sessions):
    """visit(path, as_="editor", size=PHONE) opens a page; what its console complains of is collected in `.errors`."""
    contexts = []

    def open_page(path: str, *, as_: str | None = None, size=None, scripts: bool = True):
        context = chromium.new_context(
            viewport=size or DESKTOP,
            base_url=demo.url,
            reduced_motion="reduce",
            java_script_enabled=scripts,
            storage_state=sessions(as_) if as_ else None,
        )
        contexts.append(context)
        page = listened_to(context.new_page(), demo.url)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def listened_to(page, home: str):
    """The page, with what its console complains of and what it asks of others in `.errors`."""
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: _stay_home(request, home, page.errors))
    return page


def _log_in(page, username: str, password: str) -> None:
    page.goto("/admin/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")


def _stay_home(request, home: str, errors: list[str]) -> None:
    if not request.url.startswith((home, "data:", "blob:", "about:")):
        errors.append(f"asked the outside world for {request.url}")


@pytest.fixture
def screenshot():
    """screenshot(page, name) keeps a picture for the documentation when SCREENSHOTS names a folder; `of` an element."""

    def take(page, name: str, *, full: bool = False, of: str = "") -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            path = str(Path(folder) / f"{name}.png")
            page.locator(of).first.screenshot(path=path) if of else page.screenshot(path=path, full_page=full)

    return take

"""The demo, served as users get it, and Chromium to look at it. Skips where there is no Chromium."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import databases
from tests.bench.server import free_port
from tests.conftest import ROOT, absent

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A running demo of its own: `url`, `passwords`."""
    if not Path(CHROMIUM).exists():
        absent("Chromium is not here (apt-get install chromium)")
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    databases.sqlite_copy(folder / "vetted.sqlite3")
    given = os.environ | {"VAR_DIR": str(folder), "PORT": str(port), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    given.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "demo"]
    process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True)
    try:
        said = list(_until_ready(process))
        assert said[-1].startswith("Ready: "), "".join(said)
        passwords = json.loads((folder / "demo_logins.json").read_text())
        yield SimpleNamespace(url=f"http://127.0.0.1:{port}", passwords=passwords, said=said)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


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


@pytest.fixture
def visit(chromium, demo):
    """visit(path, as_="editor", size=PHONE) opens a page; what its console complains of is collected in `.errors`."""
    contexts = []

    def open_page(path: str, *, as_: str | None = None, size=None):
        context = chromium.new_context(viewport=size or DESKTOP, base_url=demo.url, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: _stay_home(request, demo.url, page.errors))
        if as_:
            _log_in(page, as_, demo.passwords[as_])
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


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
    """screenshot(page, name) keeps a picture for the documentation when SCREENSHOTS names a folder."""

    def take(page, name: str, *, full: bool = False) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=full)

    return take

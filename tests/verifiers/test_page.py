"""`docs/verify.html`, opened from the disk: it checks an article by the API's answers, and an evidence pack that was
chosen, and says in words what it found. It asks for nothing but the API that it is pointed at."""

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.test import Client

from articles.admin.evidence.pack import zipped
from articles.publishing.withdraw import withdraw
from tests.browser.conftest import CHROMIUM, DESKTOP, FLAGS, PHONE
from tests.conftest import ROOT, absent
from tests.verifiers.tampering import Scene, column
from tests.verifiers.world import make_world, publish_twice, sign_head

pytestmark = pytest.mark.browser
PAGE = ROOT / "docs/verify.html"
API = "https://articles.example"


@dataclass
class Got:
    """All that the page may ask for, {path and query: (status, answer)}, and a pack."""

    answers: dict
    slug: str
    key: str
    pack: bytes = b""


@pytest.fixture
def scene(people, lead):
    world = make_world(people, lead)
    return Scene(world, publish_twice(world), [world.organisation.id])


def got(scene: Scene) -> Got:
    (answers, files), name = scene.got(), f"/api/v1/articles/{scene.page.article_id}/"
    size = answers["log"]["head"]["size"]
    found = dict(map(asked, paths_of(scene, size))) | {f"{name}state/": (200, {"state": answers["state"]})}
    pack = zipped({name: content for name, content in files.items() if name != "manifest.json"})
    return Got(found, scene.page.slug, scene.known[0], pack)


def paths_of(scene: Scene, size: int) -> list[str]:
    article = f"/api/v1/articles/{scene.page.article_id}/editions/"
    own = [f"/api/v1/articles/{scene.page.slug}/?rich_text=portable", article, "/.well-known/vetted.json"]
    proofs = [f"/api/v1/ledger/proof/{event}/?size={size}" for event in range(1, size + 1)]
    return [*own, "/api/v1/ledger/head/", "/api/v1/keys/?page_size=500", *proofs]


def asked(path: str) -> tuple[str, tuple[int, dict]]:
    answer = Client().get(path)
    return path, (answer.status_code, json.loads(answer.content))


@contextmanager
def opened(found: Got, **options):
    """The page in Chromium. Nothing may touch the database meanwhile: Playwright's loop runs in this thread."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not shutil.which(CHROMIUM):
        absent("Chromium is not here (apt-get install chromium)")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(**({"viewport": DESKTOP} | options)).new_page()
        page.asked, page.errors = [], []
        page.on("pageerror", lambda error: page.errors.append(str(error)))

        def answer(route) -> None:
            url = urlsplit(route.request.url)
            page.asked.append(route.request.url)
            status, value = found.answers.get(f"{url.path}?{url.query}" if url.query else url.path, (404, {}))
            headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
            route.fulfill(status=status, body=json.dumps(value), headers=headers)

        page.route(lambda url: not url.startswith("file:"), answer)
        page.goto(PAGE.as_uri())
        yield page
        browser.close()


def check(page, found: Got, key: str | None = None) -> str:
    page.fill("#address", f"{API}/api/v1/articles/{found.slug}/")
    page.fill("#key", found.key if key is None else key)
    page.click("button")
    page.wait_for_selector("#found .verdict")
    return page.inner_text("#found")


def drop(page, pack: bytes) -> str:
    page.set_input_files("#file", {"name": "pack.zip", "mimeType": "application/zip", "buffer": pack})
    page.wait_for_selector("#found .verdict")
    return page.inner_text("#found")


def test_the_page_holds_the_script_as_it_is_and_loads_nothing():
    script, page = (ROOT / "docs/verify.js").read_text(), PAGE.read_text()

    assert page.count(f"<script>\n{script}</script>") == 1, "Copy verify.js into the first <script> of verify.html."
    assert script.count("\n") <= 150
    assert not any(name in page for name in (" src=", "<link", "@import", "url("))


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_article_is_proven_from_the_disk(scene, viewport, scheme, tmp_path):
    found = got(scene)

    with opened(found, viewport=viewport, color_scheme=scheme) as page:
        said = check(page, found)
        fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=tmp_path / f"verify-{scheme}-{viewport['width']}.png", full_page=True)

    assert page.errors == []
    for words in ("Proven", "Dr Ada Reviewer, MD signed exactly this text", "In force.", "Signature proven"):
        assert words in said, said
    assert "Password: nothing proves it" in said
    assert all(url.startswith(API) for url in page.asked)
    assert fits


def test_an_evidence_pack_is_checked_without_any_network(scene):
    found = got(scene)

    with opened(found) as page:
        said = drop(page, found.pack)

    assert (page.asked, page.errors) == ([], [])
    for words in ("Proven", "Signatures in pack.zip", "You named no key of the organisation"):
        assert words in said, said


def test_each_reason_for_a_refusal_is_told_in_words(scene, tmp_path):
    column(name="Dr Other")(scene)
    found = got(scene)

    with opened(found) as page:
        told = [check(page, found), drop(page, found.pack)]
        page.screenshot(path=tmp_path / "refused.png", full_page=True)

    for said in told:
        assert "Refused" in said
        assert "The signed statement has another name." in said
        assert "The card has another entry under name." in said


def test_what_is_not_a_pack_and_an_address_of_nothing_are_said(scene):
    found = got(scene)

    with opened(found) as page:
        no_zip = drop(page, b"Not a ZIP at all, but long enough to be one.")
        page.fill("#address", f"{API}/api/v1/articles/nothing/")
        page.click("button")
        page.wait_for_selector("text=answered 404")
        nothing = page.inner_text("#found")

    assert "This is not the ZIP of an evidence pack." in no_zip
    assert "Nothing was checked" in nothing


def test_words_of_the_publisher_are_never_code(scene):
    evil = "<img src=x onerror=alert(1)>"
    found = got(scene)
    path = next(path for path in found.answers if path.endswith("?rich_text=portable"))
    found.answers[path][1]["content"]["title"] = evil

    with opened(found) as page:
        said = check(page, found)
        images = page.locator("img").count()

    assert evil in said and images == 0
    assert "The medical part shown is not the one that was signed." in said


def test_a_withdrawn_article_says_so(scene):
    found = got(scene)
    withdraw(page=type(scene.page).objects.get(pk=scene.page.pk), reason="safety", by=scene.world.people.editor)
    sign_head(scene.world.delivery)
    path = f"/api/v1/articles/{scene.page.slug}/?rich_text=portable"
    found.answers |= dict([asked(path)])

    with opened(found) as page:
        said = check(page, found)

    assert "Withdrawn" in said and "safety reasons" in said


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"edition": 9}, "Not in force any more. Readers get edition 9, not edition 2."),
        ({"valid_until": "2026-01-01T00:00:00.000000Z"}, "Not known whether it is still in force."),
    ],
)
def test_whether_it_is_in_force_is_told(scene, state, words):
    scene.state = state
    found = got(scene)

    with opened(found) as page:
        said = check(page, found)

    assert words in said


def test_without_a_state_it_says_that_it_does_not_know(scene):
    found = got(scene)
    found.answers = {path: value for path, value in found.answers.items() if not path.endswith("/state/")}

    with opened(found) as page:
        said = check(page, found)

    assert "Not known whether it is still in force. There is no state that the publisher signed." in said

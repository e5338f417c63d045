"""Every page of ours, looked at by axe at both widths: no violation, nothing wider than the screen.

Wagtail's menu and header stand around `main` on the pages inside its frame; they are Wagtail's, and left out.
"""

from functools import cache
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE, listened_to
from tests.browser.stage import NOTICE

AXE = Axe()
# Two elements of one id: a label may lead to the wrong field. Axe no longer looks for it.
TWICE = """
() => [...document.querySelectorAll('main [id]')].map(at => at.id).filter((id, at, ids) => ids.indexOf(id) !== at)
"""
WAITING, NOTED = "rapamycin-and-scalp-inflammation", "lung-cancer-screening-with-low-dose-ct"

PAGES = [
    ("reviewer", "/admin/", "My review queue"),
    ("reviewer", "/admin/sign-off/article/{pk}/", "Sign as medical reviewer"),
    ("reviewer", "/admin/sign-off/disclaimer/1/", "Readers currently see edition 1"),
    ("reviewer", "/admin/sign-off/article/{pk}/suggest/{section}/", "Edit the text as it should read"),
    ("reviewer", "/admin/articles/{pk}/reaffirm/", "Review the published version again"),
    ("editor", "/admin/", "Reviews due and overdue"),
    ("editor", "/admin/sign-off/offer/1/", "Readers currently see edition 1"),
    ("editor", "/admin/articles/{pk}/suggestions/", "Reject"),
    ("editor", "/admin/withdraw-many/?words=lung", "Withdraw what is selected"),
    ("author", "/admin/", "My articles"),
    ("lead", "/admin/", "Open signatures"),
    ("lead", "/admin/articles/{pk}/emergency/", "Reason for the emergency"),
    ("lead", "/admin/safety-notices/?words=lung", "Active notices"),
    ("reviewer", "/admin/return-articles/", "Find withdrawn articles"),
    ("editor", "/admin/safety-notices/{notice}/confirm/", "This notice does not wait for a second person any more"),
    ("lead", "/admin/safety-notices/{notice}/lift/", "Remove the notice from 1 article"),
    ("lead", "/admin/sign-offs/{signoff}/void/", "A voided signature no longer counts for any text"),
    ("lead", "/admin/logins/{reviewer}/void-sign-offs/?since=2026-01-01", "What changes for readers"),
    ("admin", "/admin/logins/{author}/hand-over/", "Hand over and deactivate"),
    ("lead", "/admin/assign/article/{pk}/", "People who can sign it"),
    ("reviewer", "/admin/lists/waiting-for-me/", "Reading time"),
    ("author", "/admin/lists/my-articles/", "Status"),
    ("lead", "/admin/lists/open-signatures/", "Requested"),
    ("lead", "/admin/lists/emergencies/", "This list is empty."),
    ("lead", "/admin/lists/refused/", "This list is empty."),
    ("lead", "/admin/reports/forecast/", "Median signed per week"),
    ("reviewer", "/admin/articles/", "Lung cancer screening"),
    ("editor", "/admin/articles/?q=lung", "1 match"),
    ("lead", "/admin/articles/?ordering=-next_review_on", "Lung cancer screening"),
    ("lead", "/admin/reports/emergencies/", "One clinician's signature"),
    ("lead", "/admin/reports/sign-offs/", "Clara Beispiel"),
    ("lead", "/admin/reports/ledger/", "Clara Beispiel"),
    ("lead", "/admin/articles/{pk}/timeline/", "Edition 1 was published"),
    ("lead", "/admin/articles/{pk}/timeline/?everything=1", "sha-256:"),
    ("admin", "/admin/api-keys/", "Patient app"),
    ("admin", "/admin/api-keys/create/", "The next page shows the key, once."),
    ("admin", "/admin/api-keys/{key}/revoke/", "You cannot undo this."),
    ("lead", "/admin/reports/withdrawals/?all=1", "Has read up to event"),
    (None, f"/read/en/{NOTED}/", NOTICE),
]
PICTURES = {
    "/admin/articles/{pk}/timeline/": "timeline",
    "/admin/logins/{author}/hand-over/": "hand-over",
    f"/read/en/{NOTED}/": "safety-notice",
}


@pytest.fixture(scope="module")
def scene(demo):
    """Something to see on every page: keys for their addresses."""
    made = demo.stage("wait_for_a_clinician", WAITING) | demo.stage("suggest", WAITING) | demo.stage("signed", WAITING)
    made |= demo.stage("people", WAITING)
    made |= {"notice": demo.stage("notice", NOTED)["notice"]} | demo.stage("key", NOTED)
    yield SimpleNamespace(**made)
    demo.stage("lift", NOTED)


@pytest.fixture(scope="module")
def window(chromium, demo, sessions):
    """window("lead"): the one page of somebody who is logged in."""
    contexts = []

    @cache
    def open_window(as_: str | None):
        given = {"storage_state": sessions(as_)} if as_ else {}
        contexts.append(chromium.new_context(base_url=demo.url, reduced_motion="reduce", **given))
        return listened_to(contexts[-1].new_page(), demo.url)

    yield open_window
    for context in contexts:
        context.close()


@pytest.mark.parametrize("as_, address, shows", PAGES, ids=[f"{who or 'reader'} {at}" for who, at, _ in PAGES])
def test_a_page_of_ours_is_accessible_at_both_widths(window, scene, screenshot, as_, address, shows):
    page = window(as_)
    page.errors.clear()
    page.set_viewport_size(DESKTOP)
    page.goto(address.format(**vars(scene)))
    assert page.get_by_text(shows).first.is_visible()
    if address in PICTURES:
        screenshot(page, PICTURES[address])

    at_a_desk = look(page, DESKTOP)
    on_a_phone = look(page, PHONE)

    assert at_a_desk == on_a_phone == []
    assert page.evaluate(TWICE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.errors == []


def look(page, size) -> list[str]:
    """What axe finds in `main` at this width, each with the element."""
    page.set_viewport_size(size)
    found = AXE.run(page, context="main", options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{row['id']}: {node['target']}" for row in found for node in row["nodes"]]

"""Every page of ours, looked at by axe at both widths and in both themes: no violation, nothing wider than the screen.

Wagtail's menu and header stand around `main` on the pages inside its frame; they are Wagtail's, and left out.
`make phones` keeps a picture of each page at the width of a phone.
"""

import os
import re
from functools import cache
from pathlib import Path
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
# Two citations of one source are two regions of one name, and its menu of sections puts headings among the options.
OF_WAGTAIL = ("landmark-unique", "aria-required-children")
WAITING, NOTED = "rapamycin-and-scalp-inflammation", "lung-cancer-screening-with-low-dose-ct"

PAGES = [
    ("reviewer", "/admin/", "My review queue"),
    ("reviewer", "/admin/sign-off/article/{pk}/", "Sign as medical reviewer"),
    ("reviewer", "/admin/sign-off/disclaimer/1/", "Readers currently see edition 1"),
    ("reviewer", "/admin/sign-off/article/{pk}/suggest/{section}/", "Edit the text as it should read"),
    ("reviewer", "/admin/sign-off/article/{pk}/suggest/", "Title, summary and other facts"),
    ("reviewer", "/admin/sign-off/article/{pk}/comment/", "Comment on words or on a section"),
    ("reviewer", "/admin/articles/{pk}/reaffirm/", "Review the published version again"),
    ("editor", "/admin/", "Reviews due and overdue"),
    ("editor", "/admin/sign-off/offer/1/", "Readers currently see edition 1"),
    ("editor", "/admin/articles/{pk}/suggestions/", "Reject"),
    ("editor", "/admin/withdraw-many/?words=lung", "Withdraw what is selected"),
    ("editor", "/admin/sources/1/merge/?into=2", "The record to keep"),
    ("author", "/admin/", "My articles"),
    ("author", "/admin/articles/new/", "What is the article about?"),
    ("author", "/admin/articles/{pk}/translate/", "Translate into German"),
    ("author", "/admin/articles/{pk}/replace-source/", "Replace everywhere in this article"),
    ("author", "/admin/articles/{pk}/sources/", "What to look up"),
    ("author", "/admin/sources/1/look-up/", "Back to the source"),
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
    ("author", "/admin/lists/outdated-translations/", "This list is empty."),
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
    (None, "/", "Signed articles"),
    (None, "/admin/login/?next=/admin/", "Sign in to Vetted"),
    # Wagtail's own lists, with our colours, columns and words
    ("editor", "/admin/pages/{folder}/", "Published version"),
    ("editor", "/admin/snippets/articles/source/", "Lockhart 2009"),
    ("editor", "/admin/snippets/articles/source/edit/1/", "What became of it since"),
    ("editor", "/admin/snippets/articles/offer/", "Published version"),
    ("editor", "/admin/snippets/articles/disclaimer/", "Published version"),
    ("editor", "/admin/snippets/articles/topic/", "Slug"),
    ("lead", "/admin/snippets/articles/person/", "Clara Beispiel"),
    ("lead", "/admin/snippets/articles/policy/", "Medical part: an editor and a clinician"),
    ("editor", "/admin/images/", "Images"),
    ("admin", "/admin/users/", "Username"),
    ("admin", "/admin/mail/", "No mail server is configured"),
    ("reviewer", "/admin/account/", "Password"),
    ("reviewer", "/admin/account/passkeys/", "Add a passkey"),
    ("lead", "/admin/passkeys/", "Nobody confirms their own"),
]
PICTURES = {
    "/admin/articles/{pk}/timeline/": "timeline",
    "/admin/logins/{author}/hand-over/": "hand-over",
    f"/read/en/{NOTED}/": "safety-notice",
}


def keep(page, address: str) -> None:
    """A picture of the whole page, if PHONES names a folder."""
    if folder := os.environ.get("PHONES"):
        name = re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-") or "home"
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture(scope="module")
def scene(demo):
    """Something to see on every page: keys for their addresses."""
    made = demo.stage("wait_for_a_clinician", WAITING) | demo.stage("suggest", WAITING) | demo.stage("signed", WAITING)
    made |= demo.stage("people", WAITING) | demo.stage("folder", WAITING)
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
    in_the_dark = look(page, DESKTOP, theme="dark")
    on_a_phone = look(page, PHONE)
    keep(page, address)

    assert at_a_desk == in_the_dark == on_a_phone == []
    assert page.evaluate(TWICE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.errors == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_editor_its_review_panel_and_its_menu_of_sections_are_accessible(window, scene, theme):
    page = window("author")
    page.set_viewport_size(DESKTOP)
    page.goto(f"/admin/pages/{scene.pk}/edit/")
    page.wait_for_load_state("networkidle")

    closed = look(page, DESKTOP, theme)
    if not page.locator("[data-vetted-panel]").is_visible():  # Wagtail opens the panel that was open last
        page.get_by_role("button", name="Toggle review").click()
    page.get_by_text("Published version", exact=True).wait_for()
    panel = look(page, DESKTOP, theme, "[data-vetted-panel]")
    page.get_by_title("Insert a block").first.click()
    page.get_by_role("option").first.wait_for()
    menu = look(page, DESKTOP, theme, ".w-combobox")

    found = [*closed, *panel, *menu]
    assert [each for each in found if not each.startswith(OF_WAGTAIL)] == []


def type_command(page, command: str) -> None:
    """In the first rich text field, as `/cit`."""
    page.locator("[data-contentpath=text] [contenteditable=true]").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type(command)
    page.keyboard.press("Enter")


def a_source(page) -> None:
    type_command(page, "/cit")
    page.locator(".modal a[data-chooser-modal-choice]").first.wait_for()


def a_new_source(page) -> None:
    a_source(page)
    page.get_by_role("tab", name="Add a source").click()


def a_citation(page) -> None:
    a_source(page)
    page.locator(".modal a[data-chooser-modal-choice]").first.click()
    page.get_by_role("dialog", name="Citation").wait_for()


def a_section(page) -> None:
    type_command(page, "/section")
    page.get_by_role("dialog", name="Link to a section").wait_for()


def a_link(page) -> None:
    type_command(page, "/link")
    page.locator(".modal .page-results table").wait_for()


def a_picture(page) -> None:
    page.get_by_role("tab", name="Presentation").click()
    page.get_by_role("button", name=re.compile("^Choose an(other)? image")).first.click()
    page.locator(".modal .image-choice").first.wait_for()


@pytest.mark.parametrize("opens", [a_source, a_new_source, a_citation, a_section, a_link, a_picture])
def test_a_dialog_of_the_editor_is_accessible_in_both_themes(window, scene, opens):
    page = window("author")
    page.set_viewport_size(DESKTOP)
    page.goto(f"/admin/pages/{scene.pk}/edit/")
    page.wait_for_load_state("networkidle")

    opens(page)
    within = "[role=dialog], dialog"
    found = [
        *look(page, DESKTOP, "light", within),
        *look(page, DESKTOP, "dark", within),
        *look(page, PHONE, "dark", within),
    ]

    assert found == []


def test_the_outline_of_the_sign_off_page_is_used_by_keyboard_alone(window, scene):
    page = window("reviewer")
    page.set_viewport_size(PHONE)
    page.goto(f"/admin/sign-off/article/{scene.pk}/")
    outline, opener = page.locator(".outline details"), page.locator(".outline summary")

    opener.focus()
    page.keyboard.press("Enter")
    assert outline.get_by_role("link", name="Findings").is_visible()
    page.keyboard.press("Escape")
    assert outline.get_attribute("open") is None
    assert opener.evaluate("element => element === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.url.endswith("#findings")
    assert outline.get_attribute("open") is None
    findings, text = (page.locator(place).bounding_box() for place in ("#findings", ".review-text .article"))
    assert findings["y"] < text["y"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_filters_of_a_list_are_opened_and_left_by_keyboard(window, scene, size):
    page = window("reviewer")
    page.set_viewport_size(size)
    page.goto("/admin/articles/")
    opener = page.get_by_role("button", name="Show filters")

    opener.focus()
    page.keyboard.press("Enter")
    first = page.get_by_role("button", name="Status")
    first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    field, box = (page.locator(place).bounding_box() for place in ("#id_status", ".w-drilldown__contents"))
    assert 0 <= box["x"] <= field["x"]
    assert field["x"] + field["width"] <= box["x"] + box["width"] <= size["width"]
    page.keyboard.press("Escape")

    page.locator("#id_status").wait_for(state="hidden")
    page.wait_for_function("document.activeElement.ariaLabel === 'Show filters'")


@pytest.mark.parametrize(
    ("address", "who"),
    [("/admin/articles/", "editor")]
    + [(f"/admin/reports/{at}/", "lead") for at in ("sign-offs", "ledger", "emergencies")],
)
def test_no_column_of_a_report_is_cut_off(window, scene, address, who):
    page = window(who)
    page.set_viewport_size(DESKTOP)
    page.goto(address)

    last = page.locator("table.listing thead th").last.bounding_box()

    assert last["x"] + last["width"] <= DESKTOP["width"]


# Wagtail's buttons fade from one colour to the other.
FADED = """() => Promise.allSettled(document.getAnimations()
    .filter((each) => each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished))"""


def look(page, size, theme: str = "light", within: str = "main") -> list[str]:
    """What axe finds there at this width and in this theme, each with the element."""
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.wait_for_timeout(400)
    page.evaluate(FADED)
    found = AXE.run(page, context=within, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{row['id']}: {node['target']}" for row in found for node in row["nodes"]]

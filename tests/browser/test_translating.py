"""An author translates an article and, after the original changed, brings the translation up to date."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessible import look
from tests.browser.test_signing import open_edit_view

SLUG, TITLE = "bells-palsy", "Bell's palsy"
PANEL = "[data-vetted-panel]"
SUMMARY = "Plötzliche Schwäche einer Gesichtshälfte."


def open_panel(page):
    page.wait_for_load_state("networkidle")
    if not page.locator(PANEL).is_visible():  # Wagtail opens the panel that was open last
        page.get_by_role("button", name="Toggle review").click()
    page.locator(PANEL).get_by_role("heading", name="Original", exact=True).wait_for()
    return page.locator(PANEL)


@pytest.fixture
def one_language(demo):
    yield
    demo.stage("without_translation", SLUG)


def test_an_author_translates_and_follows_the_original(visit, demo, screenshot, one_language):
    page = open_edit_view(visit, "author", TITLE)
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Translate", exact=True).first.click()
    page.get_by_role("button", name="Translate into German").wait_for()
    screenshot(page, "translate")
    pages = [look(page, DESKTOP), look(page, DESKTOP, theme="dark"), look(page, PHONE)]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(DESKTOP)

    page.get_by_role("button", name="Translate into German").click()
    page.wait_for_url("**/edit/")
    assert "This is a draft in German" in page.locator("body").inner_text()
    panel = open_panel(page)
    said = panel.inner_text()
    assert "Translated from edition" in said and "The original has not changed since." in said
    assert [panel.get_by_role("link", name=name).count() for name in ("Title", "Summary")] == [1, 1]

    demo.stage("change_the_original", SLUG)
    page.reload()
    panel = open_panel(page)
    panel.get_by_role("heading", name="Changed in the original since").wait_for()
    screenshot(page, "translation")
    pages += [look(page, DESKTOP, within=PANEL), look(page, DESKTOP, "dark", PANEL), look(page, PHONE, within=PANEL)]
    page.set_viewport_size(DESKTOP)
    panel.get_by_role("link", name="Introduction").first.click()
    section = page.locator(page.evaluate("`[id='${window.location.hash.slice(1)}']`"))
    assert section.is_visible()

    page.fill("[name=summary]", SUMMARY)
    panel.get_by_role("button", name="Mark as up to date with edition").click()
    panel.get_by_text("Marked as up to date with edition").wait_for()
    assert page.input_value("[name=summary]") == SUMMARY, "what was typed stays"
    panel.get_by_role("heading", name="Changed in the original since").wait_for(state="detached")

    assert pages == [[]] * 6
    assert page.errors == []

"""Publish later, as an editor does it in the browser: from the article's menu to the panel, and back."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_signing import open_edit_view


def open_form(visit, verb: str, size=DESKTOP):
    page = open_edit_view(visit, "editor", "Lung cancer screening with low-dose CT")
    page.set_viewport_size(size)
    page.goto(page.url.replace("/admin/pages/", "/admin/articles/").replace("/edit/", f"/{verb}-later/"))
    page.locator("[name=day]").wait_for(timeout=5_000)
    return page


def test_an_editor_schedules_and_takes_it_back(visit, screenshot):
    page = open_form(visit, "withdraw")
    day = date.today() + timedelta(days=30)
    page.fill("[name=day]", day.isoformat())
    page.fill("[name=at]", "09:00")
    page.select_option("[name=zone]", "Europe/Berlin")
    page.select_option("[name=reason]", "outdated")
    screenshot(page, "schedule")

    page.get_by_role("button", name="Withdraw later").click()
    page.wait_for_url("**/edit/")
    said = f"will be withdrawn on {day:%-d %B %Y}, 09:00 (Europe/Berlin)"
    assert said in page.locator("body").inner_text()
    page.go_back()
    page.reload()
    page.click("text=Cancel >> nth=0")

    page.wait_for_url("**/edit/")
    assert "Cancelled: nothing will happen" in page.locator("body").inner_text()
    assert page.errors == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("verb", ["publish", "withdraw"])
def test_its_pages_are_accessible(visit, verb, size):
    page = open_form(visit, verb, size)

    found = Axe().run(page, context=".nice-padding")

    assert [row["id"] for row in found.response["violations"]] == []

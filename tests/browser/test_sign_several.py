"""Two texts that changed, with one note to readers: ticked, signed once, published by the worker."""

import json
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE

SLUGS = ("bells-palsy", "lung-cancer-screening-with-low-dose-ct")
OTHER = "rapamycin-and-scalp-inflammation"


def edition_of(demo, slug: str) -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{demo.url}/api/v1/articles/{slug}/") as answer:
        return json.load(answer)["edition"]["number"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_one_difference_in_two_texts_is_signed_with_one_tick_and_one_password(visit, demo, size, screenshot):
    for slug in (*SLUGS, OTHER):
        demo.stage("settle", slug)
    for slug in SLUGS:
        demo.stage("wait_for_a_clinician", slug)
    before = [edition_of(demo, slug) for slug in SLUGS]
    page = visit("/admin/", as_="reviewer", size=size)
    page.get_by_role("link", name="Sign several").click()

    ticks = page.get_by_role("checkbox")
    assert ticks.count() >= 1 and not any(tick.is_checked() for tick in ticks.all())
    assert page.get_by_role("checkbox", name="What readers are told, in 2 texts").count() == 1
    assert "you sign 0 of 2 texts" in page.locator("[data-count]").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert Axe().run(page).response["violations"] == []
    screenshot(page, "sign-several" if size == DESKTOP else "sign-several-phone")
    for tick in ticks.all():
        tick.check()
    assert "you sign 2 of 2 texts" in page.locator("[data-count]").inner_text()

    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Sign what is ticked").click()
    assert "Nothing was signed" in page.get_by_role("alert").inner_text()
    assert all(tick.is_checked() for tick in page.get_by_role("checkbox").all())
    page.errors.clear()  # the browser complains of the refusal
    page.get_by_label("Your password").fill(demo.passwords["reviewer"])
    page.get_by_role("button", name="Sign what is ticked").click()

    page.get_by_text("All are done.").wait_for(timeout=60_000)
    assert page.get_by_text("Published as edition").count() == 2
    screenshot(page, "signed-several" if size == DESKTOP else "signed-several-phone")
    assert Axe().run(page).response["violations"] == []
    assert [edition_of(demo, slug) for slug in SLUGS] == [number + 1 for number in before]
    assert page.errors == []

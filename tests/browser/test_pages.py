"""The pages that anybody can open: home, a published article, the API's documentation. Looked at, not only fetched."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = {"home": "/", "article": "/read/en/rapamycin-and-scalp-inflammation/", "api-docs": "/api/v1/docs/"}
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_loads_nothing_from_elsewhere_and_complains_of_nothing(visit, screenshot, name):
    page = visit(PAGES[name])
    page.wait_for_load_state("networkidle")

    screenshot(page, name)
    assert page.errors == []
    assert page.locator("body").inner_text().strip()


@pytest.mark.parametrize("name", ["home", "article"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_our_public_pages_are_accessible_and_never_wider_than_the_screen(visit, name, size):
    page = visit(PAGES[name], size=size)

    found = Axe().run(page)

    assert [row["id"] for row in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_home_page_leads_to_the_admin_the_documentation_and_the_articles(visit):
    page = visit("/")

    links = [link.get_attribute("href") for link in page.locator("a").all()]

    assert {"/admin/", "/api/v1/docs/", "/api/v1/articles/"} <= set(links)
    assert page.locator(".cards h3").count() == 3


def test_an_article_that_rests_on_a_superseded_review_says_so_to_readers_and_reviewers(visit, demo):
    at = demo.stage("settle", "bells-palsy")
    page = visit("/read/en/bells-palsy/")
    newer = page.get_by_role("link", name="Newer version").first.get_attribute("href")
    marked = page.get_by_text("Newer version available").count()

    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer")

    assert newer.lower() == "https://doi.org/10.1002/14651858.cd001869.pub9" and marked
    assert "There is a newer version of" in page.locator("#findings").inner_text()


def test_the_documentation_of_the_api_lists_its_routes(visit):
    page = visit("/api/v1/docs/")

    page.locator(".opblock").first.wait_for()

    assert page.locator(".opblock").count() >= 9


def test_the_pictures_on_a_fixtures_page_are_shown(visit):
    page = visit("/api/v1/fixtures/current/page/")
    page.wait_for_load_state("networkidle")

    widths = page.evaluate("[...document.images].map((image) => image.naturalWidth)")

    assert widths and all(widths)

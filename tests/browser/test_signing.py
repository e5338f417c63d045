"""From a changed draft to signed JSON, by the clicks of three people: author, editor, clinician on a phone."""

import json
import re
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_pages import DESKTOP, PHONE

TITLE = "Bell's palsy"
SUMMARY = "Bell's palsy is a sudden weakness of one side of the face. It usually gets better; early steroids help."


def served(demo) -> dict:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{demo.url}/api/v1/articles/bells-palsy/") as answer:
        return json.load(answer)


def open_edit_view(visit, as_: str, title: str = TITLE):
    page = visit("/admin/", as_=as_)
    page.fill("input[name=q]", title.split()[1])
    page.keyboard.press("Enter")
    page.get_by_role("link", name=title).first.click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    return page


def sign_from_home(visit, demo, as_: str, *, size):
    page = visit("/admin/", as_=as_, size=size)
    page.get_by_role("link", name=f"Review and sign {TITLE}").click()
    page.wait_for_url("**/admin/sign-off/article/**")
    return page


@pytest.fixture(scope="module")
def journey():
    """What earlier steps of this file left for later ones; they run in order."""
    return {}


def test_an_author_changes_the_summary_and_submits(visit, demo, journey):
    journey["before"] = served(demo)
    page = open_edit_view(visit, "author")

    page.fill("textarea[name=summary]", SUMMARY)
    page.get_by_role("tab", name="Facts").click()
    page.fill("input[name=change_note]", "Says in the summary that early steroids help.")
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name=re.compile("Submit to")).click()
    page.wait_for_url("**/admin/pages/**")

    assert "submitted" in page.locator(".messages").inner_text()
    assert served(demo) == journey["before"]


def test_an_editor_signs_what_is_marked_as_changed(visit, demo, screenshot, journey):
    page = sign_from_home(visit, demo, "editor", size=DESKTOP)
    screenshot(page, "sign-off")

    assert page.locator("ins").all_inner_texts()
    assert [row["id"] for row in Axe().run(page).response["violations"]] == []
    page.fill("input[type=password]", demo.passwords["editor"])
    page.get_by_role("button", name=re.compile("^Sign")).click()

    assert "Still to sign: medical reviewer on the medical part" in page.locator("[role=status]").inner_text()
    assert served(demo) == journey["before"]


def test_a_wrong_password_signs_nothing_and_says_so(visit, demo, journey):
    page = sign_from_home(visit, demo, "reviewer", size=PHONE)

    page.fill("input[type=password]", "not the password")
    page.get_by_role("button", name=re.compile("^Sign")).click()

    assert "The password is not right. Nothing was signed" in page.locator("[role=alert]").inner_text()
    assert served(demo) == journey["before"]


def test_the_clinician_signs_on_a_phone_and_readers_get_it_at_once(visit, demo, screenshot, journey):
    page = sign_from_home(visit, demo, "reviewer", size=PHONE)
    screenshot(page, "sign-off-phone")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert [row["id"] for row in Axe().run(page).response["violations"]] == []
    page.fill("input[type=password]", demo.passwords["reviewer"])
    page.get_by_role("button", name=re.compile("^Sign")).click()

    after = served(demo)
    assert "readers get edition 2 now" in page.locator("[role=status]").inner_text()
    assert after["content"]["summary"] == SUMMARY
    assert after["edition"]["change"] == {"kind": "material", "note": "Says in the summary that early steroids help."}
    assert page.errors == []

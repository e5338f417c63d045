"""The seed article, from paste to *ready for review*, as an author does it, with each click counted.

The jobs: paste the text and import it, make the draft, look its sources up at a server that answers as Crossref and
PubMed do with the recorded works, and complete what the findings ask for: a summary, a citation of what studies show,
an offer of ours in place of a button that leads nowhere. Two lines that were a website's own buttons go.
"""

import re

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.hands import tab_to
from tests.browser.test_accessible import look
from tests.browser.test_new_article import Author

MOST = 25  # 24 are needed
TITLE = "The connection between rapamycin and scalp inflammation"
SUMMARY = "Early studies suggest that rapamycin on the skin may calm an inflamed scalp. Nobody knows yet how well."
CITED = "Efficacy of topically applied rapamycin-loaded redox-sensitive nanocarriers"
MOST_MS = 60_000


@pytest.fixture
def seed(shared) -> str:
    file = shared / "seed/rapamycin-scalp-inflammation.txt"
    return file.read_text(encoding="utf-8")


@pytest.fixture
def author(visit) -> Author:
    return Author(visit("/admin/", as_="author"))


def paste(author: Author, text: str) -> None:
    """Into the field that has the focus, by Ctrl+V."""
    author.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    author.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    author.page.keyboard.press("Control+v")


def make_the_draft(author: Author, text: str) -> None:
    page = author.page
    page.get_by_role("link", name="Import a file").click()
    page.get_by_label("Or paste the text of one article").click()
    paste(author, text)
    page.get_by_role("button", name="Start the import").click()
    page.get_by_role("button", name=f"Make the draft of {TITLE}").click(timeout=MOST_MS)


def look_up(author: Author, screenshot) -> str:
    """Takes over what was found; returns what the page shows before that."""
    page = author.page
    page.get_by_role("link", name="Look up its sources").click()
    page.get_by_role("button", name="Look up all 4 that are not verified").click()
    shown = page.locator("main").inner_text()
    page.locator(".vetted-looked-up").nth(1).evaluate("at => at.scrollIntoView()")
    screenshot(page, "look-up")
    page.get_by_role("button", name="Use the ticked details").click()
    page.locator(".messages").get_by_text("3 sources are looked up.").wait_for()
    return shown


def section(page, number: int):
    return page.locator(f"[name=body-{number}-type]").locator("xpath=ancestor::*[@data-contentpath][1]")


def complete(author: Author) -> None:
    """What the blocking findings ask for."""
    page = author.page
    page.locator("[name=body-0-type]").wait_for(state="attached")
    kinds = [field.input_value() for field in page.locator("[name^=body-][name$=-type]").all()]
    page.locator("[name=summary]").click()
    author.type(SUMMARY)
    page.locator("[name=body-3-value-heading]").click()
    author.tab_to("[contenteditable=true]")
    page.keyboard.press("Control+End")
    page.keyboard.type(" /cit")
    page.keyboard.press("Enter")
    page.locator(".modal").get_by_role("link", name=re.compile(CITED)).first.click()
    author.say("background")
    calls = [number for number, kind in enumerate([kind for kind in kinds if kind]) if kind == "cta"]
    for number in calls[:0:-1]:
        section(page, number).get_by_role("button", name="Delete").first.click()
    choose_another(author, f"body-{calls[0]}-value-offer")
    page.locator(".modal a[data-chooser-modal-choice]").first.click()
    page.locator(".modal").wait_for(state="detached")


def choose_another(author: Author, name: str) -> None:
    """In place of what is chosen."""
    around = author.field(name).locator("xpath=..")
    around.get_by_role("button", name="Actions").click()
    author.page.locator("[data-chooser-action-choose]").locator("visible=true").last.click()


def test_the_seed_article_is_ready_for_review_with_its_sources_looked_up(author, seed, screenshot):
    page = author.page

    make_the_draft(author, seed)
    shown = look_up(author, screenshot)
    page.get_by_role("link", name="Back to the article").click()
    complete(author)
    page.get_by_role("button", name="Submit for review").click()

    said = page.locator(".messages").get_by_text(f"“{TITLE}” was submitted.")
    said.wait_for()
    assert "No record was found for this reference." in shown  # of the one that nobody has a record of
    assert "The library already has this work" in shown  # the demo's own article cites the other three
    assert len(author.counted) <= MOST, "\n".join([f"{len(author.counted)} clicks", *author.counted])


def test_what_was_found_is_accessible_and_is_taken_over_by_keyboard(visit, demo, shared):
    at = demo.stage("settle", "rapamycin-and-scalp-inflammation")
    page = visit(f"/admin/articles/{at['pk']}/sources/", as_="author")

    tab_to(page, "button[value=all]", most=60)
    page.keyboard.press("Enter")
    page.get_by_role("columnheader", name="Found").first.wait_for()
    found = [look(page, size, theme) for size in (DESKTOP, PHONE) for theme in ("light", "dark")]
    width = page.evaluate("document.documentElement.scrollWidth")
    page.locator("input[name=use]").first.focus()
    page.keyboard.press("Space")
    page.locator("button[value=use]").focus()
    page.keyboard.press("Enter")

    page.locator(".messages").get_by_text("looked up").wait_for()
    assert found == [[], [], [], []] and width <= PHONE["width"]

"""The reviewer's guide, followed word by word: what it says to press is there to be pressed, under that name.

The way from the letter to the signature, the conflict and the suggestion are in test_signing. This file runs after it:
it leaves articles sent back, declined, and published in an emergency.
"""

import re
from datetime import date

import pytest

from tests.browser.conftest import PHONE
from tests.browser.letters import newest_item
from tests.browser.test_signing import PALSY, RAPAMYCIN, SCREENING, served
from tests.conftest import ROOT

GUIDE = re.sub(r"\s+", " ", (ROOT / "docs/reviewers.md").read_text())
NOTICE = "Do not act on this article alone until it has been checked."


@pytest.fixture
def press():
    """press(page, "Send the request"): the button, link or summary that the guide names in italics."""

    def _press(page, name: str) -> None:
        assert f"*{name}*" in GUIDE
        by_role = page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name))
        by_role.or_(page.locator("summary").filter(has_text=name)).first.click()

    return _press


def sign(page, password: str) -> None:
    page.get_by_label("I have checked each of these").check()
    page.get_by_label("Your password").fill(password)


def said(page) -> str:
    return page.locator("main [role=status], .messages li").first.inner_text()


def test_a_review_that_is_due_is_done_from_its_letter(visit, demo, press):
    demo.stage("fall_due", PALSY)
    page = visit("/admin/", as_="reviewer")
    assert "overdue" in page.get_by_role("group", name="Reviews due and overdue").inner_text()
    before = served(demo, PALSY)

    demo.stage("next_morning", PALSY)
    page.goto(newest_item(demo.mail, to="reviewer@example.org", title="Review overdue")[-1])
    assert page.get_by_role("heading", name="Review the published version again").is_visible()
    sign(page, demo.passwords["reviewer"])
    press(page, "Sign again")

    after = served(demo, PALSY)
    assert "Signed again. The next review is due on" in said(page)
    assert after["content"] == before["content"]
    assert after["review"]["next_review_on"] > date.today().isoformat()


def test_changes_are_asked_for_and_the_author_hears_why(visit, demo, press):
    at = demo.stage("wait_for_a_clinician", PALSY)
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer", size=PHONE)

    press(page, "Request changes instead")
    page.get_by_label("What should change, and why").fill("Say how soon steroids have to begin.")
    press(page, "Send the request")

    demo.stage("next_morning", PALSY)
    item = newest_item(demo.mail, to="author@example.org", title="Changes requested: Bell's palsy")
    assert "“Say how soon steroids have to begin.”" in item
    assert "Changes requested" in said(page)


def test_a_conflict_of_interest_is_declared_and_somebody_else_is_asked(visit, demo, press):
    at = demo.stage("wait_for_a_clinician", SCREENING)
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer", size=PHONE)

    press(page, "Decline as medical reviewer")
    page.get_by_label("I have a conflict of interest").check()
    page.get_by_role("button", name="Decline to sign").click()

    assert "Declined. The request goes back to the other people who can sign." in said(page)
    page.goto(f"/admin/sign-off/article/{at['pk']}/")
    assert "You declared a conflict of interest" in page.locator(".review-head").inner_text()
    assert page.locator(".card-sign").count() == 0


def test_somebody_on_call_puts_a_notice_on_articles_and_lifts_it(visit, demo, press):
    page = visit("/admin/", as_="lead")

    press(page, "Safety notices")
    page.get_by_label("Words").fill("rapamycin")
    page.get_by_role("button", name="Find everything about this").click()
    page.get_by_label("Notice in English").fill(NOTICE)
    page.get_by_label("Your password").fill(demo.passwords["lead"])
    press(page, "Sign the notice and show it now")
    shown = served(demo, RAPAMYCIN)["notices"]
    press(page, "Remove")
    page.get_by_label("Why the notice is no longer needed").fill("It was checked.")
    page.get_by_role("button", name="Remove the notice from 1 article").click()

    assert [(row["kind"], row["text"]) for row in shown] == [("safety", NOTICE)]
    assert served(demo, RAPAMYCIN)["notices"] == []


def test_somebody_on_call_publishes_what_cannot_wait(visit, demo, press):
    at = demo.stage("wait_for_an_editor", SCREENING)
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="lead")

    press(page, "Publish in an emergency")
    press(page, "Continue to emergency publishing")
    page.get_by_label("Reason for the emergency").fill("The old text names no one to ask.")
    sign(page, demo.passwords["lead"])
    press(page, "Sign and publish now")

    assert "Published in an emergency" in said(page)
    assert served(demo, SCREENING)["review"]["status"] == "emergency"


def test_who_goes_away_says_so_in_the_account(visit, demo):
    page = visit("/admin/")  # saving the account ends this login's session, so it has one of its own
    page.fill("input[name=username]", "reviewer")
    page.fill("input[name=password]", demo.passwords["reviewer"])
    page.keyboard.press("Enter")

    page.get_by_role("link", name="Account").first.click()
    page.get_by_label("First name").fill("Clara")
    page.get_by_label("Last name").fill("Beispiel")
    save_away(page, date.today().isoformat())
    kept = page.get_by_label("Away until").input_value()
    save_away(page, "")

    assert kept == date.today().isoformat()
    assert page.get_by_label("Away until").input_value() == ""


def save_away(page, until: str) -> None:
    page.get_by_label("Away until").fill(until)
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


def test_what_the_guide_calls_by_name_stands_on_the_page(visit, demo):
    at = demo.stage("wait_for_a_clinician", PALSY)
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer")
    words = page.locator("body").inner_text()

    named = re.findall(r"- \*\*([^*]+)\*\*", GUIDE.partition("## What is on the page")[2].partition("## ")[0])

    assert len(named) >= 6
    assert [name for name in named if name.removesuffix("…").strip().lower() not in words.lower()] == []

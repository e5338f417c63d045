"""From a changed draft to signed JSON, by the clicks of three people: author, editor, clinician.

The clinician comes by the link in a letter, to a browser that knows nothing: on a phone and at a desk, by keyboard
alone, without JavaScript, and while somebody changes the text.
"""

import json
import re
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.hands import Hands, tab_to
from tests.browser.letters import newest_item

TITLE, OTHER = "Bell's palsy", "Lung cancer screening with low-dose CT"
SUMMARY = "Bell's palsy is a sudden weakness of one side of the face. It usually gets better; early steroids help."
PALSY, SCREENING, RAPAMYCIN = (
    "bells-palsy",
    "lung-cancer-screening-with-low-dose-ct",
    "rapamycin-and-scalp-inflammation",
)


def served(demo, slug: str = PALSY) -> dict:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{demo.url}/api/v1/articles/{slug}/") as answer:
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


def require_laid_out(page, *, is_wide: bool) -> None:
    """The heading comes first; the text is beside the form on a wide screen, and above it on a narrow one."""
    head, text, form = (
        page.locator(place).bounding_box() for place in (".review-head", ".review-text", ".review-rail")
    )
    assert head["y"] + head["height"] <= text["y"]
    if is_wide:
        assert text["x"] + text["width"] <= form["x"] and form["x"] + form["width"] <= DESKTOP["width"]
    else:
        assert text["y"] + text["height"] <= form["y"]


def link_for_the_clinician(demo, slug: str, title: str) -> str:
    """The link in the digest of the morning after an editor assigned the review."""
    demo.stage("assign", slug)
    demo.stage("next_morning", slug)
    return newest_item(demo.mail, to="reviewer@example.org", title=f"To sign: {title}")[-1]


def log_in_and_sign_whole(page, link: str, password: str, *, look=None) -> Hands:
    """The whole way from the letter; `look` is called between logging in and signing."""
    hands = Hands(page)
    hands.open(link)
    hands.type("input[name=username]", "reviewer")
    hands.type("input[name=password]", password, enter=True)
    page.wait_for_url(link)
    if look:
        look(page)
    hands.tick("input[name=checklist]")
    hands.type("#sign input[name=password]", password, enter=True)
    page.locator("[role=status]").wait_for()
    return hands


def readers_get_another(page, before: dict) -> bool:
    return f"published as edition {before['edition']['number'] + 1}" in page.locator("[role=status]").inner_text()


@pytest.fixture(scope="module")
def journey():
    """What earlier steps of this file left for later ones; they run in order."""
    return {}


def test_an_author_changes_the_summary_and_submits(visit, demo, journey):
    demo.stage("settle", PALSY)
    journey["before"] = served(demo)
    page = open_edit_view(visit, "author")

    page.fill("textarea[name=summary]", SUMMARY)
    page.get_by_role("tab", name="Facts").click()
    page.fill("input[name=change_note]", "Says in the summary that early steroids help.")
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url("**/admin/pages/**")

    assert "submitted" in page.locator(".messages").inner_text()
    assert served(demo) == journey["before"]


def test_an_editor_signs_what_is_marked_as_changed(visit, demo, journey):
    page = sign_from_home(visit, demo, "editor", size=DESKTOP)
    require_laid_out(page, is_wide=True)

    assert page.locator("ins").all_inner_texts()
    page.fill("input[type=password]", demo.passwords["editor"])
    page.get_by_role("button", name=re.compile("^Sign")).click()

    assert "Still missing: medical reviewer on the medical part" in page.locator("[role=status]").inner_text()
    assert served(demo) == journey["before"]


def test_a_wrong_password_signs_nothing_and_says_so(visit, demo, screenshot, journey):
    page = visit("/admin/", as_="reviewer")
    screenshot(page, "home-reviewer")
    page.get_by_role("link", name=f"Review and sign {TITLE}").click()

    page.check("input[name=checklist]")
    page.fill("input[type=password]", "not the password")
    page.get_by_role("button", name=re.compile("^Sign")).click()

    assert "The password is not right. Nothing was signed" in page.locator("[role=alert]").inner_text()
    assert page.locator("input[name=checklist]").is_checked()
    assert served(demo) == journey["before"]


def test_without_the_checklist_nothing_is_signed_whole(visit, demo, journey):
    page = sign_from_home(visit, demo, "reviewer", size=PHONE)
    require_laid_out(page, is_wide=False)

    page.fill("input[type=password]", demo.passwords["reviewer"])
    page.get_by_role("button", name=re.compile("^Sign")).click()

    assert page.locator("input[name=checklist]").evaluate("tick => !tick.checked && tick.matches(':invalid')")
    assert page.locator("[role=alert]").count() == 0 and served(demo) == journey["before"]
    page.get_by_label("The marked changes only").check()
    assert page.locator("input[name=checklist]").is_hidden()


def test_from_the_letter_to_the_signature_on_a_phone_in_at_most_six_actions(visit, demo, screenshot, journey):
    page = visit("/", size=PHONE)

    def look(page) -> None:
        screenshot(page, "sign-off-phone")
        screenshot(page, "marked-change", of="#changes")
        screenshot(page, "checklist", of=".card-sign")

    link = link_for_the_clinician(demo, PALSY, TITLE)
    hands = log_in_and_sign_whole(page, link, demo.passwords["reviewer"], look=look)

    after = served(demo)
    assert len(hands.actions) <= 6
    assert readers_get_another(page, journey["before"])
    assert after["content"]["summary"] == SUMMARY
    assert after["edition"]["change"] == {"kind": "material", "note": "Says in the summary that early steroids help."}
    assert page.errors == []


def test_from_the_letter_to_the_signature_at_a_desk_in_at_most_six_actions(visit, demo, screenshot):
    demo.stage("wait_for_a_clinician", SCREENING)
    before = served(demo, SCREENING)
    page = visit("/")

    link = link_for_the_clinician(demo, SCREENING, OTHER)
    hands = log_in_and_sign_whole(
        page, link, demo.passwords["reviewer"], look=lambda page: screenshot(page, "sign-off")
    )

    assert len(hands.actions) <= 6
    assert served(demo, SCREENING)["edition"]["number"] == before["edition"]["number"] + 1
    assert page.errors == []


def test_a_clinician_logs_in_and_signs_by_keyboard_alone(visit, demo):
    at = demo.stage("wait_for_a_clinician", RAPAMYCIN)
    before = served(demo, RAPAMYCIN)
    page = visit(f"/admin/sign-off/article/{at['pk']}/")

    tab_to(page, "[name=username]") if not page.locator("[name=username]:focus").count() else None
    page.keyboard.type("reviewer")
    tab_to(page, "[name=password]")
    page.keyboard.type(demo.passwords["reviewer"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/sign-off/article/**")
    tab_to(page, "a[href='#sign-medical']")
    page.keyboard.press("Enter")
    tab_to(page, "[name=checklist]")
    page.keyboard.press("Space")
    tab_to(page, "[name=password]")
    page.keyboard.type(demo.passwords["reviewer"])
    tab_to(page, "button")
    page.keyboard.press("Enter")

    assert readers_get_another(page, before)


def test_a_clinician_signs_the_changes_only_without_javascript(visit, demo):
    at = demo.stage("wait_for_a_clinician", PALSY)
    before = served(demo)
    page = visit(f"/admin/sign-off/article/{at['pk']}/", scripts=False, size=PHONE)

    page.fill("input[name=username]", "reviewer")
    page.fill("input[name=password]", demo.passwords["reviewer"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/sign-off/article/**")
    page.get_by_label("The marked changes only").check()
    page.fill("#sign input[name=password]", demo.passwords["reviewer"])
    page.get_by_role("button", name="Sign medical part").click()

    assert readers_get_another(page, before)
    assert served(demo)["review"]["next_review_on"] == before["review"]["next_review_on"]


def test_a_text_that_changed_while_it_was_read_is_not_signed_and_the_change_is_marked(visit, demo, screenshot):
    at = demo.stage("wait_for_a_clinician", SCREENING)
    before = served(demo, SCREENING)
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer")

    demo.stage("edit", SCREENING)
    page.check("input[name=checklist]")
    page.fill("#sign input[name=password]", demo.passwords["reviewer"])
    page.get_by_role("button", name="Sign medical part").click()
    page.locator("[role=alert]").wait_for()

    screenshot(page, "conflict")
    assert "Nothing was signed" in page.locator("[role=alert]").inner_text()
    assert page.locator("#since ins").all_inner_texts()
    assert [row["id"] for row in Axe().run(page).response["violations"]] == []
    assert served(demo, SCREENING) == before


def test_suggested_words_become_an_editors_change(visit, demo, screenshot):
    at = demo.stage("wait_for_a_clinician", RAPAMYCIN)
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer")

    page.locator(".sections").get_by_role("link", name="Suggest a change").first.click()
    passage = page.locator("textarea[name^=after-]").last
    words = passage.input_value()
    passage.fill(f"In short: {words}")
    page.fill("[name=comment]", "So that nobody misses it.")
    screenshot(page, "suggest")
    page.get_by_role("button", name="Send suggestion").click()
    assert "1 suggestion sent. An editor decides." in page.locator("[role=status]").inner_text()
    editor = visit(f"/admin/articles/{at['pk']}/suggestions/", as_="admin")
    editor.locator("section").filter(has_text="In short:").get_by_role("button", name="Accept").click()

    assert "A new draft with the change was saved in your name." in editor.locator("[role=status]").inner_text()
    page.reload()
    assert page.locator(".sections").get_by_text("In short:").count()

"""What a reviewer answers on the sign-off page, and what the editor then finds: at a desk, on a phone, without scripts.

Suggestions for fields of every kind, something that is missing, and comments on selected words. This file runs after
test_signing and test_sign_several, whose article it takes: who suggested what was accepted does not sign the rest.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE

ARTICLE = "rapamycin-and-scalp-inflammation"
SELECT = """(words) => {
  const walker = document.createTreeWalker(document.querySelector(".review-text .sections"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, at = node.data.indexOf(words);
    if (at < 0 || node.parentElement.closest(".rests")) continue;
    const range = new Range();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    node.parentElement.scrollIntoView({ block: "center" });
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
}"""


@pytest.fixture
def at(demo) -> dict:
    return demo.stage("wait_for_a_clinician", ARTICLE)


def violations(page) -> list[str]:
    return [f"{row['id']}: {node['target']}" for row in Axe().run(page).response["violations"] for node in row["nodes"]]


def some_words(page) -> str:
    """The first words of a paragraph of the text."""
    text = page.locator(".review-text .sections .section p").first.evaluate("p => p.firstChild.data")
    return " ".join(text.split()[:4])


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_choice_a_number_and_something_missing_are_suggested_and_accepted(visit, at, size, screenshot):
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer", size=size)
    risks = page.locator(".read", has=page.locator(".section-risks")).first
    risks.get_by_role("link", name="Suggest a change").click()

    frequency = page.locator("label.field", has_text="Frequency").locator("select").first
    before = frequency.input_value()
    others = frequency.locator("option").evaluate_all("all => all.map(option => option.value)")
    after = next(value for value in others if value not in ("", before))
    frequency.select_option(after)
    page.locator("summary", has_text="Add a side effect").click()
    added = page.locator("details", has_text="Add a side effect")
    name = f"A side effect at {size['width']}"
    added.get_by_label("Name").fill(name)
    page.fill("[name=comment]", "By the label.")
    screenshot(page, f"suggest-{size['width']}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert violations(page) == []
    page.get_by_role("button", name="Send suggestion").click()
    assert "2 suggestions sent. An editor decides." in page.locator("[role=status]").inner_text()

    editor = visit(f"/admin/articles/{at['pk']}/suggestions/", as_="admin", size=size)
    screenshot(editor, f"suggestions-{size['width']}")
    assert editor.get_by_text(re.compile("side effect “.*”: Frequency")).count()
    for words in (": Frequency", name):
        editor.locator("section").filter(has_text=words).get_by_role("button", name="Accept").first.click()
        assert "A new draft with the change was saved" in editor.locator("[role=status]").inner_text()
    page.reload()
    assert page.locator(".section-risks").get_by_text(name).count()
    assert page.errors == editor.errors == []


@pytest.mark.parametrize("way", ["mouse", "keyboard", "touch"])
def test_selected_words_are_commented_on(visit, at, way, screenshot):
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer", size=PHONE if way == "touch" else DESKTOP)
    words = some_words(page)
    assert not page.get_by_text("Comment on the selected words").is_visible()
    page.evaluate(SELECT, words)

    if way == "keyboard":
        page.keyboard.press("Control+Alt+KeyM")
    else:
        opener = page.get_by_role("button", name="Comment on the selected words")
        opener.wait_for()
        screenshot(page, f"comment-opener-{way}")
        box = opener.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
        opener.click()
    page.get_by_role("dialog").wait_for()
    assert page.locator("[data-comment-quote]").inner_text() == words
    assert violations(page) == []
    screenshot(page, f"comment-dialog-{way}")
    page.get_by_label("Your comment").fill(f"What is meant, by {way}?")
    page.get_by_role("button", name="Send comment").click()

    page.wait_for_url(re.compile("#comment-"))
    comment = page.locator(".comment", has_text=f"What is meant, by {way}?")
    assert comment.is_visible() and words in comment.inner_text()
    assert page.evaluate("[...CSS.highlights.get('commented')].map(String)").count(words)
    screenshot(page, f"comment-{way}")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert violations(page) == []
    comment.get_by_role("button", name="Resolve").click()
    assert page.locator(".comment", has_text=f"by {way}?").count() == 0
    assert page.errors == []


def test_without_scripts_the_section_is_chosen_and_the_words_are_typed(visit, at):
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer", scripts=False)
    page.locator(".read .rests-suggest").first.get_by_role("link", name="Comment").click()
    page.get_by_label("Your comment").fill("About all of it.")
    page.get_by_role("button", name="Send comment").click()

    assert page.locator(".comment", has_text="About all of it.").is_visible()
    page.locator(".comment", has_text="About all of it.").get_by_role("button", name="Resolve").click()
    assert "Comment resolved." in page.locator("[role=status]").inner_text()


def test_the_editor_shows_the_comment_at_its_words_answers_it_and_opening_never_saves(visit, at, screenshot):
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer")
    words = some_words(page)
    page.evaluate(SELECT, words)
    page.keyboard.press("Control+Alt+KeyM")
    page.get_by_label("Your comment").fill("Does this hold for children?")
    page.get_by_role("button", name="Send comment").click()
    page.wait_for_url(re.compile("#comment-"))

    editor = visit("/admin/", as_="editor")
    saved = []
    editor.on("request", lambda request: saved.append(request.url) if request.method == "POST" else None)
    editor.goto(f"/admin/pages/{at['pk']}/edit/")
    editor.wait_for_load_state("networkidle")
    editor.wait_for_timeout(4000)  # autosave would have come after half a second
    assert [url for url in saved if f"/pages/{at['pk']}/edit/" in url] == []
    assert editor.errors == []
    editor.get_by_role("button", name="Toggle comments").click()
    editor.get_by_text("Does this hold for children?").first.wait_for()
    screenshot(editor, "comment-in-the-editor")
    page.locator(".comment", has_text="Does this hold for children?").get_by_role("button", name="Resolve").click()


def test_on_a_phone_the_findings_come_before_the_end_of_the_text_and_the_outline_leads_to_each_section(visit, at):
    page = visit(f"/admin/sign-off/article/{at['pk']}/", as_="reviewer", size=PHONE)
    findings, end = page.locator("#findings").bounding_box(), page.locator("#sign").bounding_box()
    ids = page.locator(".review-text .sections .section").evaluate_all("all => all.map(section => section.id)")

    links = page.locator(".outline a").evaluate_all("all => all.map(link => link.hash.slice(1))")

    assert findings["y"] < page.locator(".review-text .article").bounding_box()["y"] < end["y"]
    assert [key for key in links if key.startswith("section-")] == ids

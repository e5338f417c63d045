"""What an author meets in the editor: sections, the review panel, refusals that lead to the block, citations."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_signing import OTHER, PALSY, TITLE, open_edit_view


def add_article(visit):
    page = visit("/admin/", as_="author")
    page.goto("/admin/articles/new/?type=explainer")
    page.wait_for_load_state("networkidle")
    return page


def test_the_editor_shows_the_sections_and_the_review_panel_without_a_complaint(visit, screenshot):
    page = open_edit_view(visit, "author")
    page.get_by_role("button", name="Toggle review").click()
    page.get_by_text("Published version", exact=True).wait_for()

    screenshot(page, "editor")
    panel = page.locator("[data-vetted-panel]").inner_text()
    assert "Edition" in panel
    assert "How the import classified each part" in panel
    assert page.errors == []


def test_a_draft_with_blocking_findings_is_kept_and_the_message_leads_to_the_place(visit, screenshot):
    page = add_article(visit)
    page.locator("[name=title]").press_sequentially("An article without anything")
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelector('[name=slug]').value !== ''")

    page.get_by_role("button", name="Submit for review").click()

    said = page.locator(".messages")
    said.get_by_text("Saved, but not submitted").wait_for()
    assert said.locator("li a").count() >= 3
    page.wait_for_timeout(600)  # the message slides in
    screenshot(page, "findings")
    page.get_by_role("tab", name="Filing").click()
    said.locator("li a").first.click()
    expect(page.locator("textarea[name=summary]")).to_be_in_viewport()


def test_saving_without_a_change_leaves_the_text_that_was_signed(visit, demo):
    demo.stage("settle", PALSY)
    page = open_edit_view(visit, "editor", TITLE)
    page.wait_for_load_state("networkidle")

    page.get_by_role("button", name="Save draft").click()
    page.locator(".messages").get_by_text("has been updated").wait_for()
    page.get_by_role("button", name="Toggle review").click()

    page.locator("[data-vetted-panel]").get_by_text("This draft is identical to it.").wait_for()


def test_the_form_is_sent_once_the_autosave_that_is_on_its_way_has_ended(visit, demo):
    page = open_edit_view(visit, "author")
    page.wait_for_timeout(2500)  # Wagtail looks for changes from then on
    posted = []
    page.on("response", lambda answer: answer.request.method == "POST" and posted.append(answer))

    def late(route):
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/edit/", lambda route: late(route) if route.request.method == "POST" else route.continue_())
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/edit/")):
        page.locator("textarea[name=summary]").fill("What was typed last.")
    page.get_by_role("button", name="Save draft").click()
    page.locator(".messages").get_by_text("has been updated").wait_for()

    saved = [answer.status for answer in posted if answer.url.endswith("/edit/")]
    assert saved == [200, 302]
    assert page.locator("textarea[name=summary]").input_value() == "What was typed last."
    assert page.errors == []


def test_on_a_phone_save_draft_stays_in_sight_and_the_start_page_leads_to_the_guides(visit):
    page = open_edit_view(visit, "author", OTHER)
    page.set_viewport_size(PHONE)
    for place in ("window.scrollTo(0, 0)", "window.scrollTo(0, document.body.scrollHeight / 2)"):
        page.evaluate(place)
        expect(page.get_by_role("button", name="Save draft")).to_be_in_viewport(ratio=1)

    page.goto("/admin/")
    for name in ("Account", "Guide for authors and editors", "Guide for reviewers"):
        assert page.get_by_role("main").get_by_role("link", name=name, exact=True).is_visible()


@pytest.mark.parametrize("in_review", [False, True])
def test_no_button_publishes(visit, demo, in_review):
    if in_review:
        demo.stage("wait_for_a_clinician", PALSY)
    page = open_edit_view(visit, "admin", TITLE if in_review else OTHER)
    page.wait_for_load_state("networkidle")

    if (menu := page.get_by_role("button", name="More actions")).count():
        menu.last.click()

    offered = page.locator("footer").get_by_role("button").all_inner_texts()
    assert any("Save draft" in name for name in offered)
    assert not [name for name in offered if name.strip().startswith("Publish")]


def test_a_citation_stands_behind_the_selected_words(visit):
    page = open_edit_view(visit, "author")
    editor = page.locator("[data-contentpath=text] [contenteditable=true]").first
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Shift+ArrowRight")
    words = editor.inner_text()

    page.keyboard.type("/citation")
    page.keyboard.press("Enter")
    page.locator(".modal a[data-chooser-modal-choice]").first.click()
    page.get_by_role("dialog", name="Citation").get_by_role("button", name="Save").click()
    page.locator(".vetted-citation").first.wait_for()
    page.keyboard.type(" more")  # what is typed next replaces nothing

    assert re.search(r"\[[^\[\]]+ (19|20)\d\d\] more", editor.inner_text())
    assert words.split()[3] in editor.inner_text()


@pytest.mark.parametrize(
    ("tab", "place", "fields"),
    [
        ("Presentation", "[id=id_hero-chooser]", ("hero_alt", "hero_credit")),
        ("Article", "[id$=figure-image-chooser]", ("figure-alt", "figure-credit")),
    ],
)
def test_a_chosen_picture_brings_its_words_and_what_is_saved_is_what_was_seen(visit, tab, place, fields):
    page = open_edit_view(visit, "author")
    page.wait_for_load_state("networkidle")
    if tab == "Article":
        page.get_by_title("Insert a block").locator("visible=true").last.click()
        page.get_by_role("option", name="Figure").click()
    else:
        page.get_by_role("tab", name=tab).click()
    alt, credit = (page.locator(f"[name$={name}]") for name in fields)
    alt.fill("Words of another picture")

    chooser = page.locator(place)
    if chooser.get_by_role("button", name="Actions").is_visible():
        chooser.get_by_role("button", name="Actions").click()
    chooser.locator("[data-chooser-action-choose]").locator("visible=true").first.click()
    page.locator(".modal-dialog [data-chooser-modal-choice]").first.click()

    page.wait_for_function(
        "name => !document.querySelector(name).value.startsWith('Words')", arg=f"[name$={fields[0]}]"
    )
    assert alt.input_value()
    assert credit.input_value()
    assert page.errors == []


def test_a_citation_says_how_its_source_supports_the_claim_only_once_somebody_chose_it(visit, screenshot):
    page = open_edit_view(visit, "author")
    editor = page.locator("[data-contentpath=text] [contenteditable=true]").first
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Shampoo helps ")
    page.keyboard.type("/citation")
    page.keyboard.press("Enter")
    page.locator(".modal a[data-chooser-modal-choice]").first.click()
    dialog = page.get_by_role("dialog", name="Citation")
    dialog.get_by_role("button", name="Cancel").click()  # it was chosen: it stays, and says nothing
    citation = editor.locator(".vetted-citation").first
    assert "support not stated" in citation.get_attribute("title")

    citation.click()
    assert dialog.get_by_label("How it supports the claim").input_value() == ""
    dialog.get_by_label("How it supports the claim").select_option(label="Supports the claim indirectly")
    dialog.get_by_label("Where in the source").fill("table 2")
    screenshot(page, "citation")
    dialog.get_by_role("button", name="Save").click()

    page.wait_for_function("document.querySelector('[name=body-0-value-text]').value.includes('table 2')")
    assert "support: indirect" in citation.get_attribute("title")
    stored = json.loads(page.locator("[name=body-0-value-text]").input_value())
    data = [entity["data"] for entity in stored["entityMap"].values() if entity["type"] == "CITATION"]
    assert list(json.loads(data[0]["said"]).values()) == [{"support": "indirect", "locator": "table 2", "quote": ""}]
    assert page.errors == []


def test_a_link_to_a_section_is_chosen_from_the_headings_of_the_form_saved_or_not(visit, screenshot):
    page = open_edit_view(visit, "author")
    page.wait_for_load_state("networkidle")
    page.locator("[name$=-value-heading]").last.fill("A heading that is not saved yet")
    new = page.locator("[name^=body-][name$=-id]").evaluate_all(
        "fields => fields.filter(each => /^body-[0-9]+-id$/.test(each.name)).map(each => each.value)"
    )
    editor = page.locator("[data-contentpath=text] [contenteditable=true]").first
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Below ")

    page.keyboard.type("/section")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Link to a section")
    dialog.get_by_label("The section that the link leads to").select_option(label="A heading that is not saved yet")
    found = Axe().run(page, context=".vetted-dialog")
    screenshot(page, "section-link")
    dialog.get_by_role("button", name="Save").click()

    link = editor.locator(".vetted-anchor")
    assert link.inner_text() == "A heading that is not saved yet"
    assert "“A heading that is not saved yet”" in link.get_attribute("title")
    page.wait_for_function("document.querySelector('[name=body-0-value-text]').value.includes('ANCHOR')")
    stored = json.loads(page.locator("[name=body-0-value-text]").input_value())
    (data,) = [entity["data"] for entity in stored["entityMap"].values() if entity["type"] == "ANCHOR"]
    assert data["section"] in new
    assert found.violations_count == 0, found.generate_report()

    link.click()
    dialog.get_by_role("button", name="Remove link").click()
    assert editor.locator(".vetted-anchor").count() == 0
    assert "Below A heading that is not saved yet" in editor.inner_text()
    assert page.errors == []

"""A long article in the editor: its sections open closed, what somebody has to see opens, and bad input loses nothing.

Its speed is measured by `make bench-editor`; here is what holds without a stopwatch.
"""

from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe

SECTIONS = "#body-root > [data-streamfield-stream-container] > [data-streamfield-child]"
HEADER = "> section > .w-panel__header"
CLOSED = f"{SECTIONS} {HEADER} > [data-panel-toggle][aria-expanded=false]"
RTL = "هل الدواء آمن؟ שלום"
NUMBER = count(1)
# Our scripts that search the whole page.
COUNTED = """() => {
  window.searched = [];
  for (const name of ['querySelectorAll', 'getElementsByName']) {
    const search = Document.prototype[name];
    Document.prototype[name] = function (selector) {
      if (new Error().stack.includes('/cms/')) window.searched.push(selector);
      return search.call(this, selector);
    };
  }
}"""


@pytest.fixture
def slug(demo) -> str:
    made = f"a-long-article-{next(NUMBER)}"
    demo.stage("long", made)
    return made


def open_long(visit, demo, slug: str, as_: str = "author"):
    pk = demo.stage("stored", slug)["pk"]
    page = visit(f"/admin/pages/{pk}/edit/", as_=as_)
    page.wait_for_load_state("networkidle")
    return page


def toggle(page, number: int):
    return page.locator(SECTIONS).nth(number).locator(f"{HEADER} > [data-panel-toggle]")


def is_open(page, number: int) -> bool:
    return toggle(page, number).get_attribute("aria-expanded") == "true"


def autosaved(page, act) -> dict:
    """What the server answers to the autosave after the act."""
    page.wait_for_timeout(2500)  # Wagtail looks for changes from then on
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/edit/")) as held:
        act()
    return held.value.json()


def test_a_long_article_opens_closed_and_opens_what_somebody_has_to_see(visit, demo, slug):
    page = open_long(visit, demo, slug)

    assert page.locator(CLOSED).count() == page.locator(SECTIONS).count() == 18
    heading = page.locator(SECTIONS).nth(3).locator("[name$=-value-heading]").input_value()
    assert page.locator(SECTIONS).nth(3).locator(HEADER).inner_text().split() == ["Prose", *heading.split()]
    content = page.locator(SECTIONS).nth(4).locator("> section > .w-panel__content")
    assert content.get_attribute("hidden") == "until-found"
    content.dispatch_event("beforematch")  # as the browser's search does it
    assert is_open(page, 4)

    page.get_by_role("button", name="Toggle review").click()
    link = page.locator("[data-vetted-panel] a[data-path^=body\\/]").first
    link.click()
    place = link.get_attribute("data-path").split("/")[1]
    section = page.locator(f"[id='block-{place}-section']")
    assert (
        section.locator(f"{HEADER.removeprefix('> section ')} > [data-panel-toggle]").get_attribute("aria-expanded")
        == "true"
    )
    assert section.evaluate("section => section.contains(document.activeElement)")

    page.get_by_role("button", name="Expand all sections").focus()
    page.keyboard.press("Enter")
    assert page.locator(CLOSED).count() == 0
    page.get_by_role("button", name="Collapse all sections").press("Enter")
    assert page.locator(CLOSED).count() == 18
    found = Axe().run(page, context="#panel-child-article-body-section")
    assert found.violations_count == 0, found.generate_report()
    assert page.errors == []


def test_what_was_opened_stays_open_after_an_autosave_and_no_key_searches_the_whole_form(visit, demo, slug):
    page = open_long(visit, demo, slug)
    toggle(page, 2).click()
    editor = page.locator(SECTIONS).nth(2).locator("[contenteditable=true]").first
    editor.click()
    page.evaluate(COUNTED)

    answer = autosaved(page, lambda: page.keyboard.type("typed again"))

    assert answer["success"] and is_open(page, 2)
    assert page.evaluate("window.searched") == []
    assert page.errors == []


def test_a_link_to_a_section_opens_it_when_the_editor_is_opened(visit, demo, slug):
    page = open_long(visit, demo, slug)
    section = page.locator(f"{SECTIONS} > section").nth(6).get_attribute("id")

    page.goto(f"{page.url.partition('#')[0]}?again#{section}")
    page.wait_for_load_state("networkidle")

    assert is_open(page, 6) and not is_open(page, 5)


def test_ten_thousand_characters_pasted_into_a_heading_leave_it_whole_and_say_why(visit, demo, slug):
    page = open_long(visit, demo, slug)
    toggle(page, 1).click()
    field = page.locator(SECTIONS).nth(1).locator("[name$=-value-heading]")
    before = field.input_value()

    field.evaluate(
        """field => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text/plain', 'long '.repeat(2000));
          field.focus();
          field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )

    assert field.input_value() == before
    said = "Nothing was pasted: the text has 10,000 characters, and this field takes 200."
    assert said in page.locator(SECTIONS).nth(1).get_by_role("alert").inner_text()
    assert page.errors == []


def test_text_from_right_to_left_is_kept_as_it_was_typed(visit, demo, slug):
    page = open_long(visit, demo, slug)
    toggle(page, 1).click()
    section = page.locator(SECTIONS).nth(1)

    def write():
        section.locator("[name$=-value-heading]").fill(RTL)
        section.locator("[contenteditable=true]").first.click(position={"x": 5, "y": 5})
        page.keyboard.press("Control+Home")
        page.keyboard.type(RTL)

    assert autosaved(page, write)["success"]
    page.wait_for_function("said => document.querySelector('[name=body-1-value-text]').value.includes(said)", arg=RTL)
    for _ in range(60):  # the text, which was typed while the heading was on its way, is saved by the next autosave
        value = demo.stage("stored", slug)["body"][1]["value"]
        if RTL in value["text"]:
            break
        page.wait_for_timeout(500)
    assert value["heading"] == RTL and RTL in value["text"]
    assert page.errors == []


def test_of_two_editors_the_second_to_save_overwrites_nothing_and_hears_why(visit, demo, slug):
    first, second = (open_long(visit, demo, slug, as_) for as_ in ("author", "editor"))
    for page, number in ((first, 1), (second, 2)):
        toggle(page, number).click()

    def write(page, number: int, words: str) -> dict:
        return autosaved(page, lambda: page.locator(SECTIONS).nth(number).locator("[name$=-value-heading]").fill(words))

    kept = write(first, 1, "Of the author")
    refused = write(second, 2, "Of the editor")

    headings = [section["value"]["heading"] for section in demo.stage("stored", slug)["body"]]
    assert kept["success"] and "Of the author" in headings and "Of the editor" not in headings
    assert not refused["success"] and refused["error_code"] == "invalid_revision"
    assert second.locator(SECTIONS).nth(2).locator("[name$=-value-heading]").input_value() == "Of the editor"
    second.get_by_role("button", name="Save draft").click()
    dialog = second.get_by_role("dialog").locator("visible=true")
    assert "saved a new version" in dialog.inner_text()
    second.keyboard.press("Escape")
    assert "Of the editor" not in [section["value"]["heading"] for section in demo.stage("stored", slug)["body"]]

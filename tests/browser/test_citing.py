"""One citation of several sources: each has its own support, place and quote, and none gets lost."""

import json

from tests.browser.test_signing import open_edit_view

SAID = (
    ("direct", "p. 3", "It was <b>so</b> in “all” & more."),
    ("indirect", "table 2", ""),
    ("background", "", "Seen."),
)
FIELD = "[name=body-0-value-text]"
HOLDS = "(field) => field.value.includes('table 2')"
EDITOR = "[data-contentpath=text] [contenteditable=true]"


def choose(page, number: int) -> None:
    page.locator(".modal a[data-chooser-modal-choice]").nth(number).click()
    page.locator(".modal").wait_for(state="detached")


def fill(page, number: int, support: str, locator: str, quote: str) -> None:
    group = page.get_by_role("dialog", name="Citation").get_by_role("group").nth(number)
    group.get_by_label("How it supports the claim").select_option(support)
    group.get_by_label("Where in the source").fill(locator)
    group.get_by_label("The sentence in the source").fill(quote)


def citations(page, field: str = FIELD) -> list[list[tuple[str, str, str]]]:
    """What is said of the sources of each citation in the form."""
    stored = json.loads(page.locator(field).input_value())
    data = [entity["data"] for entity in stored["entityMap"].values() if entity["type"] == "CITATION"]
    said = [(each["sources"].split(","), json.loads(each["said"])) for each in data if each.get("said")]
    return [[tuple(how[key][name] for name in ("support", "locator", "quote")) for key in keys] for keys, how in said]


def test_three_sources_with_their_own_support_and_quote_stay_what_was_typed(visit, demo):
    page = open_edit_view(visit, "author")
    editor = page.locator(EDITOR).first
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Shampoo helps ")
    page.keyboard.type("/cit")
    page.keyboard.press("Enter")
    choose(page, 0)
    dialog = page.get_by_role("dialog", name="Citation")
    for number in (1, 2):
        dialog.get_by_role("button", name="Add a source").click()
        choose(page, number)
    for number, said in enumerate(SAID):
        fill(page, number, *said)
    dialog.get_by_role("button", name="Save").click()
    page.wait_for_function("field => document.querySelector(field).value.includes('table 2')", arg=FIELD)

    assert citations(page) == [list(SAID)]

    page.keyboard.press("Control+z")
    page.wait_for_function("field => !document.querySelector(field).value.includes('table 2')", arg=FIELD)
    page.keyboard.press("Control+Shift+z")
    page.wait_for_function("field => document.querySelector(field).value.includes('table 2')", arg=FIELD)
    assert citations(page) == [list(SAID)]

    other = page.locator(EDITOR).nth(1)
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+End")
    page.keyboard.press("Control+c")
    other.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+v")
    page.wait_for_function(f"() => [...document.querySelectorAll('[name$=value-text]')].filter({HOLDS}).length === 2")
    fields = page.locator("[name$=value-text]")
    found = [field.get_attribute("name") for field in fields.all() if "table 2" in field.input_value()]
    assert [citations(page, f"[name={name}]") for name in found] == [[list(SAID)]] * 2

    with page.expect_response(lambda answer: answer.request.method == "POST" and "/edit/" in answer.url):
        page.get_by_role("button", name="Save draft").click()
    page.reload()
    page.locator(FIELD).wait_for(state="attached")
    assert citations(page) == [list(SAID)]
    title = page.locator(".vetted-citation").first.get_attribute("title")
    assert all(words in title for words in ("p. 3", "It was <b>so</b> in “all” & more.", "support: background"))
    assert page.errors == []

"""One citation of several sources: each has its own support, place and quote, none gets lost, and numbers are right."""

import json
import re

from axe_playwright_python.sync_playwright import Axe

from tests.browser.hands import tab_to
from tests.browser.test_signing import OTHER, open_edit_view

SAID = (
    ("direct", "p. 3", "It was <b>so</b> in “all” & more."),
    ("indirect", "table 2", ""),
    ("background", "", "Seen."),
)
FIELD = "[name=body-0-value-text]"
HOLDS = "(field) => field.value.includes('table 2')"
EDITOR = "[data-contentpath=text] [contenteditable=true]"
CHIPS = "chips => chips.map(chip => [chip.dataset.name || chip.textContent, chip.dataset.number])"
LIST = ".vetted-cited:has(.vetted-citation)"
HAS_EDITS = "dataset.wUnsavedHasEditsValue"
SUPPORT = "How it supports the claim"


def choose(page, number: int) -> None:
    page.locator(".modal a[data-chooser-modal-choice]").nth(number).click()
    page.locator(".modal").wait_for(state="detached")


def the_dialog(page):
    return page.get_by_role("dialog", name="Citation")


def fill(page, number: int, support: str, locator: str, quote: str) -> None:
    group = the_dialog(page).get_by_role("group").nth(number)
    group.get_by_label(SUPPORT).select_option(support)
    group.get_by_label("Where in the source").fill(locator)
    group.get_by_label("The sentence in the source").fill(quote)


def cite(page) -> None:
    """Three sources where the caret is, each with words of its own."""
    page.keyboard.type("/cit")
    page.keyboard.press("Enter")
    choose(page, 0)
    for number in (1, 2):
        the_dialog(page).get_by_role("button", name="Add a source").click()
        choose(page, number)
    for number, said in enumerate(SAID):
        fill(page, number, *said)
    the_dialog(page).get_by_role("button", name="Save").click()


def citations(page, field: str = FIELD) -> list[list[tuple[str, str, str]]]:
    """What is said of the sources of each citation in the form."""
    stored = json.loads(page.locator(field).input_value())
    data = [entity["data"] for entity in stored["entityMap"].values() if entity["type"] == "CITATION"]
    said = [(each["sources"].split(","), json.loads(each["said"])) for each in data if each.get("said")]
    return [[tuple(how[key][name] for name in ("support", "locator", "quote")) for key in keys] for keys, how in said]


SAVED = """() => new Promise((resolve, reject) => {
    document.addEventListener('w-autosave:success', () => resolve(), { once: true });
    setTimeout(reject, 20000);
    const edited = { cancelable: true, detail: { type: 'edits' } };
    document.querySelector('[data-edit-form]').dispatchEvent(new CustomEvent('w-unsaved:add', edited));
})"""


def save(page) -> None:
    """By autosave, which is asked for: a busy machine notices changes late. Then the page is opened anew."""
    page.wait_for_timeout(1500)
    page.wait_for_function(f"() => document.querySelector('[data-edit-form]').{HAS_EDITS} !== 'true'")
    page.evaluate(SAVED)
    page.reload()
    page.locator(FIELD).wait_for(state="attached")


def numbers(page) -> dict[str, str]:
    """{source: number} of the chips, once all have theirs."""
    page.wait_for_function(
        "() => { const chips = [...document.querySelectorAll('.vetted-citation')].filter(chip => chip.offsetParent);"
        " return chips.length && chips.every(chip => chip.dataset.number); }"
    )
    page.wait_for_timeout(300)
    found: dict[str, str] = {}
    for names, given in page.locator(".vetted-citation:visible").evaluate_all(CHIPS):
        pairs = list(zip(names.strip("[]").split("; "), given.split(", "), strict=True))
        assert all(found.setdefault(name, number) == number for name, number in pairs)
    return found


def numbers_of_readers(page) -> tuple[dict[str, str], list[str]]:
    """{source: number} and the quotes of the sign-off page."""
    rests = page.locator(".rests-source a").all_inner_texts()
    pairs = [re.fullmatch(r"\[(\d+)\] ([^,]+)(?:, .*)?", rest).groups() for rest in rests]
    return {name: number for number, name in pairs}, page.locator(".rests blockquote").all_inner_texts()


def test_three_sources_with_their_own_support_and_quote_stay_what_was_typed(visit, demo):
    page = open_edit_view(visit, "author")
    editor = page.locator(EDITOR).first
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Shampoo helps ")
    cite(page)
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

    save(page)
    assert citations(page) == [list(SAID)]
    title = page.locator(".vetted-citation").first.get_attribute("title")
    assert all(words in title for words in ("p. 3", "It was <b>so</b> in “all” & more.", "support: background"))
    before = numbers(page)
    assert list(before.values())[:3] == ["1", "2", "3"]

    page.get_by_role("button", name="Move down").locator("visible=true").first.click()
    save(page)

    after = numbers(page)
    key = re.search(r"/pages/(\d+)/", page.url)[1]
    page.goto(f"/admin/sign-off/article/{key}/")
    of_readers, quotes = numbers_of_readers(page)
    assert {name: after[name] for name in of_readers} == of_readers and set(before) == set(after)
    assert [quotes.count(quote) for _, _, quote in SAID if quote] == [2, 2]
    sources = page.locator(".rests-source").all_inner_texts()
    assert sum("table 2" in source and "Supports the claim indirectly" in source for source in sources) == 2
    assert page.errors == []


def test_a_shortcut_cites_too_and_removing_the_last_source_takes_the_citation_away(visit):
    page = open_edit_view(visit, "author", OTHER)
    editor = page.locator(EDITOR).first
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Alt+f")
    choose(page, 0)
    the_dialog(page).get_by_role("button", name="Save").click()
    chip = editor.locator(".vetted-citation").first
    chip.wait_for()
    words = editor.inner_text()

    chip.click()
    the_dialog(page).get_by_role("button", name="Remove this source").click()
    the_dialog(page).get_by_role("button", name="Save").click()

    page.wait_for_function("([at, was]) => document.querySelector(at).innerText !== was", arg=[EDITOR, words])
    assert "[" not in editor.inner_text()[:3]
    assert page.errors == []


def rows(page) -> list[list[str]]:
    """Source, support, place and quote of each row that the form would send of the first list of citations."""
    return page.locator(LIST).first.evaluate(
        """box => [...box.parentElement.querySelectorAll('[data-streamfield-list-container] > *')]
            .filter(row => row.matches('[data-streamfield-child]:not([aria-hidden=true])'))
            .map(row => ['source', 'support', 'locator', 'quote']
                .map(name => row.querySelector(`[name$="-${name}"]`).value))"""
    )


def test_the_citations_of_a_claim_in_a_list_have_the_same_dialog(visit):
    page = open_edit_view(visit, "author", OTHER)
    box = page.locator(LIST).first
    box.scroll_into_view_if_needed()
    before = rows(page)

    box.get_by_role("button", name=re.compile("^(Add|Cite) a source")).focus()
    page.keyboard.press("Enter")
    choose(page, 3)
    page.wait_for_function("() => document.activeElement.name === 'support'")
    found = Axe().run(page, context=".vetted-dialog")
    fill(page, len(before), *SAID[0])
    the_dialog(page).get_by_role("button", name="Save").click()

    assert [row[1:] for row in rows(page)] == [*(row[1:] for row in before), list(SAID[0])]
    assert [row[0] for row in rows(page)][:-1] == [row[0] for row in before]
    assert "Supports the claim directly, p. 3, “It was <b>so</b> in “all” & more.”" in box.inner_text()
    assert page.evaluate("document.activeElement.closest('.vetted-cited') !== null")
    assert found.violations_count == 0, found.generate_report()
    found = Axe().run(page, context=LIST)
    assert found.violations_count == 0, found.generate_report()

    save(page)
    assert rows(page)[-1][1:] == list(SAID[0])
    chips = page.locator(LIST).first.locator(".vetted-citation")
    chips.last.click()
    the_dialog(page).get_by_role("group").last.get_by_label("Where in the source").fill("p. 9")
    page.keyboard.press("Escape")
    assert rows(page)[-1][2] == "p. 3"
    chips.last.click()
    the_dialog(page).get_by_role("group").last.get_by_role("button", name="Remove this source").click()
    the_dialog(page).get_by_role("button", name="Save").click()
    assert rows(page) == before
    assert page.errors == []


def test_a_list_keeps_its_citations_where_the_library_does_not_answer(visit):
    page = open_edit_view(visit, "author", OTHER)
    page.route("**/sources/labels/**", lambda route: route.abort())
    page.reload()
    box = page.locator(LIST).first
    before = rows(page)

    box.locator(".vetted-citation").first.click()
    the_dialog(page).get_by_label("Where in the source").first.fill("p. 7")
    the_dialog(page).get_by_role("button", name="Save").click()

    assert rows(page) == [[*before[0][:2], "p. 7", before[0][3]], *before[1:]]


def test_another_source_takes_the_place_of_one_from_its_dialog(visit):
    page = open_edit_view(visit, "author", OTHER)
    chip = page.locator(LIST).first.locator(".vetted-citation").first
    name_before = chip.inner_text()
    chip.click()
    the_dialog(page).get_by_label("Where in the source").first.fill("p. 77")
    the_dialog(page).get_by_role("button", name="Replace everywhere in this article").first.click()
    page.wait_for_url("**/replace-source/**")
    assert "(cited " in page.locator("label:has([name=old]:checked)").inner_text()
    found = Axe().run(page, context="main")

    page.get_by_role("button", name="Choose source").click()
    others = page.locator(".modal a[data-chooser-modal-choice]").filter(has_not_text=name_before.split()[0])
    taken = others.first
    name = taken.inner_text().strip()
    taken.click()
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/pages/\d+/edit/"))
    assert f"“{name}” took the place of" in page.locator(".messages").inner_text()
    assert rows(page)[0][2] == "p. 77"
    page.get_by_role("link", name="Undo").click()
    page.wait_for_url("**/revert/")
    assert name_before in page.locator(LIST).first.inner_text()
    assert found.violations_count == 0, found.generate_report()

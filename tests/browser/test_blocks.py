"""Blocks help their authors: codes by type-ahead, counters, ticks, and headers that say what is in an item."""

import re

from tests.browser.test_signing import open_edit_view

CODE = "[name^=codes-][name$=-value-{}]"
OFFERED = "[role=listbox] > [role=option]"
TITLE = "#id_title"


def open_tab(page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def add_code(page) -> None:
    open_tab(page, "Facts")
    adder = page.locator("#panel-child-facts-codes-content .c-sf-add-button").last
    adder.click()


def value(page, field: str) -> str:
    return page.locator(CODE.format(field)).last.input_value()


def test_a_code_is_chosen_by_its_name_with_the_keyboard_and_fills_three_fields(visit, screenshot):
    page = open_edit_view(visit, "author")
    add_code(page)
    name = page.locator(CODE.format("display")).last

    name.press_sequentially("pattern hair")
    option = page.get_by_role("option", name=re.compile("Androgenic alopecia"))
    option.wait_for()
    screenshot(page, "codes")
    name.press("ArrowDown")
    assert name.get_attribute("aria-activedescendant") == option.get_attribute("id")
    name.press("Enter")

    assert [value(page, field) for field in ("display", "system", "code")] == [
        "Androgenic alopecia",
        "icd-10-cm",
        "L64",
    ]
    assert page.get_by_role("listbox").count() == 0 and name.get_attribute("aria-expanded") == "false"
    assert page.errors == []


def test_what_no_list_has_stays_as_it_was_typed(visit):
    page = open_edit_view(visit, "author")
    add_code(page)

    with page.expect_response("**/admin/codes/?*"):
        page.locator(CODE.format("code")).last.press_sequentially("L99.99")

    assert page.locator(OFFERED).count() == 0
    assert (value(page, "code"), value(page, "system")) == ("L99.99", "")


def test_escape_closes_the_list_and_keeps_what_was_typed(visit):
    page = open_edit_view(visit, "author")
    add_code(page)
    name = page.locator(CODE.format("display")).last
    name.press_sequentially("psoriasis")
    page.locator(OFFERED).first.wait_for()

    name.press("Escape")

    assert page.locator(OFFERED).count() == 0 and value(page, "display") == "psoriasis"


def test_fields_with_a_limit_count_what_is_left_and_what_is_too_much(visit):
    page = open_edit_view(visit, "author")
    title = page.locator(TITLE)

    title.fill("x" * 90)
    count = page.locator("#id_title-count")
    assert count.inner_text() == "10 of 100 characters left"
    title.fill("x" * 112)
    assert count.inner_text() == "12 characters too many: write at most 100"
    assert "id_title-count" in title.get_attribute("aria-describedby")
    for field, limit in (("summary", 300), ("seo_title", 65), ("search_description", 160)):
        assert f"of {limit} characters" in page.locator(f"#id_{field}-count").text_content()


def test_purposes_of_a_call_to_action_are_ticked(visit):
    page = open_edit_view(visit, "author")

    ticks = page.locator("[data-contentpath=purposes] input[type=checkbox]")

    assert ticks.count() == 4 and ticks.first.is_checked()


def test_a_figure_without_a_name_has_none_in_its_header(visit):
    page = open_edit_view(visit, "author")
    page.get_by_title("Insert a block").first.click()
    page.get_by_role("option", name="Figure").click()
    figure = page.locator("[data-streamfield-child]", has=page.locator("[name$=-figure-alt]")).last
    header = figure.locator("> section > .w-panel__header")

    assert header.inner_text().split() == ["Figure"]
    figure.locator("[name$=-figure-alt]").fill("A hair follicle")
    assert header.inner_text().split() == ["Figure", "A", "hair", "follicle"]


def test_items_say_their_name_in_the_header_also_when_they_are_collapsed(visit):
    page = open_edit_view(visit, "author")
    effect = page.locator("[data-contentpath=effects] [data-streamfield-child]").first
    header, field = effect.locator("> section > .w-panel__header"), effect.locator("input[type=text]").first
    toggle = header.locator("> [data-panel-toggle]")
    name = field.input_value()

    assert name and header.inner_text().split() == ["Effect", *name.split()]
    toggle.click()
    assert toggle.get_attribute("aria-expanded") == "false"
    assert header.inner_text().split() == ["Effect", *name.split()]
    toggle.click()
    field.fill("Sore mouth")
    assert header.inner_text().split() == ["Effect", "Sore", "mouth"]
    assert page.errors == []

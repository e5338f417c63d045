"""Import in Chromium: from a dropped file to a draft, a run that is left and goes on, by keyboard, on a phone."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.hands import tab_to

AXE = Axe()
PROSE = "Half of all adults sleep badly at some time in their life, and most of them never ask a doctor about it."
SLEEP = f"""Sleep and age

{PROSE} Take 5 mg of melatonin an hour before bed, and no more.

What people wonder about

Some of it is habit, some of it is age, and some of it is neither of them.

A good bed helps a little.

Risks

Melatonin can make you drowsy the next day. Do not drive.

ADVERTISEMENT

Sources

Doe J. Sleep in old age. J Sleep. 2020;3:12-19. doi:10.1000/sleep.2020
"""
DROP = """
([name, text]) => {
    const dropped = new DataTransfer();
    dropped.items.add(new File([text], name, { type: 'text/plain' }));
    return dropped;
}
"""
MOST_MS = 60_000


@pytest.fixture(autouse=True)
def tidy(visit):
    """Every run that a test began is undone after it, as an editor undoes it: other files find the demo as it was."""
    yield
    page = visit("/admin/import/", as_="editor")
    addresses = [link.get_attribute("href") for link in page.locator("td.title a").all()]
    for address in addresses:
        page.goto(address)
        if page.get_by_role("link", name="Undo this import").count():
            page.get_by_role("link", name="Undo this import").click()
            page.get_by_role("button", name="Delete the drafts").click()
            page.get_by_text(re.compile("^Undone$")).first.wait_for(timeout=MOST_MS)


def drop(page, name: str, text: str) -> None:
    """Drops a file, as a person would: once the page says where. The script that listens shows those words."""
    page.get_by_text("Drop files here").wait_for()
    page.dispatch_event("[data-vetted-drop]", "drop", {"dataTransfer": page.evaluate_handle(DROP, [name, text])})


def start(page, *files: tuple[str, str]) -> None:
    page.goto("/admin/import/")
    for name, text in files:
        drop(page, name, text)
    page.get_by_role("button", name="Start the import").click()


def wait_until_read(page) -> None:
    page.get_by_role("button", name=re.compile("Make all drafts")).wait_for(timeout=MOST_MS)


def violations(page, size) -> list[str]:
    page.set_viewport_size(size)
    found = AXE.run(page, context="main", options={"resultTypes": ["violations"]}).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    return [f"{row['id']}: {node['target']}" for row in found for node in row["nodes"]]


def test_an_editor_takes_a_dropped_file_to_a_draft(visit, screenshot):
    page = visit("/admin/", as_="editor")
    page.get_by_role("link", name="Import a file").click()
    drop(page, "sleep.txt", SLEEP)
    assert page.get_by_role("status", name="Chosen files").inner_text().strip() == "sleep.txt"
    screenshot(page, "import")
    page.get_by_role("button", name="Start the import").click()
    wait_until_read(page)

    page.get_by_role("link", name="Sleep and age", exact=True).click()
    assert "Every word of the original is in one of the parts above" in page.locator("main").inner_text()
    part = page.locator(".vetted-part", has_text="What people wonder about")
    part.scroll_into_view_if_needed()
    screenshot(page, "import-article")
    part.get_by_role("combobox").select_option("Causes")
    part.get_by_role("button", name="Change the kind").click()
    assert page.locator(".messages").inner_text().strip().endswith("The kind is changed.")
    assert "An editor decided this." in part.inner_text()
    page.get_by_role("button", name="Make the draft").click()
    page.get_by_role("link", name="Open it in the editor").click()

    assert page.locator("[name=title]").input_value() == "Sleep and age"
    assert page.locator("[name=body-1-type]").input_value() == "causes"
    assert page.errors == []


def test_a_draft_is_compared_with_its_original_from_the_editor(visit, screenshot):
    page = visit("/admin/", as_="editor")
    start(page, ("sleep.txt", SLEEP))
    wait_until_read(page)
    page.get_by_role("button", name="Make the draft of Sleep and age").click()
    page.get_by_role("link", name="Open it in the editor").click()

    page.get_by_role("button", name="Toggle review").click()
    page.get_by_role("link", name="Compare with the original").click()

    assert (
        "Apart from what the import left out, the draft has every word of the file, and no other."
        in page.locator("main").inner_text()
    )
    screenshot(page, "import-compare")
    assert violations(page, DESKTOP) == violations(page, PHONE) == []


def test_a_bulk_run_can_be_left_and_found_again(visit, screenshot):
    page = visit("/admin/", as_="editor")
    start(page, *((f"article-{at}.txt", SLEEP.replace("Sleep and age", f"Sleep, part {at}")) for at in range(12)))
    page.goto("/admin/")

    page.goto("/admin/import/")
    page.get_by_role("link", name="article-0.txt and 11 more").first.click()
    wait_until_read(page)
    screenshot(page, "import-run")
    page.get_by_role("button", name="Make all drafts (12)").click()
    assert "You can leave this page and come back." in page.locator(".messages").inner_text()
    page.goto("/admin/")
    page.goto("/admin/import/")
    page.get_by_role("link", name="article-0.txt and 11 more").first.click()
    page.get_by_role("link", name="Draft made (12)").wait_for(timeout=MOST_MS)

    assert page.get_by_role("link", name="Open the draft").count() == 12
    assert page.errors == []


def test_without_scripts_a_run_is_followed_by_reloading(visit, tmp_path):
    file = Path(tmp_path / "sleep.txt")
    file.write_text(SLEEP)
    page = visit("/admin/import/", as_="editor", scripts=False)

    page.set_input_files("input[type=file] >> nth=0", file)
    page.get_by_role("button", name="Start the import").click()
    for _ in range(60):
        if page.get_by_role("link", name="Refresh").count() == 0:
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Refresh").click()

    page.get_by_role("link", name="Sleep and age", exact=True).click()
    assert page.get_by_role("button", name="Make the draft").is_visible()


def test_a_kind_is_changed_by_keyboard_alone(visit):
    page = visit("/admin/", as_="editor")
    start(page, ("sleep.txt", SLEEP))
    wait_until_read(page)
    page.get_by_role("link", name="Sleep and age", exact=True).click()
    page.get_by_label("Title", exact=True).focus()

    button = "[aria-label^='Change the kind of “What people']"
    kind = f"#{page.locator('form', has=page.locator(button)).locator('select').get_attribute('id')}"
    tab_to(page, kind)
    page.keyboard.type("Mechanism")
    tab_to(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.locator(kind).input_value() == "mechanism"


def test_every_page_of_the_import_is_accessible_at_both_widths(visit):
    page = visit("/admin/", as_="editor")
    start(page, ("sleep.txt", SLEEP), ("broken.pdf", "%PDF"))
    wait_until_read(page)
    run = page.url.partition("?")[0]
    article = page.get_by_role("link", name="Sleep and age", exact=True).get_attribute("href")
    found = {}

    for address in ("/admin/import/", run, article, f"{run}mapping/", f"{run}undo/", f"{run}?order=readers"):
        page.goto(address)
        for details in page.locator("main details").all():
            details.evaluate("at => { at.open = true; }")
        found[address] = violations(page, DESKTOP) + violations(page, PHONE)

    assert {address: rows for address, rows in found.items() if rows} == {}

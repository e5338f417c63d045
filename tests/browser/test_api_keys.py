"""Creating a key of the API: it is shown once, and a button copies it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE, listened_to

KEY = re.compile(r"vk_[a-z0-9]{8}_[A-Za-z0-9_-]{32}")


@pytest.fixture
def page(chromium, demo, sessions):
    context = chromium.new_context(base_url=demo.url, storage_state=sessions("admin"), reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield listened_to(context.new_page(), demo.url)
    context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_key_is_shown_once_and_the_button_copies_it(page, size):
    page.set_viewport_size(size)
    page.goto("/admin/api-keys/create/")
    page.get_by_label("Name").fill(f"Web site {size['width']}")
    page.get_by_role("button", name="Create the key").click()

    shown = page.get_by_label("The key", exact=True).input_value()
    page.get_by_role("button", name="Copy the key").click()
    page.get_by_text("The key was copied.").wait_for()

    assert KEY.fullmatch(shown)
    assert page.evaluate("navigator.clipboard.readText()") == shown
    found = Axe().run(page, context="main", options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{row['id']}: {node['target']}" for row in found for node in row["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("link", name="I have copied it").click()
    assert shown not in page.content() and shown[:11] in page.content()
    assert page.errors == []

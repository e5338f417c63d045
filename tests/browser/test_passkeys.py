"""Passkeys in Chromium, with its virtual authenticator: add one, sign, lose it, and sign with another."""

import json
import re

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.hands import Hands
from tests.browser.test_signing import link_for_the_clinician, served

SLUG, TITLE = "lung-cancer-screening-with-low-dose-ct", "Lung cancer screening with low-dose CT"
PATH = "/admin/account/passkeys/"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """A virtual authenticator, in one page at a time. `keys`: its credentials, as CDP gives them."""

    def __init__(self) -> None:
        self.keys: list[dict] = []

    def put_in(self, page) -> None:
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        self.id = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
        for key in self.keys:
            self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": key})

    def take_out(self) -> None:
        self.keys = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
        self.cdp.detach()


def add(visit, demo, device: Device, name: str) -> None:
    page = visit(PATH, as_="reviewer")
    device.put_in(page)
    form = page.locator("form[data-enrol]")
    form.locator("[name=name]").fill(name)
    if form.locator("details").count():
        form.locator("summary").click()
    form.locator("[name=password]").fill(demo.passwords["reviewer"])
    form.get_by_role("button", name="Add it with your password").click()
    page.get_by_text(f"“{name}” was added").wait_for()
    device.take_out()
    assert not page.errors


def confirm(visit, name: str) -> None:
    page = visit("/admin/passkeys/", as_="lead")
    row = page.locator("li", has=page.locator("strong", has_text=re.compile(f"^{name}$")))
    row.get_by_label("In person").check()
    row.get_by_role("button", name="Confirm").click()
    page.get_by_text("Confirmed. Dr Clara Beispiel").or_(page.get_by_text("Confirmed.")).first.wait_for()


def open_waiting(visit, demo, size=DESKTOP):
    pk = demo.stage("wait_for_a_clinician", SLUG)["pk"]
    return visit(f"/admin/sign-off/article/{pk}/", as_="reviewer", size=size)


@pytest.fixture(scope="module")
def devices(demo):
    """Two, which nobody has after these tests."""
    yield Device(), Device()
    demo.stage("without_passkeys", SLUG)


def test_a_wrong_password_adds_no_passkey_and_says_so_below_the_button(visit, devices):
    page = visit(PATH, as_="reviewer")
    devices[0].put_in(page)
    form = page.locator("form[data-enrol]")
    form.locator("[name=name]").fill("Phone")
    form.locator("[name=password]").fill("not my password")
    form.get_by_role("button", name="Add it with your password").click()

    said = form.locator("[data-passkey-says]").inner_text()
    assert "password" in said and "PublicKeyCredential" not in said
    devices[0].take_out()
    assert not devices[0].keys


def test_a_passkey_is_added_and_signs_only_after_a_lead_confirmed_it(visit, demo, devices):
    add(visit, demo, devices[0], "Phone")
    page = open_waiting(visit, demo)
    assert not page.locator("[data-passkey]").count()
    assert page.get_by_text("Your passkey signs once a medical lead has confirmed it.").is_visible()

    confirm(visit, "Phone")

    page.reload()
    assert page.get_by_role("button", name="Sign with your passkey").is_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_clinician_signs_from_the_letter_with_at_most_six_actions(chromium, demo, devices, size):
    before = served(demo, SLUG)
    demo.stage("wait_for_a_clinician", SLUG)
    link = link_for_the_clinician(demo, SLUG, TITLE)
    context = chromium.new_context(viewport=size, base_url=demo.url)
    page = context.new_page()
    hands = Hands(page)
    hands.open(link)
    hands.type("input[name=username]", "reviewer")
    hands.type("input[name=password]", demo.passwords["reviewer"], enter=True)
    page.wait_for_url(link)
    devices[0].put_in(page)

    hands.tick("input[name=checklist]")
    page.get_by_role("button", name="Sign with your passkey").click()
    page.locator("[role=status]", has_text="published").wait_for()

    assert len(hands.actions) + 1 <= 6
    assert served(demo, SLUG)["edition"]["number"] == before["edition"]["number"] + 1
    assert page.get_by_text("; passkey").first.is_visible()
    devices[0].take_out()
    context.close()


def test_marked_changes_are_signed_alone(visit, demo, devices):
    before = served(demo, SLUG)
    page = open_waiting(visit, demo)
    devices[0].put_in(page)

    page.get_by_text("The marked changes only").click()
    page.get_by_role("button", name="Sign with your passkey").click()
    page.locator("[role=status]", has_text="published").wait_for()

    assert served(demo, SLUG)["edition"]["number"] == before["edition"]["number"] + 1
    devices[0].take_out()


def test_a_page_that_shows_another_text_asks_no_passkey(visit, demo, devices):
    page = open_waiting(visit, demo)
    devices[0].put_in(page)
    page.evaluate(
        """() => {
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll("cancer", "colds");
        }"""
    )
    asked = []
    page.expose_function("askedPasskey", lambda: asked.append(True))
    page.evaluate(
        "() => { navigator.credentials.get = () => { askedPasskey(); return Promise.reject(new Error()); }; }"
    )

    page.locator("input[name=checklist]").check()
    page.get_by_role("button", name="Sign with your passkey").click()
    page.locator("[data-passkey-says]:visible").wait_for()

    said = page.locator("[data-passkey-says]:visible").inner_text()
    assert "this page does not show all that you would sign" in said and "cancer" in said
    assert not asked
    devices[0].take_out()


def test_at_another_address_the_button_leads_to_the_same_page_there(chromium, demo, sessions):
    pk = demo.stage("wait_for_a_clinician", SLUG)["pk"]
    by_number = demo.url.replace("localhost", "127.0.0.1")
    state = json.loads(json.dumps(sessions("reviewer")).replace('"localhost"', '"127.0.0.1"'))
    context = chromium.new_context(base_url=by_number, storage_state=state)
    page = context.new_page()
    page.goto(f"/admin/sign-off/article/{pk}/")

    link = page.get_by_role("link", name="Sign with your passkey at")

    assert link.get_attribute("href") == f"{demo.url}/admin/sign-off/article/{pk}/"
    context.close()


def test_a_lost_key_is_revoked_and_another_one_signs(visit, demo, devices):
    add(visit, demo, devices[1], "Tablet")
    confirm(visit, "Tablet")
    page = visit("/admin/passkeys/", as_="lead")
    row = page.locator("li", has=page.locator("strong", has_text=re.compile("^Phone$")))
    row.locator("summary").click()
    row.get_by_label("Reason").fill("The phone was lost.")
    row.get_by_role("button", name="Revoke").click()
    page.get_by_text("“Phone” can no longer sign").wait_for()

    page = open_waiting(visit, demo)
    devices[0].put_in(page)
    page.locator("input[name=checklist]").check()
    page.get_by_role("button", name="Sign with your passkey").click()
    page.locator("[data-passkey-says]:visible").wait_for()
    devices[0].take_out()
    devices[1].put_in(page)
    page.get_by_role("button", name="Sign with your passkey").click()
    page.locator("[role=status]", has_text="published").wait_for()
    devices[1].take_out()

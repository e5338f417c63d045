"""The recall drill, on a phone: a substance by three names in two languages, found, marked, withdrawn, cleared."""

import json
import urllib.request
from collections import Counter

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import PHONE
from tests.browser.recall import BACK, CLEARED, DRAFTS, NAMES, PUBLISHED, SCHEDULED

WORDS = "; ".join(NAMES)
TEXTS = {
    "English (en)": "Do not use batch 7. Ask at your pharmacy.",
    "German (de)": "Charge 7 nicht verwenden. Apotheke fragen.",
}
MOST_ACTIONS = 25
WIDER = """() => [...document.querySelectorAll("main *")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth)
  .map((each) => each.outerHTML.slice(0, 80))"""


class Hands:
    """Counts what a person does: each click, each field, each page that is opened."""

    def __init__(self, visit) -> None:
        self.visit, self.actions = visit, 0

    def open(self, path: str, who: str):
        self.actions += 1
        return self.visit(path, as_=who, size=PHONE)

    def fill(self, page, label: str, text: str) -> None:
        self.actions += 1
        page.get_by_label(label, exact=True).fill(text)

    def choose(self, page, label: str, option: str) -> None:
        self.actions += 1
        page.get_by_label(label, exact=True).select_option(label=option)

    def press(self, page, name: str, role: str = "button") -> None:
        self.actions += 1
        page.get_by_role(role, name=name, exact=True).first.click()


def notices(demo) -> Counter:
    """What the readers of the drill's published articles see above them: {safety notice: number of articles}."""
    opener, found = urllib.request.build_opener(urllib.request.ProxyHandler({})), Counter()
    for locale in CLEARED:
        with opener.open(f"{demo.url}/api/v1/articles/?locale={locale}&page_size=100") as answer:
            rows = json.load(answer)["results"]
        drill = [row for row in rows if row["content"]["title"].startswith(NAMES)]
        found.update(notice["text"] for row in drill for notice in row["notices"] if notice["kind"] == "safety")
    return found


def looks_right(page) -> None:
    assert page.evaluate(WIDER) == []
    assert Axe().run(page).response["violations"] == []
    assert page.errors == []


def test_a_recall_takes_few_actions(visit, demo, screenshot):
    assert demo.stage("recall", "-") == {"published": PUBLISHED}
    hands = Hands(visit)

    page = hands.open("/admin/safety-notices/", "lead")
    hands.fill(page, "Words", WORDS)
    hands.press(page, "Find everything about this")
    for found in (f"Published articles: {PUBLISHED}", "Offers and disclaimers: 1"):  # drafts are the editors'
        page.get_by_text(found).wait_for()
    for language, text in TEXTS.items():
        hands.fill(page, f"Notice in {language}*", text)
    hands.fill(page, "Your password*", demo.passwords["lead"])
    looks_right(page)
    hands.press(page, "Sign the notice and show it now")
    page.get_by_text("A second person must confirm it").first.wait_for()
    assert notices(demo) == dict.fromkeys(TEXTS.values(), PUBLISHED // 2)

    page = hands.open("/admin/safety-notices/", "editor")
    page.get_by_role("link", name="Confirm the notice:", exact=False).click()
    hands.actions += 1
    hands.fill(page, "Your password", demo.passwords["editor"])
    looks_right(page)
    hands.press(page, "Confirm the notice")
    page.get_by_text("You confirmed the notice").wait_for()

    page = hands.open("/admin/withdraw-many/", "editor")
    hands.fill(page, "Words", WORDS)
    hands.press(page, "Find everything about this")
    page.get_by_text(f"Drafts, which readers do not have: {DRAFTS}").wait_for()
    hands.choose(page, "Reason*", "Other")
    looks_right(page)
    screenshot(page, "recall-phone")
    hands.press(page, "Withdraw what is selected")
    page.get_by_text(f"Withdrawn: {PUBLISHED} articles, 1 offer or disclaimer.").wait_for()
    page.get_by_text(f"Cancelled: {SCHEDULED} schedules.").wait_for()
    assert notices(demo) == {}

    page = hands.open("/admin/return-articles/", "reviewer")
    page.locator("summary", has_text="Search").click()
    hands.actions += 1
    hands.fill(page, "Words", "; ".join(text.removesuffix(".") for text in CLEARED.values()))
    hands.press(page, "Find withdrawn articles")
    page.get_by_text(f"Withdrawn articles that can come back: {BACK}").wait_for()
    ticks = page.get_by_role("checkbox", name=NAMES[0], exact=False)
    assert ticks.count() and not any(tick.is_checked() for tick in ticks.all())
    hands.press(page, "Select all")
    hands.fill(page, "Your password*", demo.passwords["reviewer"])
    looks_right(page)
    screenshot(page, "return-phone")
    hands.press(page, "Sign and return what is selected")
    page.get_by_text(f"Returned: {BACK} articles.").wait_for()

    assert hands.actions <= MOST_ACTIONS
    assert notices(demo) == dict.fromkeys(TEXTS.values(), BACK // 2)

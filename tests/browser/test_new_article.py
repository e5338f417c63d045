"""From *New article* to *ready for review*, as an author does it by mouse and keyboard, with each click counted.

The jobs:

- an article on a condition: title, summary, no hero image, a topic
- seven sections with heading and text, 900 words in all
- three causes, each with its explanation
- a finding about people that cites a source, with its support and the quote
- two side effects, each with its frequency, and a caution with its level and advice
- a citation in running text, with its support
- the list of sources with one for further reading; all three sources are new, and typed by hand
- a call to action with an offer and its purpose
- submitted for review, without a blocking finding

A listener in the browser counts each click, each chord of keys (with Ctrl, Alt or Meta), each chooser and dialog that
opens, and each choice in a list; typing and Tab are free.
"""

import re
from time import monotonic

from articles.admin.editor.new_article import templates
from tests.browser.dandruff import ADVICE, CAUSES, CAUTION, EFFECTS, FINDING, QUOTE, SECTIONS, SUMMARY, TITLE, WORKS

MOST = 45
COUNT = """
(() => {
  const name = (at) => [at?.innerText, at?.ariaLabel, at?.title, at?.name, at?.id, at?.tagName].find(Boolean);
  const count = (what, at) => window.counted(`${what}: ${String(name(at)).trim().slice(0, 40)}`);
  const actor = (at) => at.closest('button, a, input, textarea, select, [role=option], label') || at;
  document.addEventListener('click', ({ target, isTrusted }) => {
    const label = target.closest('label');
    if (!isTrusted || (label?.control && label.control !== target)) return;  // a script's; what a label hands on counts
    count('click', actor(target));
  }, true);
  document.addEventListener('keydown', ({ key, ctrlKey, altKey, metaKey }) => {
    if ((ctrlKey || altKey || metaKey) && !['Control', 'Alt', 'Meta'].includes(key)) window.counted(`chord: ${key}`);
  }, true);
  document.addEventListener('change', ({ target }) => target.tagName === 'SELECT' && count('choice', target), true);
  new MutationObserver((changes) => changes.flatMap((each) => [...each.addedNodes]).forEach((node) => {
    if (node.matches?.('.modal, dialog')) count('opened', node);
  })).observe(document, { childList: true, subtree: true });
})();
"""


class Author:
    """Acts on the page as a person does. `counted` are the clicks, chords, choices and choosers so far."""

    def __init__(self, page) -> None:
        self.page, self.counted, self.numbers = page, [], {}
        page.expose_function("counted", lambda what: self.counted.append(what))
        page.add_init_script(COUNT)
        page.reload()

    def begin(self, article_type: str) -> None:
        self.page.get_by_role("link", name=article_type, exact=True).click()
        self.page.wait_for_function("document.activeElement.name === 'title'")
        sections = enumerate(templates()[article_type.lower()])
        self.numbers = {"/".join(filter(None, [each["kind"], each.get("aspect")])): n for n, each in sections}

    def name(self, key: str, *fields: str) -> str:
        """Of a field of a section: name("prose/symptoms", "heading")."""
        return "-".join(["body", str(self.numbers[key]), "value", *fields])

    def field(self, name: str):
        return self.page.locator(f"[name={name}]")

    def type(self, words: str) -> None:
        self.page.keyboard.insert_text(words)

    def tab_to(self, selector: str, most: int = 12) -> None:
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.locator(f":focus:is({selector})").count():
                return
        raise AssertionError(f"{most} times Tab do not lead to {selector}")

    def pick(self, name: str, value: str) -> None:
        """In a list, or by a tick."""
        field = self.field(name).first
        if field.evaluate("at => at.tagName") == "SELECT":
            field.select_option(value)
        else:
            self.page.locator(f"[name={name}][value={value}]").check()

    def write(self, key: str, heading: str, text: str) -> None:
        self.reach(self.name(key, "heading"))
        self.type(heading)
        self.tab_to("[contenteditable=true]")
        self.type(text)

    def reach(self, name: str) -> None:
        """By Tab where that is near, as from one section to the next; else by a click."""
        try:
            self.tab_to(f"[name={name}]")
        except AssertionError:
            self.field(name).click()

    def add_to(self, items: str) -> str:
        """Another item at the end of a list; returns the name of its value."""
        number = self.field(f"{items}-count").input_value()
        around = f"xpath=ancestor::*[@data-contentpath='{items.split('-')[-1]}'][1]"
        self.field(f"{items}-count").locator(around).locator("[data-streamfield-list-add]").last.click()
        return f"{items}-{number}-value"

    def open_chooser(self, name: str) -> None:
        chooser = self.field(name).locator("xpath=..").locator("[data-chooser-action-choose]")
        chooser.locator("visible=true").first.click()

    def add_source(self, work) -> None:
        """In the chooser that is open."""
        chooser = self.page.locator(".modal")
        chooser.get_by_role("tab", name="Add a source").click()
        for name, words in zip(("title", "authors", "container_title", "issued"), work, strict=True):
            self.tab_to(f".modal [name={name}]")
            self.type(words)
        chooser.get_by_role("button", name="Add", exact=True).click()
        chooser.wait_for(state="detached")

    def cite_in_item(self, item: str, work, support: str, quote: str) -> None:
        around = "xpath=ancestor::*[@data-contentpath='citations'][1]"
        held = self.field(f"{item}-citations-count").locator(around)
        held.get_by_role("button", name="Cite a source").click()
        self.add_source(work)
        self.say(support, quote)

    def cite_in_text(self, work, support: str) -> None:
        """At the cursor."""
        self.page.keyboard.type(" /cit")
        self.page.keyboard.press("Enter")
        self.add_source(work)
        self.say(support)

    def say(self, support: str, quote: str = "") -> None:
        """In the dialog, whose first field has the focus."""
        dialog = self.page.get_by_role("dialog", name="Citation")
        dialog.get_by_label("How it supports the claim").select_option(support)
        if quote:
            self.tab_to("[name=quote]")
            self.type(quote)
        dialog.get_by_role("button", name="Save").click()
        dialog.wait_for(state="detached")


def test_an_article_of_900_words_is_ready_for_review_in_few_clicks(visit):
    author = Author(visit("/admin/", as_="author"))

    author.begin("Condition")
    author.page.keyboard.type(TITLE)  # key by key: Wagtail makes the slug of it
    author.tab_to("[name=summary]")
    author.type(SUMMARY)
    for key, (heading, text) in SECTIONS.items():
        author.write(key, heading, text)
        add_facts(author, key)
    author.open_chooser(add_and_name(author, "sources", "items"))
    author.add_source(WORKS[2])
    author.pick(author.name("cta", "purposes"), "consultation")
    author.open_chooser(author.name("cta", "offer"))
    author.page.locator(".modal a[data-chooser-modal-choice]").first.click()
    file_under_a_topic(author.page)
    author.page.get_by_role("button", name="Submit for review").click()

    said = author.page.locator(".messages").get_by_text(f"“{TITLE}” was submitted.")
    said.wait_for()
    assert "Still missing: editor on the medical part" in said.inner_text()
    assert len(author.counted) <= MOST, "\n".join([f"{len(author.counted)} clicks", *author.counted])


def add_and_name(author: Author, key: str, items: str) -> str:
    return author.add_to(author.name(key, items))


def add_facts(author: Author, key: str) -> None:
    """What a section has beside its text."""
    if key == "prose/treatment":
        author.cite_in_text(WORKS[1], "background")
    for name, text in CAUSES if key == "causes" else ():
        item = add_and_name(author, key, "items")
        author.type(name)
        author.tab_to(f"[name={item}-text]")
        author.type(text)
    if key == "evidence":
        item = add_and_name(author, key, "findings")
        author.type(FINDING)
        author.pick(f"{item}-subjects", "people")
        author.cite_in_item(item, WORKS[0], "direct", QUOTE)
    if key == "risks":
        add_risks(author)


def add_risks(author: Author) -> None:
    for name in EFFECTS:
        item = add_and_name(author, "risks", "effects")
        author.type(name)
        author.pick(f"{item}-frequency", "uncommon")
    item = add_and_name(author, "risks", "cautions")
    author.type(CAUTION)
    author.pick(f"{item}-level", "seek-advice")
    author.tab_to(f"[name={item}-advice]")
    author.type(ADVICE)


def file_under_a_topic(page) -> None:
    page.locator(".modal").wait_for(state="detached")
    page.get_by_role("tab", name="Filing").click()
    page.get_by_role("button", name="Add topic").click()
    page.locator(".modal input[type=checkbox]").first.check()
    page.get_by_role("button", name="Confirm selection").click()
    page.locator(".modal").wait_for(state="detached")


def begin(visit, article_type: str):
    """The editor of a new article, and the addresses to which it posts."""
    page, posted = visit("/admin/", as_="author"), []
    page.on("request", lambda asked: posted.append(asked.url) if asked.method == "POST" else None)
    page.get_by_role("link", name=article_type, exact=True).click()
    page.wait_for_function("document.activeElement.name === 'title'")
    return page, posted


def test_a_new_article_is_saved_by_its_first_word_and_then_shows_its_findings(visit, screenshot):
    page, posted = begin(visit, "Medicine")
    page.wait_for_timeout(3500)  # Wagtail looks for changes from the second second on
    before = list(posted)

    page.keyboard.type(f"A medicine {monotonic()}")
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    counter = page.locator('[data-side-panel-toggle="review"] [data-side-panel-toggle-counter]')
    page.wait_for_function("at => at.textContent.trim() === '4'", arg=counter.element_handle())
    page.get_by_role("button", name="Toggle review").click()

    screenshot(page, "new-article")
    assert before == []
    assert "Write an introduction" in page.locator("[data-vetted-panel]").inner_text()
    page.locator("textarea[name=summary]").fill("What it does.")
    page.wait_for_function("at => at.textContent.trim() === '3'", arg=counter.element_handle())
    assert page.errors == []


def test_each_section_says_what_belongs_into_it_in_an_article_of_this_type(visit):
    page, _ = begin(visit, "Condition")
    help_of = page.locator(".vetted-section-help")
    for_a_condition = help_of.nth(1).inner_text()

    page.locator("[name=body-1-value-aspect]").select_option("diagnosis")
    as_diagnosis = help_of.nth(1).inner_text()
    page.get_by_role("tab", name="Facts").click()
    page.locator("[name=article_type]").select_option("explainer")
    page.get_by_role("tab", name="Article").click()

    assert for_a_condition.startswith("Describe what people notice")
    assert as_diagnosis.startswith("Say who makes the diagnosis")
    assert not help_of.nth(1).is_visible()
    assert help_of.first.inner_text().startswith("Say which question the article answers")
    assert page.locator("[name=body-3-value-heading]").get_attribute("placeholder") == ""


def test_a_first_save_that_failed_clears_its_errors_when_they_are_mended(visit):
    page, _ = begin(visit, "Explainer")
    page.locator("textarea[name=summary]").fill("Words without a title.")
    page.get_by_role("button", name="Save draft").click()
    page.locator(".messages .error").wait_for()
    assert page.locator(".error-message").count() == 2  # of the title and the slug

    page.locator("[name=title]").click()
    page.keyboard.type(f"A title {monotonic()}")
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))

    page.locator(".messages .error").wait_for(state="detached")
    assert page.locator(".error-message").count() == 0
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/edit/" in answer.url) as saved:
        page.locator("textarea[name=summary]").fill("Other words.")
    assert saved.value.status == 200

# ruff: noqa: E501, since pasted HTML is written as it comes
"""Paste in Chromium, from Word, Google Docs and web pages: no number, no word and no cell is lost on the way."""

import json
from pathlib import Path

import pytest

from tests.browser.test_signing import open_edit_view

FIELD = "[name=body-0-value-text]"
PLAIN = "unstyled"
BULLET, NUMBER, H3, H4 = "unordered-list-item", "ordered-list-item", "header-three", "header-four"

WORD_LIST = """<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]>
<span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span></span><![endif]>Nausea</p>
<p class=MsoListParagraphCxSpLast style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>o<span>&nbsp; </span></span><![endif]>Mild <b>headache</b></p>"""
WORD_NUMBERS = """<p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>Wet the scalp.</p>
<p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp;</span></span>Rinse.</p>"""
DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span>Dose</span></h2>
<p dir="ltr"><span style="font-weight:400;">10</span><span style="font-weight:400;vertical-align:super;">3</span><span
style="font-weight:700;"> units</span></p><ul><li dir="ltr"><p dir="ltr"><span>One</span></p></li><ul><li dir="ltr"><p
dir="ltr"><span>Two</span></p></li></ul></ul></b>"""

# (what is pasted, [(kind of line, its words)], notes)
CASES = {
    "superscripts and subscripts": (
        "<p>10<sup>3</sup> units of H<sub>2</sub>O</p>",
        [(PLAIN, "10^3^ units of H_2_O")],
        [],
    ),
    "a negative power": ("<p>5 × 10<sup>-6</sup> g</p>", [(PLAIN, "5 × 10^-6^ g")], []),
    "bold and italic": ("<p><b>Never</b> <i>ever</i></p>", [(PLAIN, "*Never* /ever/")], []),
    "headings": (
        "<h1>A</h1><h2>B</h2><h3>C</h3><h4>D</h4><h5>E</h5>",
        [(H3, "A"), (H3, "B"), (H3, "C"), (H4, "D"), (H4, "E")],
        [],
    ),
    "nested lists": (
        "<ul><li>One<ol><li>Two</li></ol></li><li>Three</li></ul>",
        [(BULLET, "One"), (NUMBER, "1:Two"), (BULLET, "Three")],
        [],
    ),
    "a link": (
        '<p>See <a href="https://example.org/a">this</a>.</p>',
        [(PLAIN, "See <https://example.org/a|this>.")],
        [],
    ),
    "a link that leads nowhere": ('<p>See <a href="#top">this</a>.</p>', [(PLAIN, "See this.")], ["link"]),
    "a script link": ('<p><a href="javascript:alert(1)">this</a></p>', [(PLAIN, "this")], ["link"]),
    "a table": (
        "<table><tr><td>Adults</td><td>10 mg</td></tr><tr><td>Children</td><td>5 mg</td></tr></table>",
        [(PLAIN, "Adults | 10 mg"), (PLAIN, "Children | 5 mg")],
        ["table"],
    ),
    "a table with headers, paragraphs and an empty cell": (
        "<table><tr><th>Who</th><th>Dose</th></tr><tr><td><p>Adults</p><p>over 65</p></td><td></td><td>5<br>mg</td></tr></table>",
        [(PLAIN, "*Who* | *Dose*"), (PLAIN, "Adults over 65 | | 5 mg")],
        ["table"],
    ),
    "a table between paragraphs": (
        "<p>Before</p><table><tr><td>1</td><td>2</td></tr></table><p>After</p>",
        [(PLAIN, "Before"), (PLAIN, "1 | 2"), (PLAIN, "After")],
        ["table"],
    ),
    "a tracked deletion": (
        "<p>Take <del>50 mg</del><ins>5 mg</ins> a day.</p>",
        [(PLAIN, "Take 5 mg a day.")],
        ["struck"],
    ),
    "struck by style": (
        '<p>Take <span style="text-decoration: line-through">50</span> 5 mg.</p>',
        [(PLAIN, "Take 5 mg.")],
        ["struck"],
    ),
    "a picture": ('<p>See <img src="x.png" alt="x"> here.</p>', [(PLAIN, "See here.")], ["left"]),
    "line breaks": ("<p>One<br>Two</p>", [(PLAIN, "One"), (PLAIN, "Two")], []),
    "bare text": ("One <b>two</b>", [(PLAIN, "One *two*")], []),
    "invisible characters": ("<p>am\u00adox\u200bi\ufeffcillin</p>", [(PLAIN, "amoxicillin")], []),
    "a space that does not break": ("<p>5\u00a0mg</p>", [(PLAIN, "5\u00a0mg")], []),
    "hidden words": ('<p>Seen<span style="display:none">hidden</span></p>', [(PLAIN, "Seen")], []),
    "a style sheet": ("<style>p {color: red}</style><p>Words</p>", [(PLAIN, "Words")], []),
    "white space of the source": ("<p>  One\n   two </p>\n\n<p>three</p>", [(PLAIN, "One two"), (PLAIN, "three")], []),
    "a definition list": ("<dl><dt>Zinc</dt><dd>A mineral.</dd></dl>", [(PLAIN, "Zinc"), (PLAIN, "A mineral.")], []),
    "a list from Word": (WORD_LIST, [(BULLET, "Nausea"), (BULLET, "1:Mild *headache*")], []),
    "a numbered heading from Word": (
        "<h2 style='mso-list:l2 level1 lfo3'><span style='mso-list:Ignore'>1.</span>Dosage</h2>",
        [(H3, "Dosage")],
        [],
    ),
    "a comment from Word": (
        "<p>Take 5 mg<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[A1]</a></span>.</p>"
        "<div style='mso-element:comment-list'><div style='mso-element:comment'><p class=MsoCommentText>Really?</p></div></div>",
        [(PLAIN, "Take 5 mg.")],
        [],
    ),
    "numbers from Word": (WORD_NUMBERS, [(NUMBER, "Wet the scalp."), (NUMBER, "Rinse.")], []),
    "Google Docs": (DOCS, [(H3, "Dose"), (PLAIN, "10^3^* units*"), (BULLET, "One"), (BULLET, "1:Two")], []),
}
PASTE = """(element, html) => {
    const data = new DataTransfer();
    data.setData('text/html', html);
    data.setData('text/plain', new DOMParser().parseFromString(html, 'text/html').body.textContent);
    element.focus();
    const options = { clipboardData: data, bubbles: true, cancelable: true };
    element.dispatchEvent(new ClipboardEvent('paste', options));
}"""
MARKS = {"SUPERSCRIPT": "^", "SUBSCRIPT": "_", "BOLD": "*", "ITALIC": "/"}


def lines_of(read: dict) -> list[tuple[str, str]]:
    return [(block["type"], said(block, read["entityMap"])) for block in read["blocks"]]


def said(block: dict, entities: dict) -> str:
    """The words with their marks: 10^3^, *bold*, <address|words>; the depth of a nested item before them."""
    spans = block["inlineStyleRanges"]
    signs = [(span["offset"], span["offset"] + span["length"], MARKS[span["style"]]) for span in spans]
    put = [(end, 1, sign) for _, end, sign in signs] + [(start, 0, sign) for start, _, sign in signs]
    for span in block["entityRanges"]:
        url = entities[str(span["key"])]["data"]["url"]
        put += [(span["offset"], 0, f"<{url}|"), (span["offset"] + span["length"], 1, ">")]
    text = block["text"]
    for place, _, sign in sorted(put, key=lambda each: (-each[0], each[1])):
        text = f"{text[:place]}{sign}{text[place:]}"
    return f"{block['depth']}:{text}" if block["depth"] else text


def paste(page, html: str, at: str = "Home") -> None:
    editor = page.locator("[data-contentpath=text] [contenteditable=true]").first
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press(at)
    editor.evaluate(PASTE, html)


def test_what_is_pasted_keeps_its_words_marks_and_lines(visit):
    page = open_edit_view(visit, "author")
    page.wait_for_function("window.vettedPaste")

    for name, (html, lines, notes) in CASES.items():
        read = page.evaluate("html => window.vettedPaste.read(html)", html)
        assert (name, lines_of(read), read["notes"]) == (name, lines, notes)


@pytest.mark.parametrize("name", ["paste-word-superscript", "paste-table", "paste-word-footnote"])
def test_a_paste_that_failed_in_the_field_is_stored_as_it_was_written(visit, shared, name):
    expected = {
        "paste-word-superscript": "A dose of 10^3^ units per m^2^ and H_2_O in *adults*.",
        "paste-table": "Adults | 10 mg",
        "paste-word-footnote": "Zinc helps some people[1].",
    }[name]
    page = open_edit_view(visit, "author")

    paste(page, Path(shared / f"data/field/{name}.html").read_text())

    page.wait_for_function(f"words => document.querySelector('{FIELD}').value.includes(words)", arg=expected[:6])
    stored = json.loads(page.locator(FIELD).input_value())
    assert said(stored["blocks"][0], stored["entityMap"]).startswith(expected)
    assert page.errors == []


PLAIN_FIELDS = {
    "10<sup>3</sup> and 10<sup>-6</sup>": "10³ and 10⁻⁶",
    "CO<sub>2</sub>, <b>H<sub>2</sub>O</b>": "CO₂, H₂O",
    "t<sub>max</sub>": "t_(max)",
    "<del>50</del> 5 mg": "5 mg",
    "<table><tr><td>Adults</td><td>10 mg</td></tr></table>": "Adults | 10 mg",
}


@pytest.mark.parametrize(("path", "name"), [("", "summary"), ("/admin/snippets/articles/offer/add/", "text")])
def test_a_field_without_formatting_keeps_the_number_too(visit, path, name):
    page = visit(path, as_="editor") if path else open_edit_view(visit, "author")
    field = page.locator(f"textarea[name={name}]")

    for html, words in PLAIN_FIELDS.items():
        field.fill("")
        field.evaluate(PASTE, html)
        assert field.input_value() == words
    assert page.errors == []


def test_what_needs_no_help_is_left_to_the_browser(visit):
    page = open_edit_view(visit, "author")
    field = page.locator("textarea[name=summary]")
    before = field.input_value()

    field.evaluate(PASTE, "<p>plain words</p>")  # the browser inserts nothing for a script's event

    assert field.input_value() == before


@pytest.mark.parametrize("key", ["Home", "End"])
def test_pasted_lines_never_join_the_words_beside_them(visit, key):
    page = open_edit_view(visit, "author")
    editor = page.locator("[data-contentpath=text] [contenteditable=true]").first
    before = editor.inner_text().split()

    paste(page, CASES["a table"][0], at=key)

    lines = editor.inner_text().split("\n")
    lines.remove("Adults | 10 mg")
    lines.remove("Children | 5 mg")
    assert " ".join(lines).split() == before


def test_the_editor_says_what_was_not_kept_and_takes_the_paste_back(visit, screenshot):
    page = open_edit_view(visit, "author")
    page.wait_for_function(f"document.querySelector('{FIELD}')?.value")
    before = page.locator("[data-contentpath=text] [contenteditable=true]").first.inner_text()

    paste(page, CASES["a table"][0])

    note = page.get_by_role("status").filter(has_text="A table became lines")
    note.wait_for()
    screenshot(page, "paste")
    assert "Adults | 10 mg" in page.locator("[data-contentpath=text] [contenteditable=true]").first.inner_text()
    note.get_by_role("button", name="Undo paste").click()
    assert page.locator("[data-contentpath=text] [contenteditable=true]").first.inner_text() == before

"""What an element looks like: bold, raised, struck out. From its name, its style, and the page's style sheet."""

import re
from collections.abc import Mapping

from lxml.html import HtmlElement

from articles.intake.readers.page.tree import elements, style

MAX_SHEET = 500_000

_RULE = re.compile(r"(?:^|(?<=[}\s,/;]))\.([\w-]+)\s*\{([^{}]{1,2000})\}")
_NAMED = {"b": "b", "strong": "b", "i": "i", "em": "i", "cite": "i", "var": "i", "dfn": "i", "sup": "sup", "sub": "sub"}
_NOT_BOLD = re.compile(r"font-weight\s*:\s*(?:normal|lighter|[1-4]00)\b")
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)\b")
_NOT_ITALIC = re.compile(r"font-style\s*:\s*normal\b")
_ITALIC = re.compile(r"font-style\s*:\s*(?:italic|oblique)\b")
_RAISED = re.compile(r"vertical-align\s*:\s*super\b")
_LOWERED = re.compile(r"vertical-align\s*:\s*sub\b")
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through")


def read_sheet(root: HtmlElement) -> dict[str, str]:
    """{class: its declarations} of rules that name one class only, as Google Docs writes them."""
    rules: dict[str, str] = {}
    for sheet in elements(root, "style"):
        for name, declared in _RULE.findall((sheet.text or "")[:MAX_SHEET]):
            rules[name.lower()] = declared.lower()
    return rules


def marks_of(element: HtmlElement, sheet: Mapping[str, str], marks: frozenset[str]) -> frozenset[str]:
    """The marks of the element's text, given those around it."""
    if named := _NAMED.get(element.tag):
        marks = marks | {named}
    declared = declarations(element, sheet)
    if not declared:
        return marks
    for mark, off, on in (("b", _NOT_BOLD, _BOLD), ("i", _NOT_ITALIC, _ITALIC)):
        if on.search(declared):
            marks = marks | {mark}
        elif off.search(declared):
            marks = marks - {mark}
    if _RAISED.search(declared):
        return marks - {"sub"} | {"sup"}
    return marks - {"sup"} | {"sub"} if _LOWERED.search(declared) else marks


def declarations(element: HtmlElement, sheet: Mapping[str, str]) -> str:
    """Of its classes, then its own."""
    own = style(element)
    if not sheet or "class" not in element.attrib:
        return own
    return ";".join([*(sheet.get(name, "") for name in element.get("class", "").lower().split()), own])


def is_deleted(element: HtmlElement, sheet: Mapping[str, str]) -> bool:
    """Struck out: what a tracked change takes away."""
    if element.tag in ("del", "s", "strike") or "msodel" in element.get("class", "").lower():
        return True
    return bool(_STRUCK.search(declarations(element, sheet)))

"""Texts as the words by which two versions are compared: prose, sentences about a field, citations. Pure.

A word is a string that changes as a whole; it holds the white space after it. Citations and values of closed
lists are one word each.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from articles.record.compare.values import SUPPORT, UNLABELLED, Json, Names, is_coded, label, word

TOKEN = re.compile(r"\n|[^\S\n]+|(?:\w+|[^\w\s])[^\S\n]*")
MARKS = {"strong": ("**", "**"), "em": ("*", "*"), "sub": ("_(", ")"), "sup": ("^(", ")")}
SMALL = {
    "sup": str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾"),
    "sub": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
}
STYLES = {"h3": "Heading: ", "h4": "Small heading: "}
BULLETS = {"bullet": "• ", "number": "# "}
ENDS = tuple(".!?…:")
# Stored bytes have their keys in alphabetical order; people read the name of a thing first.
FIRST = (
    "heading,text,title,summary,name,statement,question,group,target,frequency,level,signs,action,advice,outcome,"
    "answer,subjects,population,sample_size,effect,comparator,absolute,certainty,certainty_basis,severity,route,"
    "effects,cautions,interactions,label,decorative,alt,caption,credit"
)
RANK = {key: place for place, key in enumerate(FIRST.split(","))}


def tokens(text: str) -> list[str]:
    """Words of a plain text; a line break shows as a sign, since a line is one thing."""
    return TOKEN.findall(text.replace("\n", " ↵ "))


def in_order(value: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The fields in the same order for stored and newly rendered documents, with citations last."""
    return sorted(value.items(), key=lambda pair: (pair[0] == "citations", RANK.get(pair[0], len(RANK)), pair[0]))


def is_portable(value: Any) -> bool:
    is_list = isinstance(value, list) and bool(value)
    return is_list and all(isinstance(item, dict) and item.get("_type") == "block" for item in value)


def sentences(value: Mapping[str, Any], names: Names, *, without: tuple[str, ...] = ()) -> list[str]:
    """The words of each field in order; empty fields have none."""
    return [each for key, item in in_order(value) if key not in without for each in said(key, item, names)]


def said(key: str, value: Any, names: Names) -> list[str]:
    """A field as words: “Severity: Mild. ”, “Cites Smith 2015 (Scientific Reports), directly, p. 3. ”."""
    if value in (None, "", [], {}) and value is not False:
        return []
    named = "" if key in UNLABELLED else f"{label(key)}: "
    match value:
        case [dict(first), *_] if first.get("_type") == "block" and is_portable(value):
            return [each for block in value for each in [*paragraph(block, names), " "]]
        case [*items] if key == "citations":
            return [each for item in items for each in _cites(item, names)]
        case [dict(), *_]:
            return [*tokens(named), *(each for item in value for each in _thing(item, names))]
        case [*items]:
            return [f"{named}{', '.join(word(key, item, names) for item in items)}. "]
        case dict():
            return [*tokens(named), *sentences(value, names)]
    if is_coded(key, value):
        return [f"{named}{word(key, value, names)}. "]
    return [*tokens(named), *tokens(_ended(word(key, value, names)))]


def paragraph(block: Json, names: Names) -> list[str]:
    """Portable Text with its marks in signs, so that a changed link or emphasis shows as words."""
    definitions = {made["_key"]: made for made in block.get("markDefs") or []}
    level = block.get("level") or 1
    start = STYLES.get(block.get("style", ""), "") + ("  " * (level - 1) if isinstance(level, int) else f"{level} ")
    begun = [start + BULLETS.get(block.get("listItem", ""), "")]
    return [*filter(None, begun), *(each for span in block["children"] for each in _span(span, definitions, names))]


def _span(span: Json, definitions: Mapping[str, Json], names: Names) -> Iterator[str]:
    marks, text = span.get("marks") or [], span["text"]
    for mark in [mark for mark in marks if mark in SMALL]:
        if _is_small(text, mark):
            marks, text = [each for each in marks if each != mark], text.translate(SMALL[mark])
    signs = [MARKS[mark] for mark in marks if mark in MARKS]
    yield from (before for before, _ in signs)
    yield from tokens(text)
    yield from (after for _, after in reversed(signs))
    yield from (_meaning(definitions[mark], names) for mark in marks if mark in definitions)


def _is_small(text: str, mark: str) -> bool:
    """Whether raised or lowered characters exist for all of it."""
    return bool(text) and all(ord(character) in SMALL[mark] for character in text)


def _meaning(definition: Json, names: Names) -> str:
    """A citation or where a link leads, as one word."""
    match definition["_type"]:
        case "citation":
            return f"[{' and '.join(_cited(row, names) for row in definition['citations'])}]"
        case "article":
            target = str(definition["article"])
            return f" (article {names.get(target, target)})"
        case "anchor":
            target = str(definition["section"])
            return f" (section {names.get(target, target)})"
    return f" ({definition.get('href')})"


def _cites(citation: Json, names: Names) -> list[str]:
    source = str(citation.get("source") or f"reference {citation.get('reference')}")
    support, locator = str(citation.get("support") or ""), str(citation.get("locator") or "")
    how = [each for each in (SUPPORT.get(support, support), locator) if each]
    quote = str(citation.get("quote") or "")
    quoted = [": “", *tokens(quote), "”"] if quote else []
    return [f"Cites {', '.join([names.get(source, source), *how])}", *quoted, " " if quote.endswith(ENDS) else ". "]


def _cited(citation: Json, names: Names) -> str:
    """“Smith 2015 (Scientific Reports), indirectly, p. 3”."""
    work = str(citation.get("source") or citation.get("reference"))
    support, locator, quote = (str(citation.get(key) or "") for key in ("support", "locator", "quote"))
    quoted = f"“{quote}”" if quote else ""
    return ", ".join(filter(None, [names.get(work, work), SUPPORT.get(support, support), locator, quoted]))


def _thing(item: Any, names: Names) -> list[str]:
    """A code, or anything else in a list inside a field."""
    if isinstance(item, dict) and {"system", "code"} <= set(item):
        shown = f"{word('system', item['system'], names)} {item['code']}"
        return [*tokens(_ended(f"{shown} ({item['display']})" if item.get("display") else shown))]
    if isinstance(item, dict) and set(item) == {"market", "status"}:
        return [f"{item['market']}: {word('status', item['status'] or 'not given', names)}. "]
    return sentences(item, names) if isinstance(item, dict) else tokens(_ended(str(item)))


def _ended(text: str) -> str:
    return f"{text} " if text.endswith(ENDS) else f"{text}. "

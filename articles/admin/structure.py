"""What of a document is structure and not words: ids, digests, values of closed lists, names of rich text.

The sign-off page lists it apart (sign_off/shown/hidden_strings.py), and the script that checks a page before a passkey
is asked leaves it out (static/articles/passkey.js).
"""

import re

from articles.record import vocabulary

BLOCK_TAGS = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fig\\w+",
    "footer",
    "form",
    "h[1-6]",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "picture",
    "section",
    "source",
    "img",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
]
CLOSED = {
    value for kind in vars(vocabulary).values() if isinstance(kind, type) for value in getattr(kind, "values", ())
}
MARK = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|sha-256:[0-9a-f]{64}")
STRUCTURE = {"_type", "_key", "style", "listItem", "marks"}
RULE = {
    "blocks": "|".join(BLOCK_TAGS),
    "closed": sorted(CLOSED),
    "mark": MARK.pattern,
    "structure": sorted(STRUCTURE),
}


def is_structure(path: tuple[str, ...], text: str) -> bool:
    """`path`: the names and numbers of the members that lead to the text."""
    is_name = not STRUCTURE.isdisjoint(path[-2:]) and not re.search(r"\s", text)
    return is_name or text in CLOSED or MARK.fullmatch(text) is not None

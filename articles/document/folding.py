"""White space as documents hold it, so that it never asks anybody for a signature. Pure.

Folding never joins or parts words. Line breaks and spaces that people set on purpose (U+00A0, U+202F) stay.
"""

import re
from typing import Any

Json = dict[str, Any]
RUN = re.compile(" +")
# Words of others, addresses and identifiers: they are kept to the letter.
UNTOUCHED = {
    *("quote", "csl"),
    *("href", "url", "value", "doi", "pmid"),
    *("code", "id", "source_id", "article", "section", "offer", "sha256"),
}


def folded(value: Any, key: str = "") -> Any:
    """A document's value, folded. `key` is the name of the member that holds the value."""
    if key in UNTOUCHED:
        return value
    if isinstance(value, str):
        return fold_text(value)
    if isinstance(value, list):
        return [folded(item, key) for item in value]
    if isinstance(value, dict):
        inside = {name: item if name == "children" else folded(item, name) for name, item in value.items()}
        return _folded_block(inside) if value.get("_type") == "block" else inside
    return value


def fold_text(text: str) -> str:
    """One space for a run of spaces and tabs, none at the edges; line breaks as LF."""
    return RUN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip(" ")


def _folded_block(block: Json) -> Json:
    """Runs of U+0020 across the whole block as one, none at its edges. A mark that held spaces alone goes with them."""
    spans = _folded_spans(block["children"])
    used = {mark for span in spans for mark in span["marks"]}
    definitions = [made for made in block["markDefs"] if made["_key"] in used]
    keys = {made["_key"]: f"m{number}" for number, made in enumerate(definitions)}
    return block | {
        "children": [span | {"marks": [keys.get(mark, mark) for mark in span["marks"]]} for span in spans],
        "markDefs": [made | {"_key": keys[made["_key"]]} for made in definitions],
    }


def _folded_spans(spans: list[Json]) -> list[Json]:
    """A space bears the marks that both words beside it bear, so that it says nothing by itself."""
    made: list[tuple[list[str], list[str]]] = []  # (pieces of text, marks)
    is_parted = False
    for span in spans:
        text, marks = RUN.sub(" ", span["text"]), span["marks"]
        is_parted = bool(made) and (is_parted or text.startswith(" "))
        if words := text.strip(" "):
            if is_parted:
                _append(made, " ", [mark for mark in made[-1][1] if mark in marks])
            _append(made, words, marks)
            is_parted = text.endswith(" ")
    return [{"_type": "span", "text": "".join(pieces), "marks": marks} for pieces, marks in made]


def _append(made: list[tuple[list[str], list[str]]], text: str, marks: list[str]) -> None:
    if made and made[-1][1] == marks:
        made[-1][0].append(text)
    else:
        made.append(([text], marks))

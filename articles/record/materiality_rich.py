"""Do two rich texts say the same, and do their links lead to the same place? Pure; over Portable Text.

Blocks, styles, lists, levels and marks must be the same ones in the same places; only the words may then differ,
by the rules of materiality_text.py, and the address of a link, by those of materiality_links.py.
"""

import json
from collections.abc import Iterator

from articles.record.compare.text import paragraph
from articles.record.compare.values import Json, Names
from articles.record.materiality_links import is_repaired
from articles.record.materiality_split import ARTICLE, CITE, CLOSE, LINK, MARKS, OTHER, PRIVATE, readable
from articles.record.materiality_text import Difference, Given, compare_texts

SIGN_OF = {"link": LINK, "article": ARTICLE}


def compare_blocks(old: list[Json], new: list[Json], names: Names, given: Given) -> Iterator[Difference]:
    """Every difference of two rich texts whose citations name sources (citing.by_source)."""
    if len(old) != len(new):
        yield from _material(_text(old, names), _text(new, names), given, "a paragraph or list item came or went")
        return
    for before, after in zip(old, new, strict=True):
        if _same(before, after):
            continue
        if not _same(_skeleton(before), _skeleton(after)):
            why = "the form changed: a heading, list, emphasis, link or citation"
            yield from _material(_text([before], names), _text([after], names), given, why)
            continue
        yield from _links(before, after)
        yield from _compared(before, after, names, given)


def _compared(before: Json, after: Json, names: Names, given: Given) -> Iterator[Difference]:
    texts = [span["text"] for block in (before, after) for span in block["children"]]
    if any(map(PRIVATE.search, texts)):
        shown = [_readable([before], names), _readable([after], names)]
        yield Difference(True, shown[0], shown[1], "a character without a fixed meaning stands here")
        return
    was, now = _text([before], names), _text([after], names)
    for each in compare_texts(was, now, given=given, is_rich=True):
        yield Difference(each.is_material, readable(each.was), readable(each.now), each.why)


def _material(was: str, now: str, given: Given, otherwise: str) -> Iterator[Difference]:
    """Why the words make it material; where they do not, because the form differs."""
    found = [each for each in compare_texts(was, now, given=given, is_rich=True) if each.is_material]
    yield from found or [Difference(True, readable(was), readable(now), otherwise)]


def _links(before: Json, after: Json) -> Iterator[Difference]:
    for old, new in zip(before.get("markDefs") or [], after.get("markDefs") or [], strict=True):
        was, now = old.get("href"), new.get("href")
        if was != now:
            mended = is_repaired(str(was), str(now))
            why = "a link was repaired" if mended else "a link leads somewhere else"
            yield Difference(not mended, str(was), str(now), why)


def _skeleton(block: Json) -> Json:
    """A block without its words and without the addresses of its links."""
    children = [span | {"text": ""} for span in block["children"]]
    made = [
        each | {"href": ""} if each.get("_type") == "link" and "href" in each else each
        for each in block.get("markDefs") or []
    ]
    return block | {"children": children, "markDefs": made}


def _text(blocks: list[Json], names: Names) -> str:
    """Words with their marks as private characters, each block a line."""
    return "\n".join(_words_of(block, names) for block in blocks)


def _words_of(block: Json, names: Names) -> str:
    definitions = {made["_key"]: made for made in block.get("markDefs") or []}
    return "".join(_span(span, definitions, names) for span in block["children"])


def _span(span: Json, definitions: dict[str, Json], names: Names) -> str:
    """A citation is a word by itself, so that what stands around it is as free as between any words."""
    made = [definitions[mark] for mark in span.get("marks") or [] if mark in definitions]
    signs = [MARKS.get(mark, "") for mark in span.get("marks") or [] if mark not in definitions]
    signs += [SIGN_OF.get(each["_type"], OTHER) for each in made if each["_type"] != "citation"]
    cited = "".join(f" {_cited(each, names)} " for each in made if each["_type"] == "citation")
    opened = "".join(filter(None, signs))
    return f"{opened}{span['text']}{CLOSE}{cited}" if opened else f"{span['text']}{cited}"


def _cited(definition: Json, names: Names) -> str:
    block = {"markDefs": [definition], "children": [{"text": "", "marks": [definition["_key"]]}]}
    return CITE + "".join(paragraph(block, names)).replace(" ", "\u2007")


def _readable(blocks: list[Json], names: Names) -> str:
    return "\n".join("".join(paragraph(block, names)) for block in blocks)


def _same(one: Json, other: Json) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)

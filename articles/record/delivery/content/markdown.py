"""Portable Text -> CommonMark that reads as the HTML of the same blocks does. Pure; everything is escaped.

Marks become a tree, which is written. Bold and italic are asterisks only where these can open or close and nothing
else, in every version of the standard; anywhere else they are HTML tags, which CommonMark allows, as sub and sup are.
Source: https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from string import punctuation
from typing import NamedTuple
from urllib.parse import quote

from articles.record.delivery.content.portable_text import LISTS, SCHEMES, Block, Shown


class Mark(NamedTuple):
    """What stands before and behind the marked words."""

    opening: str
    closing: str


class Marked(NamedTuple):
    mark: Mark
    inside: "list[Node]"


Node = Marked | str
Piece = tuple[str, frozenset[Mark]]

TAGS = {name: Mark(f"<{name}>", f"</{name}>") for name in ("strong", "em", "sub", "sup")}
ASTERISKS = {TAGS["strong"]: "**", TAGS["em"]: "*"}
HEADINGS = {"h1": "#", "h2": "##", "h3": "###", "h4": "####"}  # a document has h3 and h4, the whole article all
NOTHING = "<!-- -->"  # CommonMark has no empty paragraph, and an item without words swallows the list inside it
LINE_BREAK = "\\\n"
TAG_BREAK = "<br>"  # where a line cannot end: in a heading, and at the end of a paragraph
ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
SPECIAL = re.compile(rf"[\\`*_\[\]<~]|!\Z|{ENTITY.pattern}")  # `!` in front of a link would make it a picture
LINE_START = re.compile(r"^(?:(?=[-+=#>])|([0-9]{1,9})(?=[.)](?: |$)))", re.MULTILINE)
SPACES = re.compile(r"[ \t\r\f]+")
SET_SPACE = re.compile(r"[^\S \n]")  # set on purpose; parsers trim it at the edges of a line


def to_markdown(blocks: list[Block], shown: Shown) -> str:
    """Paragraphs, headings and lists of CommonMark, separated by blank lines.

    A citation is written as `<sup>\\[[1](#reference-1), [3](#reference-3)\\]</sup>`.
    """
    made = ""
    open_lists: list[tuple[str, int]] = []
    for block in blocks:
        if block.get("listItem") in LISTS:
            made += ("\n" if open_lists else "\n\n") + _item(block, open_lists, shown)
        else:
            open_lists.clear()
            made += "\n\n" + _paragraph(block, shown)
    return made.removeprefix("\n\n")


def picture_as_markdown(alt: str, href: str) -> str:
    """`![alt](href)`; the text for those who cannot see it is words alone."""
    words = _inline({"children": [{"text": alt}]}, Shown(""), " ").replace(TAG_BREAK, " ")
    return f"![{words}]({_address(href)})"


def _paragraph(block: Block, shown: Shown) -> str:
    hashes = HEADINGS.get(block.get("style", ""))
    if hashes is None:
        return _lines(block, shown)
    text = _inline(block, shown, TAG_BREAK)
    return f"{hashes} {text[:-1]}\\#" if text.endswith("#") else f"{hashes} {text}".rstrip()


def _item(block: Block, open_lists: list[tuple[str, int]], shown: Shown) -> str:
    """The item at its level, under the first word of the item that holds it. `open_lists`: (kind, number of the last
    item) of each list that is open, from the outermost."""
    kind, level = block["listItem"], min(int(block.get("level") or 1), len(open_lists) + 1)
    before = open_lists[level - 1] if level <= len(open_lists) else ("", 0)
    margin = " " * sum(len(_marker(*outer)) for outer in open_lists[: level - 1])
    open_lists[level - 1 :] = [(kind, before[1] + 1 if before[0] == kind else 1)]
    marker = _marker(*open_lists[-1])
    return margin + marker + _lines(block, shown).replace("\n", "\n" + margin + " " * len(marker))


def _marker(kind: str, number: int) -> str:
    return f"{number}. " if kind == "number" else "- "


def _lines(block: Block, shown: Shown) -> str:
    """The block's words, none of whose lines begins anything but words."""
    return LINE_START.sub(r"\1\\", _inline(block, shown, LINE_BREAK)) or NOTHING


def _inline(block: Block, shown: Shown, line_break: str) -> str:
    definitions = {made["_key"]: made for made in block.get("markDefs") or []}
    pieces = _merged(piece for span in block["children"] for piece in _pieces(span, definitions, shown))
    if not any(text.strip() for text, _ in pieces):
        return ""
    escaped = [(SPECIAL.sub(r"\\\g<0>", text), marks) for text, marks in pieces]
    return _written(_nested(list(_spaced(escaped, line_break))), "\n", "\n")


def _pieces(span: Block, definitions: dict[str, Block], shown: Shown) -> list[Piece]:
    """The span's text, marked from the inside out. A citation replaces what it marks; a link holds no other."""
    pieces: list[Piece] = [(span.get("text", ""), frozenset())]
    for name in span.get("marks") or []:
        definition = definitions.get(name, {})
        if name in TAGS:
            pieces = [(text, marks | {TAGS[name]}) for text, marks in pieces]
        elif definition.get("_type") == "citation":
            pieces = _citation([row["reference"] for row in definition["citations"]], shown)
        elif definition and (href := _href(definition, shown)):
            pieces = [(text, marks if any(map(_is_link, marks)) else marks | {_link(href)}) for text, marks in pieces]
    return pieces


def _citation(references: list[int], shown: Shown) -> list[Piece]:
    """A retracted one says so there, as in HTML."""
    raised = frozenset({TAGS["sup"]})
    parted: list[Piece] = []
    for number in map(int, references):
        parted += [(", ", raised), (str(number), raised | {_link(f"#reference-{number}")})]
        if status := shown.status_of(number):
            parted += [(" ", raised), (status, raised | {TAGS["strong"]})]
    return [("[", raised), *parted[1:], ("]", raised)] if parted else []


def _link(href: str) -> Mark:
    return Mark("[", f"]({href})")


def _is_link(mark: Mark) -> bool:
    return mark.opening == "["


def _href(definition: Block, shown: Shown) -> str | None:
    """The address that the mark leads to; None for words alone."""
    match definition["_type"]:
        case "article":
            href = shown.address(definition["article"]) or ""
        case "anchor":
            return f"#section-{quote(definition['section'])}"
        case "link" if definition["href"].lower().startswith(SCHEMES):
            href = definition["href"]
        case _:
            return None
    return _address(href)


def _address(href: str) -> str:
    """Without any character that could end it."""
    return ENTITY.sub("&amp;", quote(href, safe=":/?#@!$&'*+,;=%~-._"))


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbors with the same marks as one piece."""
    filled = (piece for piece in pieces if piece[0])
    return [("".join(text for text, _ in group), marks) for marks, group in groupby(filled, key=itemgetter(1))]


def _spaced(pieces: list[Piece], line_break: str) -> Iterator[Piece]:
    """White space with the marks that both words beside it bear: `a<i> b</i>` is `a *b*`, since no mark can begin
    with a space."""
    parts = [(part, marks) for text, marks in pieces for part in re.findall(r"\s+|\S+", text)]
    groups = [(is_space, list(group)) for is_space, group in groupby(parts, key=lambda part: part[0].isspace())]
    for at, (is_space, group) in enumerate(groups):
        if not is_space:
            yield from group
            continue
        is_first, is_last = at == 0, at == len(groups) - 1
        marks = frozenset() if is_first or is_last else groups[at - 1][1][-1][1] & groups[at + 1][1][0][1]
        text = SPACES.sub(" ", "".join(part for part, _ in group))
        if is_first or is_last or "\n" in text:
            text = SET_SPACE.sub(lambda found: f"&#{ord(found[0])};", re.sub(" ?\n ?", "\n", text))
        text = text.lstrip(" ") if is_first else text.rstrip(" ") if is_last else text
        if text:
            yield text.replace("\n", TAG_BREAK if is_last else line_break), marks


def _nested(pieces: list[Piece]) -> list[Node]:
    """The marks as a tree: of those that begin at one place, the one that ends last holds the others. A mark that is
    cut by the end of another goes on behind the space there."""
    nodes: list[Node] = []
    start = 0
    while start < len(pieces):
        text, marks = pieces[start]
        if not marks or text.isspace():
            nodes.append(text)
            start += 1
            continue
        end, mark = max((_end(pieces, start, mark), mark) for mark in marks)
        nodes.append(Marked(mark, _nested([(text, marks - {mark}) for text, marks in pieces[start:end]])))
        start = end
    return nodes


def _end(pieces: list[Piece], start: int, mark: Mark) -> int:
    """Where the mark that is open at `start` ends."""
    return next((at for at in range(start, len(pieces)) if mark not in pieces[at][1]), len(pieces))


def _written(nodes: list[Node], before: str, after: str) -> str:
    """The nodes between the characters `before` and `after`."""
    made = ""
    for at, node in enumerate(nodes):
        if isinstance(node, str):
            made += node
            continue
        beside = (
            _edge(nodes[at - 1], -1) if at else before,
            _edge(nodes[at + 1], 0) if at + 1 < len(nodes) else after,
        )
        opening, closing = _delimiters(node, *beside)
        made += opening + _written(node.inside, opening[-1], closing[0]) + closing
    return made


def _edge(node: Node, at: int) -> str:
    """The node's first (0) or last (-1) character; an asterisk for bold and italic, whose tags are punctuation too."""
    if isinstance(node, str):
        return node[at]
    return "*" if node.mark in ASTERISKS else node.mark[at][at]


def _delimiters(node: Marked, before: str, after: str) -> Mark:
    """Underscores for italic beside bold, since asterisks that touch are read as one."""
    first, last = _edge(node.inside[0], 0), _edge(node.inside[-1], -1)
    if node.mark not in ASTERISKS or not (_goes_one_way(before, first) and _goes_one_way(after, last)):
        return node.mark
    signs = ASTERISKS[node.mark]
    signs = "_" if signs == "*" and "*" in (before, first, last, after) else signs
    return Mark(signs, signs)


def _goes_one_way(outside: str, inside: str) -> bool:
    """Whether a delimiter between the two characters can only open or, seen from behind, only close."""
    match _kind(outside), _kind(inside):
        case ("space", "letter" | "punctuation" | "symbol") | ("punctuation", "letter"):
            return True
    return False


def _kind(sign: str) -> str:
    """What delimiters take the character for. Symbols are punctuation in some versions and not in others, and so is
    what some parsers read as two characters; nothing is said of what no word begins or ends with."""
    category = unicodedata.category(sign)
    if sign == "\n" or category == "Zs":
        return "space"
    if sign in punctuation or (category[0] == "P" and sign <= "\uffff"):
        return "punctuation"
    return {"L": "letter", "M": "letter", "N": "letter", "P": "symbol", "S": "symbol"}.get(category[0], "")

"""Replaces a wording in a stored text and leaves the rest unchanged. Pure."""

import html
import re
from copy import deepcopy
from difflib import SequenceMatcher
from typing import Any

from articles.errors import DomainError
from articles.review.passages import Passage

WORD = re.compile(r"\s+|\w+|[^\w\s]")
CONTEXT = 6  # words and spaces that are kept on either side of what changes, so that it can be found again


class NotThere(DomainError):
    """What is to be replaced is not there, or stands there more than once."""

    code = "passage-not-there"
    title = "The passage is not there."


class SpansMarkup(DomainError):
    """The change starts in one formatting and ends in another."""

    code = "spans-markup"
    title = "The change spans different formatting."


def locate(passages: list[Passage], before: str) -> Passage:
    """The passage that equals `before`, or else the one that contains it. Raises NotThere unless exactly one does."""
    before = before.strip()
    whole = [passage for passage in passages if passage.text.strip() == before]
    if len(whole) == 1:
        return whole[0]
    count = sum(passage.text.count(before) for passage in passages) if before else 0
    if count == 1:
        return next(passage for passage in passages if before in passage.text)
    raise NotThere(
        f"These words occur {count} times there. Include some of the words around them."
        if count
        else "These words do not occur in any single paragraph there. Copy them exactly."
    )


def put(block: dict[str, Any], passage: Passage, start: int, before: str, after: str) -> dict[str, Any]:
    """The block with `after` in place of `before`, which stands at `start` of the passage. Raises SpansMarkup."""
    made = deepcopy(block)
    holder = made["value"]
    for step in passage.path[:-1]:
        holder = holder[step]
    holder[passage.path[-1]] = put_words(holder[passage.path[-1]], passage, start, before, after)
    return made


def put_words(stored: str, passage: Passage, start: int, before: str, after: str) -> str:
    """The stored text that the passage is of, with `after` in place of `before`; tags, citations and keys stay.

    Raises SpansMarkup.
    """
    if passage.nodes:
        return _in_rich_text(stored, passage, start, before, after)
    return stored[:start] + after + stored[start + len(before) :]


def narrow(passages: list[Passage], before: str, after: str) -> tuple[str, str]:
    """(before, after) cut down to the change and some words around it, if these occur only once."""
    old, new = WORD.findall(before), WORD.findall(after)
    head = _common(old, new)
    tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
    for width in (CONTEXT, 3 * CONTEXT):
        start, end = max(0, head - width), max(0, tail - width)
        cut = "".join(old[start : len(old) - end]).strip(), "".join(new[start : len(new) - end]).strip()
        if cut[0] and _is_unique(passages, cut[0]):
            return cut
    return before, after


def _is_unique(passages: list[Passage], before: str) -> bool:
    try:
        locate(passages, before)
    except NotThere:
        return False
    return True


def _common(old: list[str], new: list[str]) -> int:
    return next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _in_rich_text(stored: str, passage: Passage, start: int, before: str, after: str) -> str:
    """Put each changed run of words into the text node that contains it, from the last to the first."""
    old, new = WORD.findall(before), WORD.findall(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    texts = {node.start: node.text for node in passage.nodes}
    for op, i1, i2, j1, j2 in reversed(steps):
        if op != "equal":
            first, last = start + len("".join(old[:i1])), start + len("".join(old[:i2]))
            key, offset = _node_of(passage, first, last)
            text = texts[key]
            texts[key] = text[: first - offset] + "".join(new[j1:j2]) + text[last - offset :]
    for node in reversed(passage.nodes):
        if texts[node.start] != node.text:
            stored = stored[: node.start] + html.escape(texts[node.start], quote=False) + stored[node.end :]
    return stored


def _node_of(passage: Passage, first: int, last: int) -> tuple[int, int]:
    """(the node's place in the stored text, its place in the passage). Raises SpansMarkup."""
    offset = 0
    for node in passage.nodes:
        end = offset + len(node.text)
        if offset <= first and last <= end and node.text != "\n":
            return node.start, offset
        offset = end
    raise SpansMarkup(
        "The change starts and ends in different formatting (bold, a link, a citation). "
        "Suggest each part separately, or make the change in the editor."
    )

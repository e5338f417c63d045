"""The places of a text where a search found its words, as HTML: every word verbatim, those found in `<mark>`. Pure.

A fragment is a part of the signed text: without the tags, and with its entities read, it stands there as it is. `…`
says where a paragraph was cut.
"""

from collections.abc import Collection, Iterator
from html import escape
from typing import NamedTuple

from articles.record.search.stems import WORD, analyzer, is_asked_for, plain, words_of

MOST_FRAGMENTS = 3
MOST_NAMES = 5
AROUND = 80  # characters before and behind the first word that was found
READ = 50_000  # characters of a text that are looked through


class Place(NamedTuple):
    """Where a word that was found stands in a text. `asked`: a stem, or letters with a `*` behind."""

    start: int
    end: int
    asked: str


class _Folded(dict[int, str]):
    """str.translate's table: letters without case and diacritics, each in one character, so that places stay."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        folded = plain(sign)
        self[code] = folded if len(folded) == 1 else sign
        return self[code]


FOLDED = _Folded()


def highlights(names: str, summary: str, text: str, *, language: str, asked: Collection[str]) -> dict[str, list[str]]:
    """{title, summary, text}: fragments, none where nothing was found. A synonym counts as the title."""
    by = analyzer(language)

    def whole(line: str) -> str:
        return _marked(line, places(line, by, asked), 0, len(line))

    found = [line for line in names.split("\n") if places(line, by, asked)]
    return {
        "title": [whole(line) for line in found[:MOST_NAMES]],
        "summary": [whole(summary)] if places(summary, by, asked) else [],
        "text": list(_fragments(text[:READ], by, asked)),
    }


def places(text: str, by: str, asked: Collection[str]) -> list[Place]:
    """The words that were asked for, in their order."""
    folded = text.lower() if text.isascii() else text.translate(FOLDED)
    found = {place.start: place for each in asked for place in _of(each, text, folded, by)}
    return [found[start] for start in sorted(found)]


def _of(asked: str, text: str, folded: str, by: str) -> Iterator[Place]:
    """A stem and its words begin alike, but for its last two letters."""
    beginning = asked[:-1] if asked.endswith("*") else _readable(asked)
    beginning = beginning[: max(min(3, len(beginning)), len(beginning) - 2)]
    at = folded.find(beginning)
    while at >= 0:
        word = WORD.match(text, at)
        if word and (at == 0 or not folded[at - 1].isalnum()):
            if any(is_asked_for(each, asked, by) for each in words_of(word[0])):
                yield Place(at, word.end(), asked)
            at = folded.find(beginning, word.end())
        else:
            at = folded.find(beginning, at + 1)


def _readable(stem: str) -> str:
    """The letters of a stem that is no ASCII (articles.record.search.stems.stem)."""
    try:
        return bytes.fromhex(stem[1:]).decode() if stem.startswith("0") and len(stem) > 1 else stem
    except ValueError:  # a number
        return stem


def _fragments(text: str, by: str, asked: Collection[str]) -> Iterator[str]:
    """Those with the most different words, in their order."""
    found: list[tuple[int, int, int, list[Place]]] = []
    for place in places(text, by, asked):
        if found and place.end <= found[-1][2]:
            found[-1][3].append(place)
        else:
            start, end = _window(text, place)
            found.append((len(found), start, end, [place]))
    best = sorted(found, key=lambda row: (-len({place.asked for place in row[3]}), row[0]))[:MOST_FRAGMENTS]
    for _, start, end, within in sorted(best):
        before = "… " if start and text[start - 1] != "\n" else ""
        after = " …" if text[end : end + 1] not in ("", "\n") else ""
        yield f"{before}{_marked(text, within, start, end)}{after}"


def _window(text: str, place: Place) -> tuple[int, int]:
    """Whole words of one line, around the place."""
    line = text.rfind("\n", 0, place.start) + 1, text.find("\n", place.end)
    start, end = max(line[0], place.start - AROUND), min(line[1] if line[1] >= 0 else len(text), place.end + AROUND)
    if start > line[0]:
        start = text.find(" ", start, place.start) + 1 or place.start
    if end < len(text) and text[end] != "\n":
        end = text.rfind(" ", place.end, end) if " " in text[place.end : end] else place.end
    return start, end


def _marked(text: str, within: list[Place], start: int, end: int) -> str:
    made, at = [], start
    for place in within:
        made += [escape(text[at : place.start]), "<mark>", escape(text[place.start : place.end]), "</mark>"]
        at = place.end
    return "".join([*made, escape(text[at:end])])

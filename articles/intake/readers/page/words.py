"""Runs of text with their marks -> plain words and rich text. The one place where imported HTML is made.

A raised or lowered number keeps its meaning in plain text too: `10<sup>3</sup>` is 10³, never 103.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from itertools import groupby
from urllib.parse import parse_qs, urljoin, urlsplit

import nh3

from articles.authoring.characters import clean

BREAK = "\n"  # a line break; in other texts every white space is a space
MARKS = ("b", "i", "sup", "sub")
SCHEMES = ("http", "https", "mailto", "tel")
MAX_ADDRESS = 2_000
BULLET = re.compile(r"\s*(?:([•◦▪‣·●○■–—*\ue000-\uf8ff-])|(\(?\d{1,3}[.)]|\[\d{1,3}\]))[ \t\u00a0]+(?=\S)")

_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_CONTROLS = dict.fromkeys((*range(32), 127), " ")
_RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_CAN_RAISE = re.compile(r"[\d+\-−–=()n,\s]*\d[\d+\-−–=()n,\s]*|[+\-−n]")
_CAN_LOWER = re.compile(r"[\d+\-−–=()]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters with the same marks. `marks` are of MARKS."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""

    def saying(self, text: str) -> "Run":
        """With the same marks."""
        return self if text == self.text else Run(text, self.marks, self.href)


def make_run(text: str, marks: frozenset[str] = frozenset(), href: str = "", *, keeps_lines: bool = False) -> Run:
    """A run of the characters as the import keeps them: cleaned, white space single."""
    lines = _LINES.split(text) if keeps_lines else [text]
    words = (_SPACES.sub(" ", clean(line).translate(_CONTROLS)) for line in lines)
    return Run(BREAK.join(words), marks, href)


def tidy(runs: Iterable[Run]) -> list[Run]:
    """Without white space at both ends, and without two spaces in a row."""
    made: list[Run] = []
    for run in runs:
        text = run.text
        if text[:1] == " " and (not made or made[-1].text[-1:] in (" ", BREAK)):
            text = text[1:]
        if text == BREAK and made and made[-1].text[-1:] == " ":
            made[-1] = made[-1].saying(made[-1].text[:-1])
            made = made if made[-1].text else made[:-1]
        if text:
            made.append(run.saying(text))
    return _stripped(made)


def _stripped(runs: list[Run]) -> list[Run]:
    while runs and not runs[0].text.lstrip():
        runs = runs[1:]
    while runs and not runs[-1].text.rstrip():
        runs = runs[:-1]
    if runs:
        runs[0] = runs[0].saying(runs[0].text.lstrip())
        runs[-1] = runs[-1].saying(runs[-1].text.rstrip())
    return runs


def plain(runs: Sequence[Run]) -> str:
    """The words alone. Raised and lowered numbers become the characters that are."""
    groups = groupby(runs, key=lambda run: run.marks & {"sup", "sub"})
    return "".join(_plain(mark, "".join(run.text for run in group)) for mark, group in groups).replace(BREAK, " ")


def _plain(mark: frozenset[str], text: str) -> str:
    if "sup" in mark and _CAN_RAISE.fullmatch(text):
        return text.translate(_RAISED)
    return text.translate(_LOWERED) if "sub" in mark and _CAN_LOWER.fullmatch(text) else text


def rich(runs: Sequence[Run]) -> str:
    """The words as inline rich text; "" where they have no mark."""
    if not any(run.marks or run.href for run in runs):
        return ""
    return sanitize("".join(_linked(href, list(group)) for href, group in groupby(runs, key=lambda run: run.href)))


def sanitize(html: str) -> str:
    """Only what a text of an article may carry inline."""
    return nh3.clean(html, tags={"a", *MARKS}, attributes={"a": {"href"}}, url_schemes=set(SCHEMES), link_rel=None)


def _linked(href: str, runs: list[Run]) -> str:
    inner = "".join(
        _marked(marks, "".join(run.text for run in group)) for marks, group in groupby(runs, key=lambda run: run.marks)
    )
    return f'<a href="{escape(href)}">{inner}</a>' if href else inner


def _marked(marks: frozenset[str], text: str) -> str:
    tags = [mark for mark in MARKS if mark in marks]
    opened = "".join(f"<{tag}>" for tag in tags)
    closed = "".join(f"</{tag}>" for tag in reversed(tags))
    return f"{opened}{escape(text.replace(BREAK, ' '), quote=False)}{closed}"


def without(mark: str, runs: Iterable[Run]) -> list[Run]:
    """The runs without this mark: a heading is bold by itself."""
    return [replace(run, marks=run.marks - {mark}) for run in runs]


def is_all(mark: str, runs: Sequence[Run]) -> bool:
    """Whether every word has the mark."""
    return bool(runs) and all(mark in run.marks for run in runs if re.search(r"\w", run.text))


def lines_of(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The runs between line breaks, each tidy; [] for an empty line."""
    line: list[Run] = []
    for run in runs:
        first, *others = run.text.split(BREAK)
        line.append(run.saying(first))
        for text in others:
            yield tidy(line)
            line = [run.saying(text)]
    yield tidy(line)


def cut_marker(runs: Sequence[Run]) -> tuple[str, list[Run]]:
    """(the bullet or number before a typed list item, the rest); ("", runs) where there is none."""
    found = BULLET.match("".join(run.text for run in runs))
    if not found:
        return "", list(runs)
    marker = "•" if found[1] and found[1] >= "\ue000" else (found[1] or found[2])
    rest, length = [], found.end()
    for run in runs:
        rest.append(run.saying(run.text[length:]))
        length = max(0, length - len(run.text))
    return marker, tidy(rest)


@lru_cache(maxsize=2_000)
def address(href: str, base: str) -> str:
    """An absolute address that readers can follow; "" where it is none. Google's redirects are unwrapped."""
    try:
        written = f"https:{href.strip()}" if href.strip().startswith("//") and not base else href.strip()
        found = urlsplit(urljoin(base, written) if base else written)
        if found.netloc.lower() in ("www.google.com", "google.com") and found.path == "/url":
            target = parse_qs(found.query).get("q") or parse_qs(found.query).get("url") or [""]
            found = urlsplit(target[0])
        made = found.geturl()
    except ValueError:
        return ""
    is_complete = found.scheme in SCHEMES and (found.netloc or found.scheme in ("mailto", "tel"))
    return made if is_complete and len(made) <= MAX_ADDRESS and not re.search(r"\s", made) else ""

"""A text as words and what stands between them, ready to be compared for meaning. Pure.

A word (core) is all that is not white space or typography at its edges: brackets, quotation marks, question and
exclamation marks, signs, and every mark beside a digit belong to it. What is between words (gaps) is white space and
full stops, commas, semicolons, colons and dashes. Marks of rich text are characters of a private range, in the word.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from articles.record.materiality_words import SIGNS

SPACE = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
SEPARATORS = ".,;:–—-"
DASHES = "–—-"
CLOSE, STRONG, EM, SUB, SUP, LINK, ARTICLE, CITE, OTHER = (chr(0xE000 + at) for at in range(9))
MARKS = {"strong": STRONG, "em": EM, "sub": SUB, "sup": SUP}
PRIVATE = re.compile("[\ue000-\uf8ff]")
READABLE = {STRONG: "**", EM: "*", SUB: "_", SUP: "^"}

DOUBLE, SINGLE, HYPHEN = re.compile("[“”„‟«»]"), re.compile("[‘’‛]"), re.compile("[\u2010\u2011]")
ELLIPSIS = re.compile(r"(?<!\.)\.\.\.(?!\.)")
DASH = re.compile(r"(?<=[^\W\d_])(?: *— *| +– +| - )(?=[^\W\d_])")  # “drug–free” without spaces is a compound


@dataclass(frozen=True)
class Split:
    """`gaps` has one more than `cores`: before the first, between each two, after the last."""

    cores: tuple[str, ...]
    gaps: tuple[str, ...]

    def shown(self, start: int, end: int, *, around: int = 4) -> str:
        """The words from `start` to `end` with some on either side, as people read them."""
        first, last = max(0, start - around), min(len(self.cores), end + around)
        text = "".join(gap + core for core, gap in zip(self.cores[first:last], self.gaps[first:last], strict=True))
        text = text + self.gaps[last] if last == len(self.cores) else text
        whole = readable(text.lstrip(SEPARATORS + " \n") if first else text).strip()
        return f"{'… ' if first else ''}{whole}{' …' if last < len(self.cores) else ''}"


def split(text: str) -> Split:
    cores: list[str] = []
    gaps = [""]
    for chunk in re.split(r"([ \n]+)", _typographic(text)):
        before, core, after = _edges(chunk)
        gaps[-1] += before
        if core:
            cores.append(core)
            gaps.append(after)
    return Split(tuple(cores), tuple(gaps))


def readable(text: str) -> str:
    """A text with its marks as signs that people know."""
    return PRIVATE.sub(lambda found: READABLE.get(found.group(), ""), text).replace("\u2007", " ")


def bare(core: str) -> str:
    """A word without the marks of rich text."""
    return PRIVATE.sub("", core)


def separators(gap: str) -> str:
    """Its marks without spaces; dashes are one mark, however long."""
    return re.sub("[–—-]", "–", gap.replace(" ", ""))


def _edges(chunk: str) -> tuple[str, str, str]:
    """(gap, core, gap) of what stands between white space. Marks beside a digit or a sign stay in the core."""
    if not chunk.strip(SEPARATORS + " \n"):
        return chunk, "", ""
    start = len(chunk) - len(chunk.lstrip("–—"))
    if start and not chunk[start].isalpha():
        start = 0
    end = len(chunk.rstrip(".,;:–—"))
    if _is_sign(chunk[end - 1]):
        end = len(chunk)
    return chunk[:start], chunk[start:end], chunk[end:]


def _is_sign(character: str) -> bool:
    return character.isnumeric() or character in SIGNS


def _typographic(text: str) -> str:
    """One form for what only looks different: spaces, quotation marks, apostrophes, hyphens, ellipses, dashes.

    Where the place of a quotation mark does not say whether it opens or closes, its form does. Dashes of several
    lengths in one text stay, since each may pair with its like.
    """
    text = SPACE.sub(" ", text.replace("\r\n", "\n"))
    text = _away_from_digits(DOUBLE, '"', text, where=_opens_or_closes)
    text = _away_from_digits(SINGLE, "'", text, where=_is_in_word_or_at_its_edge)
    text = _away_from_digits(ELLIPSIS, "…", text)
    text = _between(HYPHEN, "-", text, str.isalpha)
    is_one_form = len({found.group().strip() for found in DASH.finditer(text)}) < 2
    return DASH.sub(" – ", text) if is_one_form else text


def _away_from_digits(
    pattern: re.Pattern[str], form: str, text: str, *, where: Callable[[re.Match[str]], bool] = bool
) -> str:
    return pattern.sub(
        lambda found: form if where(found) and not any(map(_is_sign, _beside(found))) else found.group(),
        text,
    )


def _opens_or_closes(found: re.Match[str]) -> bool:
    """Whether its place says which it does: at one edge of a word, neither alone nor inside."""
    sides = _sides(found)
    return not all(map(str.isspace, sides)) and not all(map(str.isalnum, sides))


def _is_in_word_or_at_its_edge(found: re.Match[str]) -> bool:
    return not all(map(str.isspace, _sides(found)))


def _between(pattern: re.Pattern[str], form: str, text: str, kind: Callable[[str], bool]) -> str:
    def replace(found: re.Match[str]) -> str:
        sides = _beside(found)
        return form if len(sides) > 1 and all(map(kind, sides)) else found.group()

    return pattern.sub(replace, text)


def _beside(found: re.Match[str]) -> str:
    """The characters before and after, where there are any."""
    return found.string[max(0, found.start() - 1) : found.start()] + found.string[found.end() : found.end() + 1]


def _sides(found: re.Match[str]) -> list[str]:
    """The character before and the one after; a space where the text begins or ends."""
    around = f" {found.string} "
    return [around[found.start()], around[found.end() + 1]]

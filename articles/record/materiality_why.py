"""Why is a change of words material? In words for the author and the reviewer. Pure.

It names what it is surest of; what it names never decides: that words changed does (materiality_text.py).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from articles.record.materiality_split import CITE, bare
from articles.record.materiality_words import is_numeric, plain, reason_of

LETTERS = re.compile(r"([^\W\d_]+)")


def why(old: Sequence[str], new: Sequence[str], medicines: frozenset[str]) -> str:
    """The reason for words `old` having become `new`; either may be empty."""
    before, after = Counter(map(bare, old)), Counter(map(bare, new))
    if any(core.startswith(CITE) for core in (Counter(old) - Counter(new)) + (Counter(new) - Counter(old))):
        return "a citation came, went, moved or changed"
    if before == after:
        return (
            "the order of words changed" if Counter(old) == Counter(new) else "emphasis, raised text or a link changed"
        )
    gone, come = list((before - after).elements()), list((after - before).elements())
    return _form(gone, come) or reason_of([*gone, *come], medicines) or _plainly(gone, come)


def letters_of(core: str) -> list[str]:
    """Letters and what stands between them, in turn."""
    return LETTERS.split(core)


def _form(gone: list[str], come: list[str]) -> str:
    """What changed where the letters are the same ones; "" beside numbers and units, which are told first."""
    was, now = "".join(gone), "".join(come)
    if any(map(is_numeric, [*gone, *come])):
        return ""
    if was.casefold() == now.casefold() and len(gone) == len(come):
        return "capital letters changed"
    if [plain(core) for core in gone] == [plain(core) for core in come]:
        return "a question mark, exclamation mark, bracket or quotation mark changed"
    if len(was) == len(now) and _scripts(was) != _scripts(now):
        return "letters that look alike changed"
    return "words were joined or split" if was.casefold() == now.casefold() else ""


def _plainly(gone: list[str], come: list[str]) -> str:
    if gone and come:
        return "words changed"
    return "words were added" if come else "words were removed"


def _scripts(text: str) -> set[str]:
    """Latin, Greek, Cyrillic, …: the alphabets of its letters."""
    return {unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha()}

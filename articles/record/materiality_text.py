"""Do two texts say the same, sure enough that no clinician need look? Pure. The allow-list of design §6 for words.

Only this is harmless:
- white space of any width (a line break only as a full stop is), and the form of quotation marks, apostrophes,
  hyphens, ellipses and dashes, away from digits;
- a full stop, comma, semicolon or dash that becomes another, and a comma before the last of several
  (“creams, gels, and oils”), between words that are no number, unit, negation, hedge, condition, frequency,
  direction, instruction or possible medicine, in a sentence without a negation or condition (“No, drug interactions
  are known”); a full stop, comma or semicolon at the very end or on the other side of a citation. Any other mark
  that comes or goes is material: “pregnant, elderly” are other people than “pregnant elderly”;
- a word that the lists of materiality_spelling.py know as the same word, away from numbers and units.

So question and exclamation marks, brackets, capitals, joined or split words, order, emphasis, raised and lowered
text are material. Emphasis too: bold on “not” is how a warning is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles.record.materiality_spelling import is_same_word
from articles.record.materiality_split import CITE, DASHES, PRIVATE, Split, bare, separators, split
from articles.record.materiality_why import letters_of, why
from articles.record.materiality_words import (
    CONDITIONS,
    NEGATIONS,
    is_danger,
    is_numeric,
    may_be_medicine,
    parts,
    plain,
)

MANY = 3_000  # words; a longer text is compared as a whole, since finding what changed takes quadratic time
FREE_AT_END = set(".,;\n")
LAST = {"and", "or", "y", "e", "o", "u", "und", "oder"}


@dataclass(frozen=True)
class Given:
    """What the documents say about their own words: `medicines`, names in small letters that they state.

    `knows_language`: whether the lists of danger cover their language. Where they do not, nothing but white space,
    the form of marks and the very end of a text may change.
    """

    medicines: frozenset[str] = frozenset()
    knows_language: bool = True


@dataclass(frozen=True)
class Difference:
    """One place in a text: the words then and now, and in words what the difference is."""

    is_material: bool
    was: str
    now: str
    why: str


def compare_texts(
    old: str, new: str, *, given: Given, is_verbatim: bool = False, is_rich: bool = False
) -> list[Difference]:
    """Every difference of two texts; empty only if they are equal.

    `is_verbatim`: a quotation, which must stay as its source has it. `is_rich`: private characters are our marks.
    """
    if old == new:
        return []
    if not is_rich and (PRIVATE.search(old) or PRIVATE.search(new)):
        return [Difference(True, old, new, "a character without a fixed meaning stands here")]
    before, after = split(old), split(new)
    found = list(_words(before, after, given))
    if all(not each.is_material for each in found):
        found += _gaps(before, after, given)
    found = found or [Difference(False, old, new, "only white space or the form of a mark changed")]
    return [_strict(each) for each in found] if is_verbatim and before != after else found


def _strict(difference: Difference) -> Difference:
    if difference.is_material or difference.why.startswith("only white space"):
        return difference
    return Difference(True, difference.was, difference.now, "a quotation changed")


def _words(old: Split, new: Split, given: Given) -> Iterator[Difference]:
    """Spelling is judged word against word, so that the verdict is the same in both directions."""
    places = [at for at, (was, now) in enumerate(zip(old.cores, new.cores, strict=False)) if was != now]
    if len(old.cores) == len(new.cores) and all(_is_respelt(old, new, at, given) for at in places):
        for at in places:
            yield Difference(False, old.shown(at, at + 1), new.shown(at, at + 1), "only the spelling changed")
        return
    for i1, i2, j1, j2 in _changed(old.cores, new.cores):
        reason = why(old.cores[i1:i2], new.cores[j1:j2], given.medicines)
        yield Difference(True, old.shown(i1, i2), new.shown(j1, j2), reason)


def _changed(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[int, int, int, int]]:
    if old == new:
        return
    if len(old) + len(new) > MANY:
        yield 0, len(old), 0, len(new)
        return
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op != "equal":
            yield i1, i2, j1, j2


def _is_respelt(old: Split, new: Split, at: int, given: Given) -> bool:
    one, other = bare(old.cores[at]), bare(new.cores[at])
    if any(map(is_numeric, (one, other, *_beside(old, at, at + 1), *_beside(new, at, at + 1)))):
        return False
    if not given.knows_language or any(part in given.medicines for core in (one, other) for part in parts(core)):
        return False
    before, after = letters_of(old.cores[at]), letters_of(new.cores[at])
    pairs = zip(before, after, strict=False)
    return len(before) == len(after) and all(was == now or is_same_word(was, now) for was, now in pairs)


def _gaps(old: Split, new: Split, given: Given) -> Iterator[Difference]:
    """What stands between words that are the same."""
    for at, (was, now) in enumerate(zip(old.gaps, new.gaps, strict=True)):
        if was == now:
            continue
        if reason := _matters(old, new, at, given):
            yield Difference(True, old.shown(at, at), new.shown(at, at), reason)
        elif separators(was) != separators(now):
            yield Difference(False, old.shown(at, at), new.shown(at, at), "only punctuation changed")
        else:
            yield Difference(False, old.shown(at, at), new.shown(at, at), "only white space or a dash changed")


def _matters(old: Split, new: Split, at: int, given: Given) -> str:
    """Why a change of what stands at this gap is material, or ""."""
    was, now = _around(old, at), _around(new, at)
    sides = [*_beside(old, at, at), *_beside(new, at, at)]
    is_near_number = any(map(is_numeric, sides))
    if was == now:
        is_dash = _dashes(old.gaps[at]) != _dashes(new.gaps[at])
        return "a dash beside a number or unit changed" if is_near_number and is_dash else ""
    if not old.cores:
        return "a sign that stands alone changed"
    if (at == len(old.cores) and set(was + now) <= FREE_AT_END) or (at == 0 and set(was + now) <= {"\n"}):
        return ""
    if is_near_number:
        return "a mark beside a number or unit changed"
    if not given.knows_language:
        return "punctuation changed in a language whose negations and conditions are not known here"
    if any(is_danger(side) or may_be_medicine(side) or set(parts(side)) & given.medicines for side in sides):
        return "punctuation changed beside a word that it can turn around"
    start, end = _sentence(old, new, at)
    if any(set(parts(bare(core))) & (NEGATIONS | CONDITIONS) for core in old.cores[start:end]):
        return "punctuation changed in a sentence with a negation or a condition"
    was, now = was.replace("\n", ""), now.replace("\n", "")
    if (":" in was) != (":" in now):
        return "a colon came or went"
    if bool(was) != bool(now) and not _is_serial(old, new, at, start, was + now):
        return "a mark that parts words came or went"
    return ""


def _is_serial(old: Split, new: Split, at: int, start: int, mark: str) -> bool:
    """Whether it is the comma before the last of several: “creams, gels, and oils”."""
    is_last = mark == "," and at < len(old.cores) and plain(old.cores[at]) in LAST
    return is_last and any("," in old.gaps[gap] and "," in new.gaps[gap] for gap in range(start + 1, at))


def _around(text: Split, at: int) -> str:
    """The marks there; those on the other side of a citation count too, which stands before or after a full stop."""
    first, last = at, at
    while first > 0 and text.cores[first - 1].startswith(CITE):
        first -= 1
    while last < len(text.cores) and text.cores[last].startswith(CITE):
        last += 1
    return "".join(separators(gap) for gap in text.gaps[first : last + 1])


def _dashes(gap: str) -> list[str]:
    return [mark for mark in gap if mark in DASHES]


def _beside(text: Split, start: int, end: int) -> list[str]:
    """The words before `start` and from `end` on, citations passed over."""
    before = next((core for core in reversed(text.cores[:start]) if not core.startswith(CITE)), None)
    after = next((core for core in text.cores[end:] if not core.startswith(CITE)), None)
    return [bare(core) for core in (before, after) if core is not None]


def _sentence(old: Split, new: Split, at: int) -> tuple[int, int]:
    """From which word to which the sentence around a gap goes; it ends where both texts end one."""
    ends = [
        gap
        for gap in range(1, len(old.cores))
        if gap != at and ({".", "\n"} & set(old.gaps[gap]) and {".", "\n"} & set(new.gaps[gap]))
    ]
    return max((gap for gap in ends if gap < at), default=0), min(
        (gap for gap in ends if gap > at), default=len(old.cores)
    )

"""Do two texts say the same, sure enough that no clinician need look? Pure. The allow-list of design §6 for words.

Only this is harmless:
- spaces of any width, and the form of quotation marks, apostrophes, hyphens, ellipses and dashes, away from digits,
  where the form says nothing (materiality_split.py);
- a full stop at the very end of a text, and one that changes sides with a citation;
- a word that the lists of materiality_spelling.py know as the same word, away from numbers and units.

Any other mark that comes, goes or becomes another is material: “helps the scalp; kidneys, lungs suffer” is no longer
“helps the scalp, kidneys; lungs suffer”, and “helps adults, children and babies suffer” needs but one comma more to
say that it helps children. So are line breaks, question and exclamation marks, brackets, capitals, joined or split
words, order, emphasis, raised and lowered text. Emphasis too: bold on “not” is how a warning is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles.record.materiality_spelling import is_same_word
from articles.record.materiality_split import CITE, DASHES, PRIVATE, Split, bare, separators, split
from articles.record.materiality_why import letters_of, why
from articles.record.materiality_words import is_numeric, parts

MANY = 3_000  # words; a longer text is compared as a whole, since finding what changed takes quadratic time
FREE_AT_END = set(".\n")
BREAK = "a line break came, went or moved"
DASH_SIGN, DASHED = re.compile(f"[{DASHES}]"), re.compile(f" ?[{DASHES}] ?")


@dataclass(frozen=True)
class Given:
    """What the documents say about their own words: `medicines`, names in small letters that they state.

    `knows_language`: whether the lists of words cover their language. Where they do not, no spelling is the same.
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
        found += _gaps(before, after)
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


def _gaps(old: Split, new: Split) -> Iterator[Difference]:
    """What stands between words that are the same."""
    for at, (was, now) in enumerate(zip(old.gaps, new.gaps, strict=True)):
        if was == now:
            continue
        if reason := _matters(old, new, at):
            yield Difference(True, old.shown(at, at), new.shown(at, at), reason)
        elif separators(was) != separators(now):
            yield Difference(False, old.shown(at, at), new.shown(at, at), "only punctuation changed")
        else:
            yield Difference(False, old.shown(at, at), new.shown(at, at), "only white space or a dash changed")


def _matters(old: Split, new: Split, at: int) -> str:
    """Why a change of what stands at this gap is material, or ""."""
    was, now = _around(old, at), _around(new, at)
    is_near_number = any(map(is_numeric, [*_beside(old, at, at), *_beside(new, at, at)]))
    is_broken = old.gaps[at].count("\n") != new.gaps[at].count("\n")
    if was == now:
        return BREAK if is_broken else _why_dash(old, new, at, is_near_number=is_near_number)
    if not old.cores:
        return "a sign that stands alone changed"
    if (at == len(old.cores) and set(was + now) <= FREE_AT_END) or (at == 0 and set(was + now) <= {"\n"}):
        return ""
    if is_near_number:
        return "a mark beside a number or unit changed"
    if was.replace("\n", "") == now.replace("\n", ""):
        return BREAK
    return "a mark that parts or joins words changed"


def _why_dash(old: Split, new: Split, at: int, *, is_near_number: bool) -> str:
    """Where dashes of several lengths stand in one text, each may pair with its like; “pre– and” is no “pre – and”."""
    was, now = _dashes(old.gaps[at]), _dashes(new.gaps[at])
    if was == now:
        return ""
    if is_near_number:
        return "a dash beside a number or unit changed"
    if [DASH_SIGN.sub("–", dash) for dash in was] != [DASH_SIGN.sub("–", dash) for dash in now]:
        return "a space on one side of a dash came or went"
    is_mixed = any(len(set(map(str.strip, _dashes("".join(text.gaps))))) > 1 for text in (old, new))
    return "a dash among dashes of other lengths changed" if is_mixed else ""


def _around(text: Split, at: int) -> str:
    """The marks there; those on the other side of a citation count too, which stands before or after a full stop."""
    first, last = at, at
    while first > 0 and text.cores[first - 1].startswith(CITE):
        first -= 1
    while last < len(text.cores) and text.cores[last].startswith(CITE):
        last += 1
    return "".join(separators(gap) for gap in text.gaps[first : last + 1])


def _dashes(gap: str) -> list[str]:
    """Each with the spaces around it."""
    return DASHED.findall(gap)


def _beside(text: Split, start: int, end: int) -> list[str]:
    """The words before `start` and from `end` on, citations passed over."""
    before = next((core for core in reversed(text.cores[:start]) if not core.startswith(CITE)), None)
    after = next((core for core in text.cores[end:] if not core.startswith(CITE)), None)
    return [bare(core) for core in (before, after) if core is not None]

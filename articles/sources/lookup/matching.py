"""Is this record the work that a reference names? Pure. Rather none than a wrong one: a clinician signs what is chosen.

A record is accepted only where its whole title stands in the reference and who wrote it, when and where it appeared
agree as far as the reference says. A title alone is enough only if it is long and the reference says nothing else.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles.sources.lookup.records import Record
from articles.sources.names import read_names

_TOKEN = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?<![0-9])(?:1[89]|20)[0-9]{2}(?![0-9])")
# 2001;27(4):235-46; 27 (4): 235-46, 2001; 27 Suppl 1:S12
_PLACE = re.compile(
    r"(?<![\w.])(?P<volume>[A-Za-z]?[0-9]{1,4})\s*(?:Suppl\.?\s*[0-9]*\s*)?(?:\((?P<issue>[^()]{1,20})\))?\s*:\s*"
    r"(?P<page>[A-Za-z]{0,5}[0-9]{1,20})(?:\s*[-–]\s*\w+)?"
)
_SMALL = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
LEAST_ALONE = 8  # words of a title that is enough by itself
MOST_BESIDE = 4  # words beside it, such as the publisher's name
LEAST_WORDS = 4  # of a title that is compared with tolerance; a shorter one must be exact
ENDS = '.?!;:,()[]"”'  # signs that may follow a title
SIMILAR = 0.8  # of two spellings of a word


@dataclass(frozen=True)
class Place:
    """Where in a journal a reference says the work is."""

    volume: str
    issue: str
    page: str


def accepted(reference: str, records: Iterable[Record]) -> list[Record]:
    """The records that the reference names: one, none, or several that it does not tell apart. Each work once."""
    once = {record.doi or record.pmid: record for record in records}
    found = [record for record in once.values() if is_named(reference, record)]
    exact = [record for record in found if _agrees_in_place(record, places_in(reference))]
    return exact if len(found) > 1 and exact else found


def is_named(reference: str, record: Record) -> bool:
    """Whether the reference names this record and says nothing against it. A subtitle may be missing in its place."""
    if _is_titled(reference, record, record.title, ends=ENDS):
        return True
    head, colon, _ = record.title.partition(": ")
    in_place = bool(colon) and _agrees_in_place(record, places_in(reference))
    return in_place and _is_titled(reference, record, head, ends=".?!")


def says_otherwise(reference: str, record: Record) -> bool:
    """Whether the words beside an identifier name another work: neither the title nor an author is among them."""
    line = _words(reference)
    title = [word for word in _words(record.title) if word not in _SMALL]
    shared = sum(word in set(line) for word in title)
    return shared < len(title) / 2 and not _names_author(record, line, len(line))


def places_in(reference: str) -> list[Place]:
    return [Place(match["volume"], match["issue"] or "", match["page"]) for match in _PLACE.finditer(reference)]


def first_author_in(reference: str) -> str:
    """The family name that the reference begins with, for a search; "" if it begins otherwise."""
    match = re.match(r"\s*(?:[0-9]{1,3}[.)]\s+|[-*•]\s+)?([^\W\d_][^,.:;()]*?)(?:,|\s+[A-ZÀ-ÖØ-Þ]{1,4}\b)", reference)
    return match[1].strip() if match and len(match[1].split()) <= 4 else ""


def _is_titled(reference: str, record: Record, name: str, *, ends: str) -> bool:
    """`ends`: the signs that may follow the title."""
    line, title = _words(reference), _words(name)
    at = _title_at(title, line)
    if at is None:
        return False
    places, years = places_in(reference), _years_in(reference)
    in_place = _agrees_in_place(record, places)
    if _contradicts_place(record, places) or not _agrees_in_year(record, years, in_place):
        return False
    has_author = _names_author(record, line, at[0])
    if in_place and len(title) >= LEAST_WORDS and ends == ENDS:
        return True
    if _sign_after(reference, at[1]) not in ends:
        return False
    if in_place:
        return has_author or not record.authors
    beside = len(line) - (at[1] - at[0])
    if beside <= MOST_BESIDE and len(title) >= LEAST_ALONE:
        return True
    return has_author and bool(years) and len(title) >= LEAST_WORDS


def _folded(text: str) -> str:
    """Small letters without accents and apostrophes: “Rühl’s mTOR-C1” as ruhls mtor-c1."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign) and sign not in "’'`´")


def _words(text: str) -> list[str]:
    return _TOKEN.findall(_folded(text))


def _title_at(title: Sequence[str], line: Sequence[str]) -> tuple[int, int] | None:
    """Where in the line's words the whole title stands, [begin, end); None if it does not."""
    if not title:
        return None
    longest = SequenceMatcher(None, title, line, autojunk=False).find_longest_match()
    if longest.size == len(title):
        return longest.b, longest.b + longest.size
    if len(title) < LEAST_WORDS or longest.size * 4 < len(title):
        return None
    for begin in range(max(0, longest.b - longest.a - 2), longest.b - longest.a + 3):
        for end in range(begin + len(title) - 2, begin + len(title) + 3):
            if begin < end <= len(line) and _is_same_title(title, line[begin:end]):
                return begin, end
    return None


def _is_same_title(title: Sequence[str], words: Sequence[str]) -> bool:
    """The same words but for small ones, one spelling in five, and words written in one or two; equal at both ends."""
    if not (_is_similar(title[0], words[0]) and _is_similar(title[-1], words[-1])):
        return False
    differing = 0
    for kind, a, b, c, d in SequenceMatcher(None, title, words, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        ours, theirs = title[a:b], words[c:d]
        differing += max(len(ours), len(theirs))
        if not (set(ours) | set(theirs) <= _SMALL or _is_similar("".join(ours), "".join(theirs))):
            return False
    return differing * 5 <= len(title)


def _is_similar(one: str, other: str) -> bool:
    """Two spellings of a word. A number has one spelling: part 1 is not part 2."""
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    return one == other or (min(len(one), len(other)) > 3 and SequenceMatcher(None, one, other).ratio() >= SIMILAR)


def _sign_after(reference: str, end: int) -> str:
    """The first sign of punctuation between the word before `end` and the next one; a space if there is none."""
    folded = _folded(reference)
    words = list(_TOKEN.finditer(folded))
    between = folded[words[end - 1].end() : words[end].start()] if end < len(words) else "."
    return next((sign for sign in between if sign in ENDS), " ")


def _agrees_in_year(record: Record, years: Sequence[str], in_place: bool) -> bool:
    """The year is among those of the reference; print and online may be a year apart where the place agrees."""
    year = record.issued[:4]
    if not year or not years:
        return True
    near = [str(int(year) + apart) for apart in ((-1, 0, 1) if in_place else (0,))]
    return any(each in years for each in near)


def _agrees_in_place(record: Record, places: Iterable[Place]) -> bool:
    volume, page = _first_word(record.volume), _first_page(record.pages)
    return bool(page) and any(place.volume == volume and _first_page(place.page) == page for place in places)


def _contradicts_place(record: Record, places: Sequence[Place]) -> bool:
    """The reference says a volume and a page, the record has both, and neither is the same."""
    volume, page = _first_word(record.volume), _first_page(record.pages)
    if not places or not volume or not page:
        return False
    return not any(place.volume == volume or _first_page(place.page) == page for place in places)


def _first_word(volume: str) -> str:
    """27 of “27 Suppl 1”."""
    return volume.split()[0] if volume.strip() else ""


def _first_page(pages: str) -> str:
    match = re.match(r"[A-Za-z]*[0-9]+", pages)
    return match[0].lower() if match else ""


def _names_author(record: Record, line: Sequence[str], before: int) -> bool:
    """Whether the first author stands before the title; of whom the record does not know, nobody does."""
    names = read_names(record.authors)
    family = _words(names[0].get("family") or names[0].get("literal", "")) if names else []
    return bool(family) and any(list(line[at : at + len(family)]) == family for at in range(max(0, before)))


def _years_in(reference: str) -> list[str]:
    """Without pages that look like years, and without the dates of access and of an electronic edition."""
    rest = _PLACE.sub(lambda match: match["volume"], reference)
    match = re.search(r"(?i)\b(?:accessed|retrieved|cited|epub)\b", rest)
    return _YEAR.findall(rest[: match.start()] if match else rest)

"""`q`: the articles that have the words, by their place in tiers, and the fragments that show them.

Articles with all words in a name (title or synonym) come first, then with all in a name or the summary, then with all
anywhere; newest first within each. Only if no article has all words come those with any: in a name, then anywhere.

`find` is the one place that asks the index. An engine of its own would stand behind it: it gets stems and conditions,
and answers with (number, tier).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from api.protocol import database
from api.protocol.pagination import PREVIOUS, Cursor
from api.protocol.parameters import Parameter
from api.protocol.problems import InvalidParameter
from api.v1.reading.filters import Conditions
from articles.record.search.index import matching
from articles.record.search.said import BESIDE, NAMES, SHORT, SUMMARY, TEXT, WHOLE, token
from articles.record.search.stems import UNSTEMMED, analyzer, asked_in, letters, stem, stop_words

ORDER = "q"  # what a cursor of a search belongs to
ALL, ANY = (1, 2, 3), (4, 5)  # tiers
Q = Parameter(
    "q",
    "Words to look for, in the language of the articles: all of them in the title or a synonym come first, then in the "
    "summary, then anywhere in the text, the newest first in each. If no article has all words, those with any of "
    "them; `matched_words` says which. Word endings, case and accents do not matter. A word that ends in `*` stands "
    "for every word that begins so (at least two letters). There are no other operators.",
)


@dataclass(frozen=True)
class Asked:
    """The words that were asked for, as stems in each language that is searched, or as letters with a `*` behind."""

    stems: dict[str, tuple[str, ...]]

    @property
    def is_one_word(self) -> bool:
        return all(len(stems) == 1 for stems in self.stems.values())

    def of(self, language: str) -> tuple[str, ...]:
        """Those to look for in a text; in a language that is not searched only beginnings, which have no language."""
        beginnings = (each for stems in self.stems.values() for each in stems if each.endswith("*"))
        return self.stems.get(analyzer(language)) or tuple(dict.fromkeys(beginnings))

    def query(self, tier: int) -> str:
        """For the index: the articles of this tier, without those of the one before in its group."""
        match tier:
            case 1:
                return self._all(NAMES)
            case 2:
                return f"({self._all(SUMMARY)}) {_sign('NOT')} ({self._all(NAMES)})"
            case 3:
                return f"({self._all(TEXT)}) {_sign('NOT')} ({self._all(SUMMARY)})"
            case 4:
                return self._any(NAMES)
        return f"({self._any(TEXT)}) {_sign('NOT')} ({self._any(NAMES)})"

    @property
    def all_words(self) -> str:
        return self._all(TEXT)

    @property
    def any_word(self) -> str:
        return self._any(TEXT)

    @property
    def all_beside(self) -> str:
        """All in what is shown beside the text. Not for beginnings of words."""
        return self._all(BESIDE)

    def _all(self, level: int) -> str:
        by_language = (f" {_sign('AND')} ".join(words) for words in self._tokens(level))
        return f" {_sign('OR')} ".join(dict.fromkeys(f"({words})" for words in by_language))

    def _any(self, level: int) -> str:
        return f" {_sign('OR')} ".join(dict.fromkeys(word for words in self._tokens(level) for word in words))

    def _tokens(self, level: int) -> Iterator[list[str]]:
        for by, stems in self.stems.items():
            yield [_token(level, by, each) for each in stems]


def read(text: str, locales: Sequence[str]) -> Asked:
    """In the languages of `locales`, else in all of the site. Raises InvalidParameter if there is no word to look for
    in `locales`, else in the site's default language.
    """
    site = [settings.LANGUAGE_CODE, *(language for language, _ in settings.LANGUAGES), UNSTEMMED]
    words = dict.fromkeys(asked_in(text))
    found = {by: _stems(words, by) for by in dict.fromkeys(analyzer(language) for language in locales or site)}
    if not any(found[analyzer(language)] for language in locales or site[:1]):
        detail = "q must contain a word to search for. Very common words such as “the” and “and” do not count."
        raise InvalidParameter("q", "empty", detail)
    return Asked({by: stems for by, stems in found.items() if stems})


def find(asked: Asked, filters: Conditions, cursor: Cursor | None, *, limit: int) -> list[tuple[int, int]]:
    """At most `limit` (number, tier) in the direction of the cursor: a query for each tier while there is room."""
    upwards = cursor is not None and cursor.direction == PREVIOUS
    tier, number = _position(cursor) if cursor else (0, 0)
    groups = [ANY if tier in ANY else ALL] if cursor else [ALL, *([] if asked.is_one_word else [ANY])]
    found: list[tuple[int, int]] = []
    for group in groups:
        for each in reversed(group) if upwards else group:
            if (each > tier if upwards else each < tier) or len(found) == limit:
                continue
            from_number = number if each == tier else None
            found += [
                (row, each) for row in _tier(asked.query(each), filters, from_number, upwards, limit - len(found))
            ]
        if found:
            break
    return found


def place(number: int, tier: int) -> str:
    """Where a result stands, for a cursor."""
    return f"{tier}.{number}"


def matches(asked: Asked, filters: Conditions, *, most: int) -> tuple[str, list[Any]]:
    """(SQL, parameters): the articles with all words, else those with any; at most so many, the newest."""
    conditions, parameters = filters
    found = f"FROM {matching()} WHERE {' AND '.join(conditions)}"
    has_all = bool(database.fetch(f"SELECT 1 {found} LIMIT 1", [asked.all_words, *parameters]))
    sql = f"SELECT p.article, m.rowid AS number {found} ORDER BY m.rowid DESC LIMIT {most:d}"
    return sql, [asked.all_words if has_all else asked.any_word, *parameters]


def _tier(query: str, filters: Conditions, number: int | None, upwards: bool, limit: int) -> list[int]:
    conditions, parameters = list(filters[0]), list(filters[1])
    if number is not None:
        conditions.append(f"m.rowid {'>' if upwards else '<'} %s")
        parameters.append(number)
    turn = "ASC" if upwards else "DESC"
    found = f"FROM {matching(turn)} WHERE {' AND '.join(conditions)}"
    sql = f"SELECT m.rowid {found} ORDER BY m.rowid {turn} LIMIT {limit:d}"
    return [number for (number,) in database.fetch(sql, [query, *parameters])]


def _position(cursor: Cursor) -> tuple[int, int]:
    tier, _, number = cursor.key[0].partition(".")
    return int(tier), int(number)


def _stems(words: Iterable[str], by: str) -> tuple[str, ...]:
    kept = (word for word in words if word not in stop_words(by))
    return tuple(dict.fromkeys(word if word.endswith("*") else stem(word, by) for word in kept))


def _token(level: int, by: str, asked: str) -> str:
    """Quoted; letters and digits of ASCII, whatever was typed."""
    quote, behind = ("'", ":*") if database.is_postgresql() else ('"', "*")
    if not asked.endswith("*"):
        return f"{quote}{token(level, by, asked)}{quote}"
    beginning = asked[:-1]
    word = token(level + WHOLE, "", letters(beginning))
    return f"{quote}{word}{quote}" + ("" if len(beginning) in SHORT else behind)


def _sign(operator: str) -> str:
    """FTS5's operators are words, tsquery's are signs."""
    if not database.is_postgresql():
        return operator
    return {"AND": "&", "OR": "|", "NOT": "& !"}[operator]

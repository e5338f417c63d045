"""The words of a text as search compares them: without case, diacritics and endings. Pure.

A stem is made by Snowball's rules for the language of the article; in other languages it is the whole word. Both
engines index exactly the words that are made here, so that they find the same.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

from articles.record.words import base

# Language -> Snowball's name for it. After a change here, or of the library's version, run `recompose`.
STEMMED = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
    "yi": "yiddish",
}
UNSTEMMED = "xx"  # stands for every other language
# Words that nearly every text of the language has: in a search they count for nothing. No single letter that people
# look for is among them (vitamin A, hepatitis E).
STOP_WORDS = {
    "en": "about also am an and any are as at be been but by can could did do does for from had has have how i if in "
    "into is it its may me my no not of on or our so than that the their them then there these they this to us was we "
    "were what when where which who why will with would you your",
    "es": "al algo como con cual cuando de del desde donde el ella ellos en entre es esta este estos fue ha han hay la "
    "las le les lo los mas me mi mis muy no nos o para pero por porque que quien se ser si sin sobre son su sus "
    "tambien te tu un una uno unos y ya",
    "de": "aber als also am an auch auf aus bei bin bis das dass dem den der des die dies diese durch ein eine einem "
    "einen einer eines er es fur hat haben ich ihr im in ist kann man mein mit nach nicht noch nur oder ob sich sie "
    "sind so uber um und uns von vor war was welche wenn wer wie wir wird zu zum zur",
}
LONGEST = 40
WORD = re.compile(r"[^\W_]+")
ASKED = re.compile(r"([^\W_]+)(\*?)")
FEWEST_LETTERS = 2  # before a *
ENGLISH_S = re.compile(r"['’]s\b")


def analyzer(language: str) -> str:
    """Two letters: the language whose rules make the stems, or UNSTEMMED."""
    return base(language) if base(language) in STEMMED else UNSTEMMED


def words_of(text: str) -> list[str]:
    """The words without case and diacritics, in their order."""
    return [word[:LONGEST] for word in WORD.findall(ENGLISH_S.sub("", plain(text)))]


def asked_in(text: str) -> list[str]:
    """The words of a search, as `words_of` gives them. One with a `*` behind stands for every word that begins so, and
    keeps it; behind a single letter it is a sign like any other."""
    return [
        word[:LONGEST] + (star if len(word) >= FEWEST_LETTERS else "")
        for word, star in ASKED.findall(ENGLISH_S.sub("", plain(text)))
    ]


def is_asked_for(word: str, asked: str, by: str) -> bool:
    """Whether a word has the stem that was asked for, or begins so. `asked`: a stem, or letters with a `*` behind."""
    return word.startswith(asked[:-1]) if asked.endswith("*") else stem(word, by) == asked


def plain(text: str) -> str:
    """Without case and diacritics."""
    if text.isascii():
        return text.lower()
    signs = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(sign for sign in signs if not unicodedata.combining(sign)))


@lru_cache(maxsize=100_000)
def stem(word: str, by: str) -> str:
    """Of a word that `words_of` gives: letters and digits of ASCII; of any other script the hexadecimal digits of its
    UTF-8. Diacritics go first, because many people type none: `infeccion`."""
    found = _stemmer(by).stemWord(word) if by in STEMMED else word
    return found if found.isascii() else f"0{found.encode().hex()}"


def letters(beginning: str) -> str:
    """In ASCII, sign by sign, so that words that begin alike still do."""
    return "".join(sign if sign.isascii() else f"0{sign.encode().hex()}" for sign in beginning)


@cache
def stop_words(by: str) -> frozenset[str]:
    return frozenset(STOP_WORDS.get(by, "").split())


@cache
def _stemmer(by: str) -> Any:
    return snowballstemmer.stemmer(STEMMED[by])

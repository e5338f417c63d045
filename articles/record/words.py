"""The fixed words that readers see, in their language or else in English: labels, meanings, sentences. Pure.

All of them stand in words.toml, by language. Its lists are the closed lists of vocabulary.py, in lower-kebab:
`{"frequency": {"very-common": {"en": [label, meaning], …}}}`.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

DEFAULT = "en"
OUR_PAGES = ("draft", "draft-not-reviewed", "main-navigation", "skip")  # sentences that no other frontend needs
SHOWN_WITH_MEANING = ("frequency",)  # a band says little without its numbers


class Word(NamedTuple):
    """A text and the language that it is in."""

    text: str
    lang: str

    def in_html(self, language: str) -> str:
        """Escaped, for a text in `language`; a `<span lang>` if the word is in another."""
        text = escape(self.text, quote=False)
        return text if self.lang == base(language) else f'<span lang="{self.lang}">{text}</span>'


def label(name: str, value: str, language: str) -> Word:
    """What a value of the list `name` is called, as readers see it; an unknown value is shown as it is."""
    found, lang = _entry(name, value, language)
    with_meaning = name in SHOWN_WITH_MEANING and found[1]
    return Word(f"{found[0]} ({found[1]})" if with_meaning else found[0], lang)


def described(name: str, value: str, language: str) -> tuple[Word, Word]:
    """(label, meaning) by themselves. The meaning is "" where the label says it all."""
    found, lang = _entry(name, value, language)
    return Word(found[0], lang), Word(found[1], lang)


def sentence(key: str, language: str, **given: object) -> Word:
    """A fixed sentence, with the values of its placeholders."""
    text, lang = _in_language(_file()["sentences"][key], language)
    return Word(text.format(**given), lang)


def template(key: str, language: str) -> Word:
    """A fixed sentence with its placeholders in braces."""
    return Word(*_in_language(_file()["sentences"][key], language))


def lists() -> Mapping[str, Mapping[str, Any]]:
    """{list: {value: {language: [label, meaning]}}}, in the order of the file."""
    return _file()["lists"]


def sentences() -> Mapping[str, Mapping[str, str]]:
    return _file()["sentences"]


@cache
def languages() -> tuple[str, ...]:
    """The languages that have words of their own."""
    texts = [*(texts for values in lists().values() for texts in values.values()), *sentences().values()]
    return tuple(sorted({language for text in texts for language in text}))


def base(language: str) -> str:
    """`pt-BR` is `pt` here. Source: RFC 4647 §3.4 (lookup by the primary subtag)."""
    return language.partition("-")[0].lower()


def spoken(language: str) -> str:
    """The language in which somebody who asks for this one gets words."""
    return base(language) if base(language) in languages() else DEFAULT


def list_name(class_name: str) -> str:
    """CautionLevel is `caution-level`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", class_name).lower()


def _entry(name: str, value: str, language: str) -> tuple[list[str], str]:
    texts = lists().get(name, {}).get(value)
    return _in_language(texts, language) if texts else ([value, ""], base(language))


def _in_language(texts: Mapping[str, Any], language: str) -> tuple[Any, str]:
    lang = base(language) if base(language) in texts else DEFAULT
    return texts[lang], lang


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))

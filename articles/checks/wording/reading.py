"""How many years of school does a text ask for? English only, by a formula of 1975 and a count of vowels."""

import re
from functools import lru_cache

WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^aeiouycgsxz]es|[^aeiouytd]ed|(?:[^aeiouyl]|[aeiouy]l)e)$")


def grade(text: str) -> float:
    """The school grade of Flesch and Kincaid; 0 for a text without a word.
    Source: Kincaid et al. 1975, Research Branch Report 8-75."""
    sentences = [words for sentence in SENTENCE.split(text) if (words := WORD.findall(sentence))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end; about right."""
    groups = len(VOWELS.findall(word.lower()))
    return max(1, groups - bool(SILENT.search(word.lower())))

"""What a heading announces. Pure: heading (and the article's title) -> the meanings it suggests.

It rests on two ideas. Words of the article's own title name the topic, not the aspect: under the title
"Preventing falls", the heading "What causes falls?" asks for causes. And the head of a heading counts more
than what follows its first preposition: "Side effects of treatment" is about side effects.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from articles.intake.recognize.signals import SIGNALS, Meaning, Signal

STRONG = 2.5  # from here a heading says by itself what it announces
AFTER_PREPOSITION = 0.5  # what a word still counts there
ECHO = 0.25  # what further signals for the same meaning add
TOPIC = "·"  # stands for words of the title

_NUMBERING = re.compile(r"^(?:#+\s*|(?:\d+[.)])+\s*|\d+\.\d+\s+|step \d+:?\s+|[ivx]+\.\s+)", re.I)
_PREPOSITION = re.compile(r"\b(?:of|for|in|with|from|on|during|after|about|that|which|by|among|between|under)\b")
# Words that shape a question. They are never the topic, even where the title is a question as well.
GRAMMAR = frozenset(
    [
        "what",
        "why",
        "how",
        "when",
        "where",
        "who",
        "which",
        "is",
        "are",
        "was",
        "do",
        "does",
        "did",
        "can",
        "could",
        "should",
        "may",
        "might",
        "will",
        "would",
        "the",
        "a",
        "an",
        "of",
        "for",
        "in",
        "with",
        "from",
        "to",
        "on",
        "at",
        "by",
        "and",
        "or",
        "not",
        "it",
        "its",
        "you",
        "your",
        "i",
        "my",
        "be",
        "been",
        "being",
        "has",
        "have",
    ]
)


@dataclass(frozen=True)
class Reading:
    """Meanings by score, best first; empty if the heading says nothing that is known."""

    scores: tuple[tuple[Meaning, float], ...] = ()
    words: str = ""  # the words of the heading that suggested the best meaning

    @property
    def meaning(self) -> Meaning | None:
        return self.scores[0][0] if self.scores else None

    @property
    def score(self) -> float:
        return self.scores[0][1] if self.scores else 0.0

    @property
    def is_strong(self) -> bool:
        return self.score >= STRONG


@lru_cache(maxsize=4096)
def read_heading(heading: str, *, title: str = "") -> Reading:
    """The heading's meanings, read without the words of the title first, and with them if nothing is left."""
    plain = normalize(heading)
    masked = _without_topic(plain, title)
    reading = _weighed(masked)
    return reading if reading.is_strong else max(reading, _weighed(plain), key=lambda each: each.score)


def normalize(heading: str) -> str:
    """Lower case, one space, no numbering, no final punctuation."""
    text = " ".join(heading.casefold().replace("’", "'").split())
    return _NUMBERING.sub("", text).strip(" ?:.#*-–—")


def key_of(heading: str) -> str:
    """The form under which a correction of a heading is kept: "2. What TO watch for:" -> "what to watch for"."""
    return normalize(unicodedata.normalize("NFC", heading))


def stem(word: str) -> str:
    """A light stem, without possessive and plural endings."""
    word = word.removesuffix("'s")
    return re.sub(r"(?<=\w{3})(?:ies|y)$|(?<=\w{2}[^su])(?:es|s)$", "", word)


def _without_topic(text: str, title: str) -> str:
    topic = {stem(word) for word in re.findall(r"[\w'-]+", normalize(title))} - GRAMMAR
    return re.sub(r"[\w'-]+", lambda match: TOPIC if stem(match[0]) in topic else match[0], text)


def _weighed(text: str) -> Reading:
    found = [(signal, match) for signal in SIGNALS if (match := signal.pattern.search(text))]
    head = _end_of_head(text)
    weights: dict[Meaning, list[float]] = {}
    for signal, match in found:
        weights.setdefault(signal.meaning, []).append(_weight(signal, match, head))
    scores = sorted(((meaning, _sum(values)) for meaning, values in weights.items()), key=lambda pair: -pair[1])
    return Reading(tuple(scores), _words_for(scores[0][0], found) if scores else "")


def _end_of_head(text: str) -> int:
    """The position of the first preposition after the first two words: "how to cope | with …"."""
    first = re.match(r"\S+\s*", text)
    match = _PREPOSITION.search(text, first.end() if first else 0)
    return match.start() if match else len(text)


def _weight(signal: Signal, match: re.Match[str], head: int) -> float:
    is_in_head = match.start() <= head  # a pattern may bring its own preposition
    return signal.weight * (1 if is_in_head else AFTER_PREPOSITION) - match.start() / 200


def _sum(values: Iterable[float]) -> float:
    best, *others = sorted(values, reverse=True)
    return best + ECHO * sum(others)


def _words_for(meaning: Meaning, found: list[tuple[Signal, re.Match[str]]]) -> str:
    """The matched words, topic words shown as an ellipsis, at most six."""
    match = max((pair for pair in found if pair[0].meaning == meaning), key=lambda pair: pair[0].weight)[1]
    words = re.sub(rf"(?:{TOPIC}\s*)+", "… ", match[0]).split()
    return " ".join(words if len(words) <= 6 else [*words[:3], "…", words[-1]])

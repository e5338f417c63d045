"""What can be seen of each section: its heading, its text, its place. Input of the model of kinds. Pure.

Words of the article's own title name the topic, not the kind: under the title "Preventing falls", the heading "What
causes falls?" asks for causes. Such words are shown as `·`.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from articles.intake.recognize.block_features import stem, words_of
from articles.intake.recognize.chain import Groups
from articles.intake.recognize.headings import read_heading

MAX_WORDS = 160  # of the text are looked at
USUAL = 60  # names that are seen of a short paragraph
_ASIDE = re.compile(r"\([^()]*\)")
SMALL = 4  # letters; shorter words have no stem of their own


@dataclass(frozen=True)
class Seen:
    """A section as the model sees it."""

    heading: str
    text: str
    items: int = 0  # how many of its blocks are list items
    blocks: int = 1


def features(sections: Sequence[Seen], title: str) -> list[Groups]:
    """For each section what is seen of its heading, of its text and of its place.

    A long text has more words, not more to say than its heading: its words count less the more they are.
    """
    topic = {stem(word) for word in words_of(title) if len(word) >= SMALL}
    total = len(sections)
    found: list[Groups] = []
    for position, section in enumerate(sections):
        text = _of_text(section, topic)
        found.append(
            [
                (_of_heading(section.heading, topic, title), 1.0),
                (text, USUAL / max(len(text), USUAL)),
                (_of_place(section, position, total), 1.0),
            ]
        )
    return found


def _of_heading(heading: str, topic: set[str], title: str) -> list[str]:
    if not heading:
        return ["h none"]
    words = [_masked(word, topic) for word in words_of(_ASIDE.sub(" ", heading) or heading)]
    if not words:
        return ["h wordless"]
    found = [f"h first {words[0]}", f"h last {words[-1]}", f"h length {min(len(words), 9)}"]
    if heading.rstrip().endswith("?"):
        found += ["h ?", f"h ? {words[0]}"]
    for word in dict.fromkeys(words):
        found.append(f"h {word}")
        if len(word) > SMALL:
            found.append(f"h {stem(word)}-")
        if len(word) > 6:
            found += [f"h #{word[at : at + 5]}" for at in range(1, len(word) - 4)]
    found += [f"h {first} {second}" for first, second in itertools.pairwise(words)]
    if len(words) <= 2:
        found.append(f"h = {' '.join(words)}")
    reading = read_heading(heading, title=title)
    for meaning, score in reading.scores[:2]:
        name = f"{meaning.kind} {meaning.aspect or ''}"
        found.append(f"h cue {name} {min(int(score), 5)}")
        if (meaning, score) == reading.scores[0] and reading.is_strong:
            found += [f"h best cue {name}"]
    return found


def _of_text(section: Seen, topic: set[str]) -> list[str]:
    words = [_masked(word, topic) for word in words_of(section.text)[:MAX_WORDS]]
    found = [f"t {word}" for word in dict.fromkeys(words)]
    found += [f"t {each}-" for each in dict.fromkeys(stem(word) for word in words if len(word) > SMALL)]
    if words:
        found.append(f"t first {words[0]}")
    text = section.text[:2000]
    found += [f"t has {sign}" for sign in "?%!" if sign in text]
    if any(map(str.isdigit, text)):
        found.append("t has digits")
    return found


def _of_place(section: Seen, position: int, total: int) -> list[str]:
    found = [f"p {position * 4 // total}"]
    if position == 0:
        found += ["p first", f"p first {'with' if section.heading else 'without'} heading"]
    if position == 1:
        found.append("p second")
    if position == total - 1:
        found += ["p last", f"p last {'with' if section.heading else 'without'} heading"]
    if section.items:
        found.append("p list" if section.items == section.blocks else "p with list")
    found.append(f"p length {min(len(section.text.split()) // 25, 6)}")
    return found


def _masked(word: str, topic: set[str]) -> str:
    return "·" if len(word) >= SMALL and stem(word) in topic else word

"""What can be seen of each block: its form, its place, its neighbors, and a few words. Input of the tagger. Pure.

No list of headings is among it: form and language decide what begins a section (`pattern` names below are what the
teaching corpus weighs).
"""

import itertools

# ruff: noqa: E501 - tables of patterns and words: one meaning a line reads better than a wrapped one
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from articles.intake.outline import Block, BlockKind
from articles.intake.recognize.calls import find_call
from articles.intake.recognize.chain import Groups
from articles.intake.recognize.references import shape_of_reference

LENGTHS = (1, 2, 3, 5, 8, 12, 18, 30, 60)  # words
LONG = 18  # words: from here a block is read as a paragraph
SHORT = 14  # words: of shorter blocks the words themselves are seen
MAX_WORDS_SEEN = 60
MAX_CHARACTERS = 2_000  # of a block are looked at
MOST = 0.7  # of words, or of questions
OPENING = 15
ENDING = 12  # blocks: there the name of the site and its footer stand

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_INSIDE = re.compile(r"[.!?…][\"”’»)]*\s+[\"“„«¿¡(]*[A-ZÀ-Þ]")
_NUMBERED = re.compile(r"(?:\(?\d{1,2}[.):]|[IVX]{1,4}[.)]|[A-Z][.)])\s+\S")
_PATTERNS = {
    "year": re.compile(r"\b(?:19|20)\d\d\b"),
    "date": re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}\.? ?(?:de )?[^\W\d]{3,10},?\.? (?:de )?\d{4}\b"
                       r"|\b[^\W\d]{3,9} \d{1,2}, \d{4}\b"),
    "url": re.compile(r"https?://|www\.|\b[\w-]+\.(?:org|com|net|de|es|fr|nl|pt|br|eu|gov|uk|int|info|example)\b"),
    "doi": re.compile(r"\b10\.\d{4,9}/|\bdoi\b|\bpmid\b", re.I),
    "mail": re.compile(r"\S@\S|@\w"),
    "copyright": re.compile(r"©|\(c\)|®"),
    "trail": re.compile(r"[>›»/|·•»←→▸]"),
    "minutes": re.compile(r"\b\d+ ?(?:-\s?)?min", re.I),
    "money": re.compile(r"[€$£]"),
    "quoted": re.compile(r"^[\"“„«'‘].*[\"”“»'’]$"),
    "colon": re.compile(r"\w: \w"),
    "parenthesis": re.compile(r"\([^)]*\)"),
    "initials": re.compile(r"\b[A-ZÀ-Þ][\w'’-]+,? [A-Z]{1,3}\b[.,;]|\b[A-ZÀ-Þ][\w'’-]+, (?:[A-Z]\.-? ?){1,3}"),
    "title of a person": re.compile(r"\b(?:Dr|Dra|Prof|MD|RN|PhD|Mag|med)\b\.?"),
    "telephone": re.compile(r"\+?\d[\d /()-]{6,}\d"),
    "ellipsis": re.compile(r"…$|\.\.\.$"),
    "button": re.compile(r"^\[.*\]$|^>>|(?:>>|→|›|»)$"),
    "counter": re.compile(r"^(?:\d+ [^\W\d]+|[^\W\d]+ ?\(\d+\)) ?:?$"),
}  # fmt: skip
# The small words of the languages that are read. A line without them is a name, a label or a heading.
FUNCTION_WORDS = {
    "en": "the of and to in a is that for it with as on are be this by or from at an not you can your have which they if when what how",
    "de": "der die und das den von zu mit sich ist ein eine nicht auf für dem des im es auch werden sie bei oder als an wie wenn sind kann was",
    "es": "de la que el en y los se del las un por con no una su para es al lo como más o pero sus si qué cómo este esta son puede",
    "fr": "de la le et les des en un une du que est pour qui dans par sur pas plus au avec ce il ne se sont ou vous peut comme aux",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas ao das ou são pode você quando isso",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er om ook als bij of je uit dan wordt kan door u naar wat",
}
_FUNCTION = {language: frozenset(words.split()) for language, words in FUNCTION_WORDS.items()}
_ANY_FUNCTION = frozenset().union(*_FUNCTION.values())


def find_language(blocks: Sequence[Block]) -> str:
    """The language of the text among those known, by its small words; "" if it is none of them, or too short."""
    words = [word for block in blocks[:400] for word in words_of(block.text)]
    counts = {language: sum(word in known for word in words) for language, known in _FUNCTION.items()}
    best, second, *_ = sorted(counts, key=lambda language: -counts[language])
    is_sure = counts[best] >= max(12, len(words) / 8) and counts[best] > 1.15 * counts[second]
    return best if is_sure else ""


def features(blocks: Sequence[Block]) -> list[Groups]:
    """For each block the names of what is seen of it. Linear in the length of the text."""
    document = _Document(blocks)
    return [[(document.features_of(position), 1.0)] for position in range(len(blocks))]


def words_of(text: str) -> tuple[str, ...]:
    """The words at its beginning, without case."""
    return _words_of(text[:MAX_CHARACTERS])


@lru_cache(maxsize=8192)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))


def stem(word: str) -> str:
    """The first letters: enough to see that "Schmerzen" and "Schmerz" are about one thing."""
    return word[:5]


def stems_of(text: str) -> frozenset[str]:
    """The stems of those of its words that are not small words."""
    return _stems(words_of(text))


@lru_cache(maxsize=8192)
def _stems(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(word) for word in words if len(word) >= 4 and word not in _ANY_FUNCTION)


def repeat_the_topic(questions: Sequence[str], title: str) -> list[bool]:
    """For each whether it repeats most words of the title: where nearly all do, a template made them."""
    topic = stems_of(title)
    return [bool(topic) and len(topic & stems_of(each)) >= MOST * len(topic) for each in questions]


def shared_topic(questions: Sequence[str]) -> str:
    """The words that nearly all of at least three questions share: their topic, where the text has no title."""
    counts = Counter(each for question in questions for each in stems_of(question))
    shared = {each for each, count in counts.items() if len(questions) >= 3 and count >= MOST * len(questions)}
    first = words_of(questions[0]) if questions else ()
    return " ".join(word for word in first if stem(word) in shared)


def is_question(text: str) -> bool:
    return text.rstrip(' "”»').endswith("?") and len(text.split()) <= 30


class _Document:
    """Figures of the whole text, made once."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.texts = [block.text.strip() for block in blocks]
        self.words = [words_of(text) for text in self.texts]
        self.counts = [len(text[:MAX_CHARACTERS].split()) for text in self.texts]
        self.keys = [" ".join(words) for words in self.words]
        self.seen = Counter(self.keys)
        self.first: dict[str, int] = {}
        for position, key in enumerate(self.keys):
            self.first.setdefault(key, position)
        self.long = [
            position for position, count in enumerate(self.counts) if count >= LONG and self._is_text(position)
        ]
        self.stems = [stems_of(text) for text in self.texts]
        self.said = {each for position in self.long for each in _runs(self.words[position])}
        self.spoken = Counter(each for position in self.long for each in self.stems[position])
        self.styles = [style_of(block) for block in blocks]
        self.style_counts = Counter(style for position, style in enumerate(self.styles) if self.counts[position] < LONG)
        self.distances = self._distances()
        self.own = [self._own(position) for position in range(len(blocks))]
        shapes = ("reference no" not in each for each in self.own)
        self.references = [0, *itertools.accumulate(shapes)]
        self.best_title = self._best_title()
        self.endings = [
            f" {key} "
            for at, key in enumerate(self.keys)
            if at >= max(OPENING, len(blocks) - ENDING) and self.counts[at] < LONG
        ]

    def _distances(self) -> list[tuple[int, int]]:
        """For each block the words since the last line that could be a heading, and until the next."""
        could = [
            self.counts[at] <= SHORT and _end(text) not in ".;," and self.blocks[at].kind is not BlockKind.ITEM
            for at, text in enumerate(self.texts)
        ]
        since, until = [0] * len(could), [0] * len(could)
        for row, order in ((since, range(len(could))), (until, range(len(could) - 1, -1, -1))):
            words = 0
            for at in order:
                row[at] = words
                words = 0 if could[at] else words + self.counts[at]
        return list(zip(since, until, strict=True))

    def _is_text(self, position: int) -> bool:
        return self.blocks[position].kind not in (
            BlockKind.FURNITURE,
            BlockKind.TABLE,
            BlockKind.PICTURE,
            BlockKind.NOTE,
        )

    def features_of(self, position: int) -> list[str]:
        found = [*self.own[position], *self._place(position), *self._of_the_whole(position), *self._words(position)]
        for offset, name in ((-2, "−2"), (-1, "−1"), (1, "+1"), (2, "+2")):
            at = position + offset
            if 0 <= at < len(self.blocks):
                found += [f"{name} {each}" for each in self.own[at][:7]]
                found += [f"{name} {each}" for each in self.own[at][7:] if each.startswith("has ")]
            else:
                found.append(f"{name} none")
        return found

    def _own(self, position: int) -> list[str]:
        """The first seven are told of the neighbors too."""
        block, text = self.blocks[position], self.texts[position]
        count = self.counts[position]
        length = next((f"≤{limit}" for limit in LENGTHS if count <= limit), "longer")
        shape, end = shape_of_reference(text), _end(text)
        head = [
            f"words {length}",
            f"end {end}",
            f"kind {_kind(block)}",
            f"apart {block.apart}",
            f"reference {shape}",
            f"style {self.styles[position]}",
            f"short {count < LONG} {end} {block.apart}",
        ]
        letters = self.words[position]
        small = sum(word in _ANY_FUNCTION for word in letters) / max(len(letters), 1)
        capitals = sum(word[:1].isupper() for word in text.split()[1:]) / max(count - 1, 1)
        head += [
            f"start {_start(text)}",
            f"small words {min(int(small * 5), 3)} {length}",
            f"capitals {min(int(capitals * 4), 3)}",
            f"marker {_marker(block)}",
            f"length {length} end {end} kind {_kind(block)}",
        ]
        head += [f"has {name}" for name, pattern in _PATTERNS.items() if pattern.search(text[:400])]
        if find_call(text):
            head.append("offers")
        if _SENTENCE_INSIDE.search(text[:MAX_CHARACTERS]):
            head.append("sentence inside")
        if block.html.startswith(("<b>", "<strong>")) and block.html.endswith(("</b>", "</strong>")):
            head.append("all bold")
        return head

    def _place(self, position: int) -> list[str]:
        total = len(self.blocks)
        from_start, from_end = min(position, 7), min(total - 1 - position, 9)
        before = not self.long or position < self.long[0]
        after = bool(self.long) and position > self.long[-1]
        distance = "before" if before else "after" if after else "amid"
        return [
            f"from start {from_start}",
            f"from end {from_end}",
            f"tenth {position * 10 // total}",
            f"prose {distance}",
            f"prose {distance} {self.own[position][0]}",
            f"prose {distance} {self.own[position][1]}",
            f"prose {distance} references {min(self.references[position], 3)}",
        ]

    def _of_the_whole(self, position: int) -> list[str]:
        found = []
        key, count = self.keys[position], self.counts[position]
        if key and self.seen[key] > 1:
            found.append("comes again" if self.first[key] == position else "came before")
            near = [at for at in (position - 1, position + 1) if 0 <= at < len(self.keys)]
            if any(self.keys[at] and self.seen[self.keys[at]] > 1 for at in near):
                found.append(found[-1] + " like its neighbor")
        runs = _runs(self.words[position]) if count < LONG else []
        if runs and all(each in self.said for each in runs):
            found.append("said elsewhere")
        if count < LONG:
            since, until = (min(words // 20, 5) for words in self.distances[position])
            found += [f"since {since}", f"until {until}", f"since {since} until {until}"]
            share = self.style_counts[self.styles[position]]
            found.append(f"alike {min(share, 8)} {self.styles[position]}")
            stems = self.stems[position]
            spoken = sum(self.spoken[each] > 0 for each in stems)
            level = "nothing" if not stems else "none" if not spoken else "all" if spoken == len(stems) else "some"
            found += [f"spoken of {level}", f"spoken of {level} {'opening' if position < OPENING else 'later'}"]
            following = self._following(position)
            shared = len(stems & following) if stems else 0
            found.append(f"next speaks {min(shared, 2)}")
        if position < OPENING:
            found += self._within_opening(position)
        if position < OPENING and count < 26:
            found.append(f"opening speaks {min(int(self._spoken_share(position) * 8), 5)}")
        if position == self.best_title:
            found.append("title of all")
        if self.best_title is not None:
            found.append(
                "before best title"
                if position < self.best_title
                else "after best title"
                if position > self.best_title
                else "best title"
            )
        return found

    def _following(self, position: int) -> frozenset[str]:
        """The stems of the next few long blocks."""
        return frozenset().union(
            *(self.stems[at] for at in range(position + 1, min(position + 4, len(self.stems))) if self.counts[at] >= 9)
        )

    def _best_title(self) -> int | None:
        """The line of the opening whose words most paragraphs speak of."""
        limit = min(OPENING, (self.long[0] if self.long else 0) + 3, len(self.blocks))
        weights = {}
        for position in range(limit):
            if self.blocks[position].kind is BlockKind.TITLE:
                return position
            if self.counts[position] < 26 and self.blocks[position].kind is not BlockKind.FURNITURE:
                weights[position] = self._spoken_share(position)
        best = max(weights, key=lambda position: (weights[position], position), default=None)
        return best if best is not None and weights[best] > 0 else None

    def _spoken_share(self, position: int) -> float:
        """How many of the paragraphs speak of the words of this line, on average of its words: 0 to 1."""
        stems = self.stems[position]
        return sum(self.spoken[each] for each in stems) / (len(stems) * len(self.long)) if stems and self.long else 0.0

    def _within_opening(self, position: int) -> list[str]:
        """Trails and names of sites hold the title: "Home > Knees > Kind to your knees"."""
        own = f" {self.keys[position]} "
        others = [
            f" {key} "
            for at, key in enumerate(self.keys[:OPENING])
            if at != position and key and key != self.keys[position]
        ]
        found = []
        if own.strip() and any(own in other for other in others):
            found.append("held by another line")
        if any(other in own for other in others):
            found.append("holds another line")
        if own.strip() and any(own in ending for ending in self.endings):
            found.append("held by the end")
        return found

    def _words(self, position: int) -> list[str]:
        words = self.words[position]
        if not words or self.counts[position] > MAX_WORDS_SEEN + 40:
            return []
        if self.counts[position] <= SHORT:
            found = [f"first {words[0]}", f"last {words[-1]}", *(f"word {word}" for word in dict.fromkeys(words))]
            found += [f"pair {first} {second}" for first, second in itertools.pairwise(words)]
            return found
        return [f"says {word}" for word in dict.fromkeys(words[:MAX_WORDS_SEEN])]


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """All that stand beside each other, by four: a pull quote has none that the text does not have."""
    return [tuple(words[at : at + 4]) for at in range(len(words) - 3)]


def style_of(block: Block) -> str:
    """How a short line is dressed: headings of one file are dressed alike."""
    text = block.text.strip()
    if len(text[:MAX_CHARACTERS].split()) >= LONG:
        return "prose"
    if block.kind is BlockKind.HEADING:
        return f"h{block.level}"
    if _NUMBERED.match(block.written):
        return "numbered"
    if text.isupper() and sum(map(str.isalpha, text)) >= 4:
        return "capitals"
    end = _end(text)
    return f"ends {end}" if end in ":?" else "item" if block.kind is BlockKind.ITEM else "plain"


def _kind(block: Block) -> str:
    return str(block.kind) + (str(block.level) if block.kind is BlockKind.HEADING else "")


def _marker(block: Block) -> str:
    if not block.marker:
        return "no"
    return (
        "number"
        if any(map(str.isdigit, block.marker))
        else "letter"
        if any(map(str.isalpha, block.marker))
        else "bullet"
    )


def _end(text: str) -> str:
    bare = text.rstrip("\"'”’»“) ]")
    last = bare[-1:] if bare else text[-1:]
    if last in ".!?:;,…":
        return last
    return "digit" if last.isdigit() else "letter" if last.isalpha() else "sign"


def _start(text: str) -> str:
    first = text.lstrip("\"'“„«¿¡([ ")[:1]
    return "upper" if first.isupper() else "lower" if first.islower() else "digit" if first.isdigit() else "sign"

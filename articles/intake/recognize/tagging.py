"""Says of each block what it is: title, heading, text, offer, source, caption or furniture. Form and language decide.

What the markup of a file says is not guessed: a marked heading is a heading. The rest is the tagger's, within a few
rules for the whole text, which each stand at their function.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from articles.intake.outline import Block, BlockKind
from articles.intake.recognize import chain
from articles.intake.recognize.block_features import (
    LONG,
    MOST,
    features,
    is_question,
    repeat_the_topic,
    shared_topic,
    stems_of,
    style_of,
    words_of,
)
from articles.intake.recognize.calls import find_call, is_teaser
from articles.intake.recognize.furniture import find_furniture
from articles.intake.recognize.headings import read_heading
from articles.intake.recognize.references import has_contact, is_list_heading, shape_of_reference

# How sure it must be that a line is of the page, to leave it out.
BELOW_SOURCES = 0.25
AT_THE_EDGE = 0.7  # above the title, and below the last paragraph
SURE = 0.75  # of a line that does not end like text
VERY_SURE = 0.9
EVEN_SURER = 0.985  # in a list of sources
SUREST = 0.995  # of a heading that the file marks
FULL_SENTENCE = 9  # words; a sentence of so many between paragraphs is never left out
LONGEST_SOURCE = 100  # words of a paragraph; an item of a list may have more
LONGEST_ALONE = 45  # words of a source that no heading announces
MOST_BELOW_SOURCES = 0.08  # of the words of the text
MOST_BELOW_TITLES = 0.02  # of bare ones
CERTAIN = frozenset({"identifier", "volume and pages"})
LOOSE = frozenset({"publisher and title", "year at the end"})  # other lines have a colon or a year too
MOST_BETWEEN = 2  # lines from one source to the next
BARE = frozenset({"no", "publisher and title"})  # nothing but a title or a publisher shows
NAMED = 6.0  # how much it counts that a line is one of the usual English ones
LIKELY = 0.7
INVITES = 9.0  # how much an outright invitation in English counts
MOST_ABOVE_CONTENTS = 2  # paragraphs
FEWEST_CONTENTS = 3  # lines of a table of contents
NEARLY = 0.55  # as likely a title as the likeliest
UNLIKELY = 0.05  # a title less likely than this is none
FEWEST_MENU = 3  # lines of the page above a title that is only like a heading
OPENING = 12  # blocks among which the title stands
MAX_TITLE = 250  # characters
MAX_HEADING = 200


# Who made a picture: such a line describes it, and is no heading.
_CREDIT = re.compile(
    r"\b(?:photo|foto|fotografía|image|imagen|imagem|picture|bild|illustration|illustratie|ilustración|ilustração|beeld)s?"
    r"(?: credits?)? ?[:©]",
    re.I,
)
# A line that says what a picture shows: "Illustration of a knee", "An X-ray showing …", "[Image: …]". Without an
# article in front, no sentence begins so, whatever stands at its end.
_SHOWS = re.compile(
    r"!\[[^\]]{1,255}\]\(\S{1,2000}\)$|[\[(]?(?P<article>an? |the )?(?:"
    r"(?:illustration|photo|photograph|picture|image|drawing|diagram|sketch|x-ray|scan) (?:of|showing|that shows) "
    r"|(?:illustration|foto|bild|aufnahme|zeichnung|grafik|schema|röntgenbild) (?:von|vom|mit|eine[rs]|zeigt) "
    r"|(?:ilustración|foto|fotografía|imagen|dibujo|esquema|radiografía) (?:de|del|que muestra) "
    r"|(?:illustration|photo|photographie|image|dessin|schéma|radiographie) (?:de |du |des |d['’]|montrant )"
    r"|(?:ilustração|foto|fotografia|imagem|desenho|esquema|radiografia) (?:de|do|da|mostrando) "
    r"|(?:illustratie|foto|afbeelding|tekening|schema|röntgenfoto) (?:van|met) "
    r"|(?:image|picture|photo|illustration|bild|foto|abbildung|imagen|imagem|afbeelding|alt(?:ernative)? text): "
    r"|(?:fig(?:ure|ura|uur)?|abb(?:ildung)?)\.? \d{1,2}[.:] "
    r")\w",
    re.I,
)


class Tag(StrEnum):
    """What a block of a file is."""

    TITLE = "title"
    HEADING = "heading"
    SUBHEADING = "subheading"
    TEXT = "text"
    CALL = "call"
    SOURCE = "source"
    SOURCES_HEADING = "sources-heading"
    CAPTION = "caption"
    FURNITURE = "furniture"


@dataclass(frozen=True)
class Tagged:
    tag: Tag
    probability: float


ALL = frozenset(Tag)
HEADINGS = frozenset({Tag.HEADING, Tag.SUBHEADING, Tag.SOURCES_HEADING, Tag.FURNITURE, Tag.TITLE})
# What the markup leaves open.
ALLOWED = {
    BlockKind.TITLE: frozenset({Tag.TITLE}),
    BlockKind.HEADING: HEADINGS,
    BlockKind.ITEM: ALL - {Tag.TITLE},
    BlockKind.CAPTION: frozenset({Tag.CAPTION}),
    BlockKind.TABLE: frozenset({Tag.TEXT}),
    BlockKind.PICTURE: frozenset({Tag.TEXT}),
    BlockKind.FURNITURE: frozenset({Tag.FURNITURE}),
}


def tag_blocks(blocks: Sequence[Block]) -> list[Tagged]:
    """A tag and its probability for each block."""
    return _Tagging(blocks).run() if blocks else []


class _Tagging:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.model = chain.load("blocks")
        self.levels = Counter(block.level for block in blocks if block.kind is BlockKind.HEADING)
        self.tags = [Tag(label) for label in self.model.labels]
        self.index = {tag: number for number, tag in enumerate(self.tags)}
        emissions = [self.model.emissions(seen) for seen in features(blocks)]
        self.shapes = [shape_of_reference(block.text) for block in blocks]
        self.counts = [len(block.text.split()) for block in blocks]
        self.usual = [find_furniture(block.text) is not None for block in blocks]
        self.emissions = [self._allowed(position, row) for position, row in enumerate(emissions)]

    def run(self) -> list[Tagged]:
        self._find_alternative_text()
        self._choose_title()
        self._leave_out_contents()
        self._follow_template()
        self._doubt_furniture()
        self._doubt_sources()
        path, rows = self._path(), self._probabilities()
        return [
            Tagged(tag, row[self.index[tag]] if tag is before else 1.0)
            for tag, before, row in zip(self._ranked(self._whole_lists(path)), path, rows, strict=True)
        ]

    def _path(self) -> list[Tag]:
        return [self.tags[label] for label in chain.best(self.model, self.emissions)]

    def _probabilities(self) -> list[list[float]]:
        return chain.probabilities(self.model, self.emissions)

    def _title(self) -> int:
        """The place of the title, once it is chosen; -1 for none."""
        title = self.index[Tag.TITLE]
        return next((at for at, row in enumerate(self.emissions) if row[title] > chain.NEVER), -1)

    def _follow_template(self) -> None:
        """Where nearly every question repeats the title, the questions are the headings and other lines divide them."""
        chosen = self._title()
        after = range(max(chosen, 0) + 1, len(self.blocks))
        heading = self.index[Tag.HEADING]
        questions = [at for at in after if is_question(self.blocks[at].text)]
        asked = [at for at in questions if self.emissions[at][heading] > chain.NEVER]  # the others are contents
        title = self.blocks[chosen].text if chosen >= 0 else shared_topic([self.blocks[at].text for at in asked])
        repeats = repeat_the_topic([self.blocks[at].text for at in asked], title)
        repeating = list(itertools.compress(asked, repeats))
        self.template = (
            frozenset(repeating) if len(repeating) >= 3 and len(repeating) >= MOST * len(asked) else frozenset()
        )
        for at in self.template:
            self._only(at, Tag.HEADING)

    def _leave_out_contents(self) -> None:
        """A run of short lines that all come again, each with text of its own below it, is a table of contents.
        It stands above the text; further down such lines are a summary, and stay."""
        keys = [words_of(block.text) for block in self.blocks]
        last = {key: at for at, key in enumerate(keys)}
        long = [at for at, count in enumerate(self.counts) if count >= LONG]
        until = long[MOST_ABOVE_CONTENTS] if len(long) > MOST_ABOVE_CONTENTS else len(keys)
        run: list[int] = []
        for at, key in enumerate([*keys[:until], ()]):
            if key and len(key) < LONG and last[key] > at + 1:
                run.append(at)
                continue
            again = sorted(last[keys[each]] for each in run)
            if len(run) >= FEWEST_CONTENTS and all(later - before > 1 for before, later in itertools.pairwise(again)):
                for each in run:
                    self._only(each, Tag.FURNITURE)
            run = []

    def _allowed(self, position: int, row: list[float]) -> list[float]:
        block = self.blocks[position]
        allowed = ALLOWED.get(block.kind, ALL)
        if block.kind in (BlockKind.LINE, BlockKind.PARAGRAPH) and find_call(block.text):
            row[self.index[Tag.CALL]] += INVITES
            following = self.blocks[position + 1] if position + 1 < len(self.blocks) else None
            if is_teaser(block.text) and (following is None or len(following.text.split()) < LONG):
                allowed = frozenset({Tag.CALL})  # with nothing below it that it could head
        if is_list_heading(block.text):
            row[self.index[Tag.SOURCES_HEADING]] += NAMED
        elif block.kind is not BlockKind.HEADING and find_furniture(block.text, at_opening=position < OPENING):
            row[self.index[Tag.FURNITURE]] += NAMED
        if block.kind is BlockKind.NOTE:
            allowed = frozenset({Tag.SOURCE if self.shapes[position] != "no" else Tag.TEXT})
        if block.kind is BlockKind.HEADING and self.levels[block.level] > 1:
            allowed = allowed - {Tag.TITLE}  # one of several of its rank
        if block.kind in (BlockKind.LINE, BlockKind.PARAGRAPH, BlockKind.ITEM):
            allowed = allowed - self._not_with_credit(block.text) - self._not_as_source(position)
        if self.shapes[position] != "no" and len(allowed) > 1:
            allowed = allowed - {Tag.SOURCES_HEADING}
        if len(block.text) > MAX_HEADING:
            allowed = (allowed - {Tag.HEADING, Tag.SUBHEADING, Tag.SOURCES_HEADING, Tag.TITLE}) or frozenset({Tag.TEXT})
        return [score if tag in allowed else chain.NEVER for tag, score in zip(self.tags, row, strict=True)]

    def _not_with_credit(self, text: str) -> frozenset[Tag]:
        """A line with the maker of a picture is no heading; a full sentence without one is no caption."""
        if _CREDIT.search(text):
            return frozenset({Tag.HEADING, Tag.SUBHEADING})
        is_sentence = text.rstrip().endswith(".") and len(text.split()) >= FULL_SENTENCE and not shows_a_picture(text)
        return frozenset({Tag.CAPTION}) if is_sentence else frozenset()

    def _not_as_source(self, at: int) -> frozenset[Tag]:
        is_long = self.blocks[at].kind is BlockKind.PARAGRAPH and self.counts[at] > LONGEST_SOURCE
        return frozenset() if not is_long and self._may_be_source(at) else frozenset({Tag.SOURCE})

    def _may_be_source(self, at: int) -> bool:
        text = self.blocks[at].text
        return not has_contact(text) and not text.rstrip().endswith(":") and not self.usual[at]

    def _only(self, position: int, tag: Tag) -> None:
        self.emissions[position] = [0.0 if each is tag else chain.NEVER for each in self.tags]

    def _never(self, position: int, tag: Tag) -> None:
        row = self.emissions[position]
        if any(score > chain.NEVER for each, score in zip(self.tags, row, strict=True) if each is not tag):
            row[self.index[tag]] = chain.NEVER

    def _find_alternative_text(self) -> None:
        """Above the text a line that says what a picture shows describes the picture that stood there."""
        for at, block in enumerate(self.blocks[:OPENING]):
            if block.kind in (BlockKind.LINE, BlockKind.PARAGRAPH) and shows_a_picture(block.text):
                self.emissions[at][self.index[Tag.CAPTION]] += NAMED
                self._never(at, Tag.TITLE)
            elif self.counts[at] >= LONG:
                return

    def _choose_title(self) -> None:
        """A text has one title, near its beginning: what the markup calls so, else the likeliest line."""
        title = self.index[Tag.TITLE]
        marked = [at for at, block in enumerate(self.blocks) if block.kind is BlockKind.TITLE]
        likely = [
            at
            for at in range(min(OPENING + 8, len(self.blocks)))
            if self.emissions[at][title] > chain.NEVER and any(map(str.isalnum, self.blocks[at].text))
        ]
        chosen = marked[0] if marked else self._likeliest(likely)
        for at in range(len(self.blocks)):
            if at == chosen:
                self._only(at, Tag.TITLE)
            elif (
                chosen is not None
                and at < OPENING
                and words_of(self.blocks[at].text) == words_of(self.blocks[chosen].text) != ()
            ):
                self._only(at, Tag.FURNITURE)  # pasted twice
            elif self.blocks[at].kind is BlockKind.TITLE:
                self._only(at, Tag.HEADING)
            else:
                self._never(at, Tag.TITLE)

    def _likeliest(self, lines: Sequence[int]) -> int | None:
        title, rows = self.index[Tag.TITLE], self._probabilities()
        chosen = max(lines, key=lambda at: rows[at][title], default=None)
        if chosen is None:
            return None
        first = self._below_menu(rows) if rows[chosen][title] < 0.5 else None
        if first is not None and first in lines:
            return self._before_question(first)
        if rows[chosen][title] < UNLIKELY:
            return self._first_line()
        nearly = [at for at in lines if rows[at][title] >= NEARLY * rows[chosen][title]]
        return self._before_question(nearly[-1])  # names of houses and topics stand above a title

    def _below_menu(self, rows: Sequence[Sequence[float]]) -> int | None:
        """The first line that is like a heading below some lines of the page, if no paragraph stands above it."""
        furniture = self.index[Tag.FURNITURE]
        heads = [self.index[tag] for tag in (Tag.TITLE, Tag.HEADING, Tag.SUBHEADING)]
        for at, (block, row) in enumerate(zip(self.blocks, rows, strict=True)):
            if sum(row[head] for head in heads) > 0.5:
                return at if at >= FEWEST_MENU else None
            if row[furniture] < VERY_SURE and len(block.text.split()) >= FULL_SENTENCE:
                return None
        return None

    def _first_line(self) -> int | None:
        """Where no line is like a title, a short line at the very beginning is one."""
        first = self.blocks[0]
        count = len(first.text.split())
        is_short = count <= (12 if first.text.rstrip()[-1:] in ".;,!" else 25) and any(map(str.isalnum, first.text))
        is_free = first.kind in (BlockKind.LINE, BlockKind.PARAGRAPH, BlockKind.HEADING)
        may = self.emissions[0][self.index[Tag.TITLE]] > chain.NEVER
        return 0 if is_short and is_free and may and len(first.text) <= MAX_TITLE else None

    def _before_question(self, chosen: int) -> int:
        """The short line above that the question repeats whole: "Gout" above "What is gout?"."""
        text = self.blocks[chosen].text
        above = [at for at in range(chosen) if is_question(text) and _repeats(text, self.blocks[at].text)]
        return above[-1] if above else chosen

    def _doubt_furniture(self) -> None:
        """Words are left out only when that is sure, and no full sentence from the title to the last paragraph."""
        furniture, source, heading = (self.index[tag] for tag in (Tag.FURNITURE, Tag.SOURCE, Tag.SOURCES_HEADING))
        rows, title = self._probabilities(), self._title()
        last = max(
            (
                at
                for at, count in enumerate(self.counts)
                if at > title and count >= LONG and rows[at][furniture] + rows[at][source] < 0.5
            ),
            default=-1,
        )
        is_listed = is_below = False
        for at, block in enumerate(self.blocks):
            has_shape, amid = self.shapes[at] != "no", title < at < last
            is_listed = has_shape and (is_listed or (at > 0 and rows[at - 1][heading] > 0.5))
            is_below = not amid and (is_below or (has_shape and rows[at][source] > 0.5))
            is_usual = self.usual[at]
            least = LIKELY if is_usual else BELOW_SOURCES if is_below else self._least(block.text, amid=amid)
            if is_listed:
                least = AT_THE_EDGE if self.shapes[at] in LOOSE else EVEN_SURER
            if amid and block.kind is BlockKind.ITEM:
                least = EVEN_SURER
            if block.kind is BlockKind.HEADING:
                least = SUREST
            below = self.blocks[at + 1].text if amid else ""
            may = is_usual or not (amid and (_is_sentence(block.text) or _heads(block.text, below)))
            if block.kind is not BlockKind.FURNITURE and not (may and rows[at][furniture] >= least):
                self._never(at, Tag.FURNITURE)

    def _least(self, text: str, *, amid: bool) -> float:
        """How sure it must be that a line is of the page: surer among the paragraphs, and where it ends like text."""
        if text.rstrip()[-1:] in ".!?…:;,":
            return VERY_SURE
        return SURE if amid else AT_THE_EDGE

    def _doubt_sources(self) -> None:
        """A line that looks little like a reference is one in the list below its heading, or after all the text.
        The list stands near the end, and what no heading announces is short."""
        path = self._path()
        ends = max((at for at, tag in enumerate(path) if tag in (Tag.TEXT, Tag.HEADING, Tag.CALL)), default=0)
        words = [count if tag is Tag.TEXT else 0 for count, tag in zip(self.counts, path, strict=True)]
        below = total = sum(words)
        is_listed = has_ended = False
        for at, tag in enumerate(path):
            shape = self.shapes[at]
            below -= words[at]
            if is_listed and shape in CERTAIN and self.blocks[at].kind in (BlockKind.LINE, BlockKind.ITEM):
                self._only(at, Tag.SOURCE)
                continue
            is_bare = shape in BARE
            most = total * (MOST_BELOW_TITLES if is_bare else MOST_BELOW_SOURCES)
            is_near_the_end = shape in CERTAIN or below <= most
            is_announced = is_listed or self.counts[at] <= LONGEST_ALONE
            has_ended = is_bare and tag is Tag.SOURCE and (has_ended or self._ends_list(path, at))
            is_source = tag is Tag.SOURCE and not has_ended
            is_listed = is_near_the_end and (tag is Tag.SOURCES_HEADING or (is_listed and is_source))
            if tag is Tag.SOURCES_HEADING and not is_near_the_end:
                self._never(at, tag)
            looks = is_listed or shape in CERTAIN or (at > ends and shape != "no")
            if tag is Tag.SOURCE and not (is_source and is_near_the_end and is_announced and looks):
                self._never(at, tag)

    def _ends_list(self, path: Sequence[Tag], at: int) -> bool:
        """A list whose lines have markers ends with them; one line that names nothing needs a usual heading."""
        before, after = path[at - 1] if at else None, path[at + 1] if at + 1 < len(path) else None
        if before is Tag.SOURCE:
            return self.blocks[at - 1].kind is BlockKind.ITEM and self.blocks[at].kind is not BlockKind.ITEM
        is_named = at > 0 and is_list_heading(self.blocks[at - 1].text)
        return self.shapes[at] == "no" and after is not Tag.SOURCE and not is_named

    def _whole_lists(self, path: Sequence[Tag]) -> list[Tag]:
        """What stands between two sources is one, as long as its words may be."""
        found = list(path)
        for at in range(1, len(found) - 1):
            is_line = self.blocks[at].kind in (BlockKind.LINE, BlockKind.PARAGRAPH, BlockKind.ITEM)
            may = is_line and self._may_be_source(at)
            if may and found[at - 1] is Tag.SOURCE and Tag.SOURCE in found[at + 1 : at + 1 + MOST_BETWEEN]:
                found[at] = Tag.SOURCE
        return found

    def _ranked(self, found: list[Tag]) -> list[Tag]:
        """Marked headings rank by their level; of others, one dress is one rank."""
        heads = [at for at, tag in enumerate(found) if tag in (Tag.HEADING, Tag.SUBHEADING)]
        marked = [at for at in heads if self.blocks[at].kind is BlockKind.HEADING]
        if marked:
            top = min(self.blocks[at].level for at in marked)
            for at in marked:
                found[at] = Tag.HEADING if self.blocks[at].level <= top else Tag.SUBHEADING
        tops = [at for at in heads if found[at] is Tag.HEADING]
        for at in heads:
            if not marked and (not tops or at < tops[0]):
                found[at] = Tag.HEADING  # there is no heading above that it could divide
        for at in heads:
            if self.template and at not in self.template and at > min(self.template):
                found[at] = Tag.SUBHEADING
        if not marked and not self.template:
            self._rank_by_dress(found, heads)
        return found

    def _rank_by_dress(self, found: list[Tag], heads: Sequence[int]) -> None:
        styles = Counter(style_of(self.blocks[at]) for at in heads if found[at] is Tag.HEADING)
        chief, count = styles.most_common(1)[0] if styles else ("", 0)
        if chief in ("numbered", "capitals") and count >= 3 and count * 2 > len(heads):
            styles = Counter([chief])
        for at in heads:
            found[at] = Tag.HEADING if style_of(self.blocks[at]) in styles else Tag.SUBHEADING


def shows_a_picture(text: str) -> bool:
    """Whether it reads like the alternative text of a picture: one phrase, and no sentence."""
    found = _SHOWS.match(text)
    rest = text[found.end() :].rstrip() if found else ""
    return found is not None and ". " not in rest and not (found["article"] and rest.endswith("."))


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= FULL_SENTENCE and text.rstrip()[-1:] in ".!?…"


def _heads(text: str, below: str) -> bool:
    """Whether it is an English heading that says what its section is about, with something to say below it."""
    says = below.rstrip()[-1:] in "?:" or len(below.split()) >= FULL_SENTENCE
    return says and len(text) <= MAX_HEADING and read_heading(text).is_strong


def _repeats(question: str, line: str) -> bool:
    stems = stems_of(line)
    return bool(stems) and stems < stems_of(question) | {""} and len(line) < len(question)

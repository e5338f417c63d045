"""Classifies the parts of a file: blocks from any reader -> an Outline in file order, each block in one part.

First what each block is (`tagging`: form decides where a section begins), then the parts that follow from it, then the
kind of each section (`kinds`: heading, text and place decide together).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from articles.authoring.blocks.article import MAX_SECTIONS
from articles.document.characters import names_of, signs_unfit_for_a_line
from articles.errors import Unreadable
from articles.intake.outline import Block, BlockKind, Guess, Outline, Part, Role, Taught
from articles.intake.recognize import references
from articles.intake.recognize.block_features import find_language
from articles.intake.recognize.calls import find_call, is_teaser, propose_call
from articles.intake.recognize.furniture import find_furniture
from articles.intake.recognize.headings import key_of
from articles.intake.recognize.kinds import UNSURE, guess_kinds
from articles.intake.recognize.section_features import Seen
from articles.intake.recognize.tagging import Tag, Tagged, tag_blocks
from articles.record.vocabulary import SectionKind

MAX_PARTS = 2_000  # sections, sources and what is left out; more is no article
MAX_CALL_WORDS = 120
MAX_ALT = 255  # characters
WORDS_A_HEADING = 150  # a file without marks that has fewer headings is divided by its words too
FEW_HEADINGS = 3
FEW_PARAGRAPHS = 2  # a section of fewer is never divided
OUTRIGHT = 0.85  # how sure an invitation in the usual English words is
SURE_KIND = 0.8  # from here the words of a text count more than that an offer interrupts it
SURE_CAPTION = 0.7
FURNITURE = "It belongs to the page and not to the article."
LIST_HEADING = "It is the heading of the source list. The sources section has a heading of its own."
CONTINUES = "It continues the section that an offer, a table or a picture interrupts."
MARKED_TITLE = "The file marks it as the title."
FOUND_TITLE = "It is the line that the text below speaks of."
OF_THEIR_OWN = {BlockKind.TABLE: SectionKind.TABLE, BlockKind.PICTURE: SectionKind.FIGURE}


def outline(blocks: Sequence[Block], *, language: str = "", taught: Mapping[str, Taught] | None = None) -> Outline:
    """The parts of a file: title, caption, sections, sources, what is left out. Loses no word. Raises Unreadable.

    `language` is that of the site or the file; a text that reads like another gets a warning. `taught` holds what
    editors corrected for headings of this house, by `headings.key_of` the heading.
    """
    parts = _Assembly(blocks, tag_blocks(blocks)).parts()
    if len(parts) > MAX_PARTS:
        raise Unreadable(
            f"The file divides into {len(parts):,} sections, sources and calls to action; an article may have "
            f"{MAX_PARTS:,}. Split it into one file for each article."
        )
    is_marked = any(block.kind is BlockKind.HEADING for block in blocks)
    parts = _with_kinds(parts, taught or {}, divide=not is_marked and _has_few_headings(parts))
    return Outline(tuple(parts), tuple(_warnings(parts, find_language(blocks), language)))


@dataclass
class _Section:
    """A section that is still being read."""

    heading: str = ""
    blocks: list[Block] = field(default_factory=list)
    continues: bool = False  # a call to action, a table or a picture interrupted it

    @property
    def is_blank(self) -> bool:
        return not self.heading and not self.blocks


@dataclass(frozen=True)
class _Open(Part):
    """A section whose kind is not known yet."""

    continues: bool = False
    is_divided: bool = False  # a paragraph of a longer section, which its neighbors of the same kind join again


class _Assembly:
    """One pass over the blocks. A section closes at each heading, call to action, table, picture and source list."""

    def __init__(self, blocks: Sequence[Block], tagged: Sequence[Tagged]) -> None:
        self.blocks, self.tagged = blocks, tagged
        self.found: list[Part] = []
        self.section = _Section()
        self.has_caption = False

    def parts(self) -> list[Part]:
        for position, (block, (tag, probability)) in enumerate(zip(self.blocks, map(_pair, self.tagged), strict=True)):
            self._read(position, block, tag, probability)
        self._close()
        return self.found

    def _read(self, position: int, block: Block, tag: Tag, probability: float) -> None:
        if block.kind in OF_THEIR_OWN:
            self._add_on_its_own(block)
        elif block.kind is BlockKind.CAPTION and position and self.blocks[position - 1].kind in OF_THEIR_OWN:
            self.found[-1] = replace(self.found[-1], blocks=(*self.found[-1].blocks, block))
        elif tag in (Tag.TITLE, Tag.FURNITURE, Tag.SOURCES_HEADING):
            self._put_apart(block, tag, probability)
        elif tag is Tag.SOURCE:
            self._add_source(block, probability)
        elif tag is Tag.CAPTION and probability >= SURE_CAPTION and self._is_first_caption(block):
            self.has_caption = True
            self._add(Role.CAPTION, _plain(block), "It describes a picture above the text.", probability)
        elif tag is Tag.CALL:
            self._add_call(position, block, probability)
        elif tag is Tag.HEADING and not self._opens_below_a_heading(position):
            self._close()
            self.section = _Section(block.written)
        elif tag in (Tag.HEADING, Tag.SUBHEADING):
            self.section.blocks.append(
                replace(block, kind=BlockKind.HEADING, text=block.written, marker="", level=max(block.level, 3))
            )
        else:
            self.section.blocks.append(_plain(block) if block.kind is not BlockKind.ITEM else block)

    def _put_apart(self, block: Block, tag: Tag, probability: float) -> None:
        if tag is Tag.FURNITURE:
            reason = find_furniture(block.text, at_opening=True) or FURNITURE
            self._add(Role.LEFT_OUT, block, reason, probability)
            return
        self._close()
        if tag is Tag.SOURCES_HEADING:
            self._add(Role.LEFT_OUT, block, LIST_HEADING, probability)
        else:
            reason = MARKED_TITLE if block.kind is BlockKind.TITLE else FOUND_TITLE
            self._add(Role.TITLE, _plain(block), reason, probability)

    def _add(self, role: Role, block: Block, reason: str, probability: float) -> None:
        self.found.append(Part(role, (block,), reason, _rounded(probability)))

    def _opens_below_a_heading(self, position: int) -> bool:
        """A heading right below another divides it, unless the file marks both as equal."""
        if self.section.blocks or not self.section.heading:
            return False
        return self.blocks[position].kind is not BlockKind.HEADING

    def _is_first_caption(self, block: Block) -> bool:
        is_above = self.section.is_blank and not any(part.role is Role.SECTION for part in self.found)
        return is_above and not self.has_caption and len(block.text) <= MAX_ALT and block.kind is not BlockKind.ITEM

    def _add_on_its_own(self, block: Block) -> None:
        kind = OF_THEIR_OWN[block.kind]
        self._close()
        self.found.append(Part(Role.SECTION, (block,), f"The file has a {kind} here.", 1.0, kind=kind))
        self.section = _Section(continues=True)

    def _add_source(self, block: Block, probability: float) -> None:
        self._close()
        kept = block if block.kind in (BlockKind.ITEM, BlockKind.NOTE) else _plain(block)
        reading = references.read_reference(block.text)
        self.found.append(
            Part(
                Role.SOURCE, (kept,), "It reads like a line of a source list.", _rounded(probability), reference=reading
            )
        )

    def _add_call(self, position: int, block: Block, probability: float) -> None:
        """A teaser heads the invitation below it; a further paragraph that invites to nothing belongs to the offer."""
        above = self.found[-1] if position and self.tagged[position - 1].tag is Tag.CALL and self.found else None
        if above and above.kind is SectionKind.CTA and is_teaser(above.text) and not above.heading:
            self.found[-1] = _as_call(replace(above, heading=above.text, blocks=(block,)))
            return
        if above and above.kind is SectionKind.CTA and not find_call(block.text):
            self.found[-1] = _as_call(replace(above, blocks=(*above.blocks, block)))
            return
        heading = ""
        if self.section.heading and not self.section.blocks:
            heading, self.section = self.section.heading, _Section()
        interrupted = self.section.continues or not self.section.is_blank
        self._close()
        sure = max(probability, OUTRIGHT) if find_call(block.text) else probability
        reason = "The paragraph offers the reader a service."
        self.found.append(_as_call(Part(Role.SECTION, (block,), reason, _rounded(sure), heading, SectionKind.CTA)))
        self.section = _Section(continues=interrupted)

    def _close(self) -> None:
        section, self.section = self.section, _Section()
        if not section.is_blank:
            blocks = tuple(section.blocks)
            self.found.append(_Open(Role.SECTION, blocks, "", 0.0, section.heading, continues=section.continues))


def _pair(tagged: Tagged) -> tuple[Tag, float]:
    return tagged.tag, tagged.probability


def _plain(block: Block) -> Block:
    return replace(block, kind=BlockKind.PARAGRAPH) if block.kind is not BlockKind.PARAGRAPH else block


def _rounded(probability: float) -> float:
    return round(min(probability, 0.99), 2)


# Kinds


def _has_few_headings(parts: Sequence[Part]) -> bool:
    sections = [part for part in parts if isinstance(part, _Open)]
    words = sum(len(part.text.split()) for part in sections)
    headings = sum(bool(part.heading) for part in sections)
    return headings <= FEW_HEADINGS and words > WORDS_A_HEADING * headings


def _with_kinds(parts: Sequence[Part], taught: Mapping[str, Taught], *, divide: bool) -> list[Part]:
    """Each section with its kind. A text with few headings is first divided where its subject changes."""
    title = next((part.text for part in parts if part.role is Role.TITLE), "")
    units = [unit for part in parts for unit in (_units(part) if divide else [part])]
    guesses = iter(guess_kinds([_seen(unit) for unit in units if isinstance(unit, _Open)], title))
    named: list[Part] = []
    divided: list[bool] = []
    for unit in units:
        divided.append(isinstance(unit, _Open) and unit.is_divided)
        if isinstance(unit, _Open):
            guess = next(guesses)
            unit = _named(unit, _taught(unit, taught) or _continued(unit, guess, named))
        named.append(unit)
    return list(_with_questions(_merged(zip(named, divided, strict=True))))


def _units(part: Part) -> Iterator[Part]:
    """The paragraphs of a long section, each with the list that follows it; else the part itself."""
    if not isinstance(part, _Open) or sum(block.kind is BlockKind.PARAGRAPH for block in part.blocks) < FEW_PARAGRAPHS:
        yield part
        return
    heading, unit = part.heading, list[Block]()
    for block in (*part.blocks, None):
        follows_subheading = bool(unit) and unit[-1].kind is BlockKind.HEADING
        if unit and (block is None or (block.kind is not BlockKind.ITEM and not follows_subheading)):
            yield replace(part, heading=heading, blocks=tuple(unit), is_divided=not heading)
            heading, unit = "", []
        if block is not None:
            unit.append(block)


def _seen(part: Part) -> Seen:
    text = "\n".join(block.text for block in part.blocks)
    return Seen(part.heading, text, sum(block.kind is BlockKind.ITEM for block in part.blocks), len(part.blocks))


def _taught(part: Part, taught: Mapping[str, Taught]) -> Guess | None:
    known = taught.get(key_of(part.heading)) if part.heading else None
    return Guess(known.kind, known.aspect, "An editor chose this kind for this heading.", 0.99) if known else None


def _continued(part: _Open, guess: Guess, before: Sequence[Part]) -> Guess:
    """What goes on below an offer, a table or a picture is of the kind above it, unless its words say otherwise."""
    if not part.continues or part.heading or guess.confidence >= SURE_KIND:
        return guess
    above = next((each for each in reversed(before) if _is_text(each)), None)
    return Guess(above.kind, above.aspect, CONTINUES, min(above.confidence, 0.7)) if above and above.kind else guess


def _named(part: _Open, guess: Guess) -> Part:
    named = Part(part.role, part.blocks, guess.reason, guess.confidence, part.heading, guess.kind, guess.aspect)
    return named if part.is_divided else _with_call(named)


def _merged(parts: Iterable[tuple[Part, bool]]) -> Iterator[Part]:
    """Neighbors that were divided and are of one kind are one section."""
    held: Part | None = None
    for part, is_divided in parts:
        if is_divided and held and not part.heading and (held.kind, held.aspect) == (part.kind, part.aspect):
            words = (len(held.text.split()), len(part.text.split()))
            confidence = (held.confidence * words[0] + part.confidence * words[1]) / (sum(words) or 1)
            held = replace(held, blocks=held.blocks + part.blocks, confidence=round(confidence, 2))
            continue
        if held:
            yield _with_call(held)
        held = part if _is_text(part) else None
        if held is None:
            yield part
    if held:
        yield _with_call(held)


def _is_text(part: Part) -> bool:
    return part.role is Role.SECTION and part.kind not in (SectionKind.TABLE, SectionKind.FIGURE) and part.call is None


def _with_questions(parts: Iterable[Part]) -> Iterator[Part]:
    """Questions below a section of questions and answers belong to it, up to the next heading that asks nothing."""
    held: Part | None = None
    for part in parts:
        is_question = part.role is Role.SECTION and part.heading.rstrip().endswith("?") and not part.call
        if held and is_question:
            heading = Block(BlockKind.HEADING, part.heading, 3)
            held = replace(held, blocks=(*held.blocks, heading, *part.blocks))
            continue
        if held:
            yield held
        held = part if part.kind is SectionKind.FAQ and not part.heading.rstrip().endswith("?") else None
        if held is None:
            yield part
    if held:
        yield held


def _with_call(part: Part) -> Part:
    return _as_call(part) if part.kind is SectionKind.CTA else part


def _as_call(part: Part) -> Part:
    """An offer, if it is short; otherwise ordinary prose."""
    if len(part.text.split()) <= MAX_CALL_WORDS:
        return replace(part, kind=SectionKind.CTA, call=find_call(part.text) or propose_call(part.text or part.heading))
    return replace(
        part, kind=SectionKind.PROSE, call=None, reason="It reads like an offer, but is too long.", confidence=0.4
    )


# Warnings


def _warnings(parts: Sequence[Part], found: str, language: str) -> Iterator[str]:
    sections = [part for part in parts if part.role is Role.SECTION]
    if not any(part.role is Role.TITLE for part in parts):
        yield "No title was found. Write one."
    yield from _reordering(next((part.text for part in parts if part.role is Role.TITLE), ""))
    if found and language and found != language.partition("-")[0]:
        yield f"The text reads like “{found}”, but the article is to be in “{language}”. Check the language."
    if len(sections) > MAX_SECTIONS:
        yield f"The file has {len(sections)} sections; an article may have {MAX_SECTIONS}. Merge or remove some."
    if not sections:
        yield "No text was found below the title."
    elif not any(part.heading for part in sections):
        yield "No headings were found, so the text was divided by its words. Check the sections."
    if not any(part.role is Role.SOURCE for part in parts):
        yield "No source list was found. Add the sources."
    yield from _surplus(sections)
    for part in sections:
        if part.confidence < UNSURE:
            yield f"Check the kind of the section “{part.heading or part.text[:60]}”: it is a guess."


def _reordering(title: str) -> Iterable[str]:
    """A title with such characters is kept as it is, and cannot be signed."""
    if found := signs_unfit_for_a_line(title):
        names = names_of(found)
        yield f"The title contains control characters, or invisible ones that reorder text ({names}). Type it again."


def _surplus(sections: Sequence[Part]) -> Iterable[str]:
    """An article has one introduction and one conclusion; the draft keeps further ones as prose."""
    seen = set()
    for part in sections:
        if part.kind in seen and part.kind in (SectionKind.INTRODUCTION, SectionKind.CONCLUSION):
            name = part.heading or part.text[:60]
            yield f"An article has only one {part.kind}: “{name}” becomes prose in the draft."
        seen.add(part.kind)

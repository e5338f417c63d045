"""Classifies the parts of a file: blocks from any reader -> an Outline in file order, each block in one part."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from articles.authoring.blocks.article import MAX_SECTIONS
from articles.document.characters import names_of, signs_unfit_for_a_line
from articles.errors import Unreadable
from articles.intake.outline import Block, BlockKind, Guess, Outline, Part, Role, Taught
from articles.intake.recognize import references
from articles.intake.recognize.boundaries import Above, Boundary, find_boundary, find_top_level
from articles.intake.recognize.calls import find_call, is_teaser, propose_call
from articles.intake.recognize.furniture import find_furniture
from articles.intake.recognize.headings import Reading, key_of, read_heading
from articles.intake.recognize.kinds import guess_kind
from articles.intake.recognize.opening import find_caption, find_title, repeats, title_part
from articles.intake.recognize.signals import CTA
from articles.record.vocabulary import SectionKind

MAX_PARTS = 2_000  # sections, sources and what is left out; more is no article
UNSURE = 0.5  # below, a guess becomes a warning
OPENING_BLOCKS = 5  # bylines and dates stand among these, or at the very end
MAX_CALL_SECTION_WORDS = 120
PAPER = re.compile(r"^(?:\d+\.? )?(?:abstract|(?:materials and |patients and )?methods|discussion)\b", re.I)


def outline(blocks: Sequence[Block], *, language: str = "", taught: Mapping[str, Taught] | None = None) -> Outline:
    """The parts of a file: title, caption, sections, sources, what is left out. Loses no word. Raises Unreadable.

    `taught` holds what editors corrected for headings of this house, by `headings.key_of` the heading.
    """
    walk = _Walk(blocks, taught or {})
    walk.read_opening()
    walk.read_body()
    if len(walk.parts) > MAX_PARTS:
        raise Unreadable(
            f"The file divides into {len(walk.parts):,} sections, sources and calls to action; an article may have "
            f"{MAX_PARTS:,}. Split it into one file for each article."
        )
    return Outline(tuple(walk.parts), tuple(_warnings(walk.parts)))


@dataclass
class _Section:
    """A section that is still being read."""

    heading: str = ""
    reading: Reading = field(default_factory=Reading)
    blocks: list[Block] = field(default_factory=list)
    continues: Part | None = None  # the section that a call to action interrupted

    @property
    def is_blank(self) -> bool:
        return not self.heading and not self.blocks


class _Walk:
    """One pass over the blocks. The open section closes at each boundary, call to action and source list."""

    def __init__(self, blocks: Sequence[Block], taught: Mapping[str, Taught]) -> None:
        self.blocks = blocks
        self.taught = taught
        self.position = 0
        self.parts: list[Part] = []
        self.title = ""
        self.section = _Section()
        self.in_sources = False
        self.has_sections = False
        self.top_level = find_top_level(blocks)
        self.is_paper = sum(bool(PAPER.match(block.text)) for block in blocks) >= 2

    # The opening

    def read_opening(self) -> None:
        title = find_title(self.blocks)
        if title is None:
            return
        for block in self.blocks[:title]:
            self._leave_out(block, find_furniture(block.text, at_opening=True) or "It is above the title.")
        self.parts.append(title_part(self.blocks[title]))
        self.title = self.blocks[title].text
        self.position = title + 1
        self._read_caption()
        self.blocks, self.position = self.blocks[self.position :], 0

    def _read_caption(self) -> None:
        while self.position < len(self.blocks):
            block, following = self.blocks[self.position], self._at(self.position + 1)
            if caption := find_caption(block, following):
                self.parts.append(caption)
                self.position += 1
                return
            if not (reason := self._reason_to_leave_out(block)):
                return
            self._leave_out(block, reason)
            self.position += 1

    # The body

    def read_body(self) -> None:
        while self.position < len(self.blocks):
            self._read_block(self.blocks[self.position])
            self.position += 1
        self._close()

    def _read_block(self, block: Block) -> None:
        if reason := self._reason_to_leave_out(block):
            self._leave_out(block, reason)
        elif self._is_call(block):
            self._add_call(block)
        elif self._is_sources_heading(block):
            self._open_sources(block)
        elif (self.in_sources and self._is_source(block)) or (
            references.find_inline_list(block.text) and block.kind is not BlockKind.ITEM
        ):
            self._add_source(block)
        else:
            self._read_text(block)

    def _read_text(self, block: Block) -> None:
        reading = read_heading(block.text, title=self.title) if self._may_be_heading(block) else Reading()
        boundary = Boundary.TEXT
        if self._may_be_heading(block):
            boundary = find_boundary(self.blocks, self.position, reading, self._above(), top_level=self.top_level)
        if boundary is Boundary.SECTION:
            self._close()
            self.in_sources = False
            self.section = _Section(block.text, reading)
        elif boundary is Boundary.SUBSECTION:
            self.section.blocks.append(replace(block, kind=BlockKind.HEADING, level=max(block.level, 3)))
        else:
            self._add_text(block)

    def _add_text(self, block: Block) -> None:
        if block.kind in (BlockKind.LINE, BlockKind.TITLE, BlockKind.CAPTION):
            block = replace(block, kind=BlockKind.PARAGRAPH)
        self.section.blocks.append(block)

    # Calls to action and sources

    def _is_call(self, block: Block) -> bool:
        if block.kind in (BlockKind.ITEM, BlockKind.HEADING) or not find_call(block.text):
            return False
        following = self._at(self.position + 1)
        heads_prose = following is not None and following.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
        if block.kind is BlockKind.LINE and is_teaser(block.text) and heads_prose and following:
            return bool(self._reason_to_leave_out(following))
        return True

    def _add_call(self, block: Block) -> None:
        heading, interrupted = self._close_before_call()
        text = replace(block, kind=BlockKind.PARAGRAPH)
        reason = "The paragraph offers the reader a service."
        part = Part(Role.SECTION, (text,), reason, 0.85, heading, SectionKind.CTA, None, find_call(block.text))
        self._add_section(part)
        self.section = _Section(continues=interrupted)

    def _close_before_call(self) -> tuple[str, Part | None]:
        """A teaser with nothing below it heads the call: "Ready to start? | Book a visit with us." """
        open_section = self.section
        if open_section.heading and not open_section.blocks and is_teaser(open_section.heading):
            self.section = _Section()
            return open_section.heading, None
        return "", self._close() or open_section.continues

    def _is_sources_heading(self, block: Block) -> bool:
        return block.kind is not BlockKind.ITEM and references.is_list_heading(block.text)

    def _open_sources(self, block: Block) -> None:
        self._close()
        self.section = _Section()
        self.in_sources = True
        self._leave_out(block, "It is the heading of the source list; the sources section has its own.")

    def _is_source(self, block: Block) -> bool:
        """Everything below the heading of the list, up to prose for the reader or a heading with prose below it."""
        if not self.section.is_blank or references.is_prose(block.text):
            return False
        following = self._at(self.position + 1)
        is_heading = block.kind is BlockKind.HEADING or (
            block.kind is BlockKind.LINE
            and ":" not in block.text
            and following is not None
            and references.is_prose(following.text)
        )
        return not is_heading

    def _add_source(self, block: Block) -> None:
        if not self.section.is_blank:
            self._close()
        kept = block if block.kind is BlockKind.ITEM else replace(block, kind=BlockKind.PARAGRAPH)
        reading = references.read_reference(block.text)
        confidence = 0.9 if reading.doi or reading.pmid or reading.publisher else 0.7
        reason = "It is a line of the source list." if self.in_sources else "The paragraph names the sources."
        self.parts.append(Part(Role.SOURCE, (kept,), reason, confidence, reference=reading))

    # Bookkeeping

    def _at(self, position: int) -> Block | None:
        return self.blocks[position] if position < len(self.blocks) else None

    def _may_be_heading(self, block: Block) -> bool:
        return block.kind in (BlockKind.LINE, BlockKind.HEADING)

    def _reason_to_leave_out(self, block: Block) -> str | None:
        at_rim = self.position < OPENING_BLOCKS or self.position >= len(self.blocks) - 2
        if repeats(block, self.title) and self.position < OPENING_BLOCKS:
            return "It repeats the title."
        return find_furniture(block.text, at_opening=at_rim)

    def _leave_out(self, block: Block, reason: str) -> None:
        self.parts.append(Part(Role.LEFT_OUT, (block,), reason, 0.9))

    def _above(self) -> Above:
        section = self.section
        is_opening = not section.heading and not self.has_sections
        return Above(section.heading, section.reading, not section.blocks, is_opening)

    def _close(self) -> Part | None:
        """The open section becomes a part, if there is anything in it."""
        section, self.section = self.section, _Section()
        if section.is_blank:
            return None
        part = self._part(section)
        self._add_section(part)
        return part

    def _add_section(self, part: Part) -> None:
        self.has_sections = True
        self.parts.append(part)

    def _part(self, section: _Section) -> Part:
        guess = self._guess(section)
        blocks = tuple(section.blocks)
        part = Part(Role.SECTION, blocks, guess.reason, guess.confidence, section.heading, guess.kind, guess.aspect)
        return _as_call(part) if section.reading.meaning == CTA else part

    def _guess(self, section: _Section) -> Guess:
        if section.heading and (known := self.taught.get(key_of(section.heading))):
            return Guess(known.kind, known.aspect, "An editor chose this kind for this heading.", 0.99)
        before = section.continues
        if before and before.kind and not section.heading:
            reason = "It continues the section that the call to action interrupts."
            return Guess(before.kind, before.aspect, reason, min(before.confidence, 0.7))
        body = "\n\n".join(block.text for block in section.blocks)
        is_first = not self.has_sections
        return guess_kind(section.heading, section.reading, body, is_first=is_first, is_paper=self.is_paper)


def _as_call(part: Part) -> Part:
    """A section with the heading of a call to action: it is one if it is short, otherwise ordinary prose."""
    if len(part.text.split()) <= MAX_CALL_SECTION_WORDS:
        return replace(part, call=propose_call(part.text or part.heading))
    return replace(
        part, kind=SectionKind.PROSE, reason="It has the heading of an offer, but is too long.", confidence=0.4
    )


def _warnings(parts: Iterable[Part]) -> Iterable[str]:
    parts = tuple(parts)
    sections = [part for part in parts if part.role is Role.SECTION]
    if not any(part.role is Role.TITLE for part in parts):
        yield "No title was found, because the file begins with prose. Write one."
    yield from _reordering(next((part.text for part in parts if part.role is Role.TITLE), ""))
    if len(sections) > MAX_SECTIONS:
        yield f"The file has {len(sections)} sections; an article may have {MAX_SECTIONS}. Merge or remove some."
    if not sections:
        yield "No text was found below the title."
    elif not any(part.heading for part in sections):
        yield "No headings were found, so the whole text is in one section. Divide it."
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

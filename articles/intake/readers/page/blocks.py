"""Walks the tree of a page and makes its blocks. Without recursion: a page may nest as deep as it likes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from articles.intake.outline import Block, BlockKind, Picture
from articles.intake.readers.decoding import require_countable
from articles.intake.readers.page import images, tables
from articles.intake.readers.page.article import Place
from articles.intake.readers.page.frames import BLOCKS, Frame, Frames, is_out_of_sight
from articles.intake.readers.page.notes import Notes, is_comment_link
from articles.intake.readers.page.tree import NEVER_WORDS, elements, text_of, walk
from articles.intake.readers.page.words import (
    BREAK,
    Run,
    address,
    cut_marker,
    is_all,
    lines_of,
    make_run,
    plain,
    rich,
    tidy,
    without,
)

MAX_LINE_WORDS = 14  # a heading without marks is no longer

_EMBEDDED = frozenset({"iframe", "video", "audio", "object", "embed"})
_ASIDE = frozenset({"select", "textarea", "option", "svg", "canvas", "noscript", *_EMBEDDED})
_ENDS = re.compile(r"[.!?:;…)\]\d][\"'”’)\]]*$")
_SENTENCE = re.compile(r"[.!;,…][\"'”’)\]]*$")
_NUMBER = re.compile(r"\W*\d")


@dataclass(frozen=True)
class Attachment:
    """An image of the site's library, by the number that its `wp-image-…` class names."""

    address: str
    alt: str = ""
    caption: str = ""


@dataclass
class Walk:
    """One pass over the tree. The open paragraph ends wherever a block begins or ends."""

    place: Place
    notes: Notes
    sheet: Mapping[str, str]
    base: str = ""
    breaks: bool = False  # lines of the text are lines of the page, as WordPress has it
    attachments: Mapping[str, Attachment] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)
    dropped_links: int = 0
    _runs: list[Run] = field(default_factory=list)
    _waiting: list[Block] = field(default_factory=list)
    _written: set[int] = field(default_factory=set)  # items that have their marker
    _seen: set[str] = field(default_factory=set)
    _is_below_picture: bool = False  # the open paragraph began with one

    def __post_init__(self) -> None:
        self._frames = Frames(self.place, self.notes, self.sheet)

    def read(self, root: HtmlElement, frame: Frame) -> None:
        """Adds the blocks of the element."""
        stack: list[Frame] = [frame]
        wholes: list[HtmlElement] = []
        walker = walk(root)
        for event, element in walker:
            if event == "end":
                if wholes and wholes[-1] is element:
                    wholes.pop()
                else:
                    self._close(element, stack.pop())
                self._text(None if element is root else element.tail, stack[-1])
            elif self._is_whole(element, stack[-1]):
                walker.skip_subtree()
                wholes.append(element)
            else:
                stack.append(self._open(element, stack[-1]))
                self._text(element.text, stack[-1])
        self._flush(frame)

    # Elements

    def _open(self, element: HtmlElement, around: Frame) -> Frame:
        if element.tag in BLOCKS:
            frame = self._frames.of_block(element, around)
            if frame.end == "block":
                self._flush(around)
            else:
                self._runs.append(Run(" "))
            return frame
        frame = self._frames.of_inline(element, around)
        if element.tag == "a" and (href := element.get("href", "").strip()):
            made = address(href, self.base)
            self.dropped_links += not made and not href.startswith("#") and not around.is_furniture
            return replace(frame, href=made, end="")
        if element.tag == "q":
            self._runs.append(make_run("“", frame.marks, frame.href))
        return frame

    def _close(self, element: HtmlElement, frame: Frame) -> None:
        if element.tag == "q":
            self._runs.append(make_run("”", frame.marks, frame.href))
        if element.tag in BLOCKS:
            self._frames.close(element)
            if frame.end == "block":
                self._flush(frame)
            else:
                self._runs.append(Run(" "))

    def _is_whole(self, element: HtmlElement, around: Frame) -> bool:
        """Whether the element is read as a whole, or not at all."""
        match element.tag:
            case "br":
                self._runs.append(Run(BREAK))
            case "hr":
                self._flush(around)
            case "img":
                self._image(element, around)
            case "a":
                return self._note_link(element, around)
            case "table":
                return not around.is_furniture and self._table(element, around)
            case _ if element.tag in NEVER_WORDS:
                pass
            case _ if element.tag in _ASIDE:
                self._embed(element, around)
            case _ if self._is_aside(element, around):
                self._set_aside(text_of(element), around)
            case _:
                return False
        return True

    def _is_aside(self, element: HtmlElement, around: Frame) -> bool:
        """What is not of the sentence in which it stands: comments, what is hidden, words for screen readers."""
        is_inline_furniture = element in self.place.left_out and element.tag not in BLOCKS and not around.is_furniture
        return element in self.notes.comments or is_inline_furniture or is_out_of_sight(element)

    def _set_aside(self, text: str, around: Frame) -> None:
        words = plain(tidy([make_run(text)]))
        if words and not around.is_deleted:
            self._add(Block(BlockKind.FURNITURE, words))

    def _add(self, block: Block) -> None:
        """After the paragraph in which it stands."""
        self._waiting.append(block)

    def _note_link(self, link: HtmlElement, around: Frame) -> bool:
        """A link to a note or a numbered source is written [1]; a link back from it, or to a comment, goes."""
        href = link.get("href", "")
        if is_comment_link(link):
            return True
        if not href.startswith("#"):
            return False
        if around.kind is BlockKind.NOTE and len(text_of(link)) <= 4:
            return True
        number = self.notes.number_of_link(link)
        if number and not around.is_deleted:
            is_open = "".join(run.text for run in self._runs[-1:]).rstrip().endswith("[")
            self._runs.append(make_run(number if is_open else f"[{number}]", around.marks - {"sup"}))
        return bool(number)

    def _table(self, table: HtmlElement, around: Frame) -> bool:
        """Adds the table with its caption; False where it only arranges the page."""
        if around.is_deleted or not tables.is_data(table):
            return False
        inner = replace(self, blocks=[], _runs=[], _waiting=[])
        grid = tables.read_grid(table, inner.words_of)
        if grid is None:
            return False
        self._flush(around)
        self.dropped_links = inner.dropped_links
        self.blocks.append(Block(BlockKind.TABLE, "\n".join(grid.lines), rows=grid.rows, header=grid.header))
        for caption in elements(table, "caption"):
            words = inner.words_of(caption)
            self.blocks += [Block(BlockKind.CAPTION, words)] if words else []
        self.blocks += inner.blocks
        return True

    def words_of(self, cell: HtmlElement) -> str:
        """The words of a cell in one line; its pictures and what is set aside become blocks."""
        made, self.blocks = self.blocks, []
        self.read(cell, Frame(is_soft=cell.tag == "caption"))
        own, self.blocks = self.blocks, made
        loose = (BlockKind.PICTURE, BlockKind.FURNITURE)
        self.blocks += [block for block in own if block.kind in loose]
        return " ".join(block.written for block in own if block.kind not in loose)

    def _image(self, image: HtmlElement, around: Frame) -> None:
        attachment = self._attachment(image)
        alt = plain(tidy([make_run(image.get("alt", "") or attachment.alt)]))
        if around.is_deleted or images.is_counter(image):
            return
        if images.is_sign(image):
            self._runs.append(make_run(alt, around.marks, around.href))
            return
        if around.is_furniture:
            self._set_aside(alt, around)
            return
        found = images.find_picture(image, len(self.pictures) + 1)
        name = found.name if found else attachment.address or images.find_address(image, self.base)
        if found:
            self.pictures.append(found)
        if name or alt:
            self._seen.add(name)
            self._place_picture(Block(BlockKind.PICTURE, alt, picture=name), around)

    def _place_picture(self, picture: Block, around: Frame) -> None:
        """One that begins a paragraph stands before its words, so that these may be its caption."""
        if around.kind is BlockKind.PARAGRAPH and not self._waiting and not tidy(self._runs):
            self.blocks.append(picture)
            self._is_below_picture = True
        else:
            self._add(picture)

    def _attachment(self, image: HtmlElement) -> Attachment:
        found = re.search(r"\bwp-image-(\d+)\b", image.get("class", ""))
        return (self.attachments.get(found[1]) if found else None) or Attachment("")

    def _embed(self, element: HtmlElement, around: Frame) -> None:
        """A video and its like is named in a warning; the words in it are set aside."""
        if element.tag in _EMBEDDED and not around.is_furniture and not is_out_of_sight(element):
            source = element.get("src") or element.get("data") or next((each.get("src", "") for each in element), "")
            self.embedded += [found] if (found := address(source or "", self.base)) else []
        for image in elements(element, "img"):
            if images.find_address(image, self.base) not in self._seen:
                self._image(image, around)
        self._set_aside(text_of(element), around)

    # Words

    def _text(self, text: str | None, frame: Frame) -> None:
        if not text:
            return
        if frame.is_deleted:
            self.deleted.append(text)
            return
        keeps_lines = frame.keeps_lines or (self.breaks and not frame.is_soft)
        self._runs.append(make_run(text, frame.marks, frame.href, keeps_lines=keeps_lines))

    def _flush(self, frame: Frame) -> None:
        """The open paragraph becomes blocks; then comes what stood in it."""
        runs, self._runs = tidy(self._runs), []
        below_picture, self._is_below_picture = self._is_below_picture, False
        if runs and below_picture and is_all("i", runs) and not frame.is_furniture:
            self.blocks.append(Block(BlockKind.CAPTION, plain(runs), html=rich(without("i", runs))))
        elif runs:
            self.blocks += self._made(runs, frame)
        waiting, self._waiting = self._waiting, []
        self.blocks += waiting
        require_countable(self.blocks)

    def _made(self, runs: list[Run], frame: Frame) -> Iterator[Block]:
        if frame.is_furniture:
            yield Block(BlockKind.FURNITURE, plain(runs))
        elif frame.kind in (BlockKind.TITLE, BlockKind.HEADING):
            runs = without("b", runs)
            yield Block(frame.kind, plain(runs), frame.level, html=rich(runs))
        elif frame.kind is BlockKind.ITEM:
            yield self._made_item(runs, frame)
        elif frame.kind in (BlockKind.CAPTION, BlockKind.NOTE):
            marker = frame.marker if frame.kind is BlockKind.NOTE else ""
            yield Block(frame.kind, plain(runs), marker=marker, html=rich(runs))
        else:
            yield from (_paragraph(lines, frame) for lines in _paragraphs(runs))

    def _made_item(self, runs: list[Run], frame: Frame) -> Block:
        marker = frame.marker
        if not marker:
            marker, runs = cut_marker(runs)
        is_continued = frame.item in self._written
        self._written |= {frame.item} if frame.item else set()
        return Block(BlockKind.ITEM, plain(runs), frame.level, "" if is_continued else marker or "•", rich(runs))


def _paragraphs(runs: list[Run]) -> Iterator[list[Run]]:
    """An empty line ends a paragraph; so does a break between lines that are each whole."""
    lines = list(lines_of(runs))
    made: list[Run] = []
    for line in lines:
        if made and (not line or _is_whole(made, line)):
            yield made
            made = []
        if line:
            made = [*made, Run(" "), *line] if made else line
    if made:
        yield made


def _is_whole(before: list[Run], line: list[Run]) -> bool:
    text = plain(before)
    is_heading = is_all("b", before) != is_all("b", line) and _is_short(text)
    return bool(cut_marker(line)[0]) or bool(_ENDS.search(text)) or is_heading


def _paragraph(runs: list[Run], frame: Frame) -> Block:
    """A typed bullet makes an item; a typed number may (see `settle`); a short bold line may be a heading."""
    marker, rest = cut_marker(runs)
    if marker and rest and not _NUMBER.match(marker):
        return Block(BlockKind.ITEM, plain(rest), marker=marker, html=rich(rest))
    if is_all("b", runs) and _is_short(plain(runs)) and (not frame.is_term or plain(runs).endswith("?")):
        return Block(BlockKind.LINE, plain(runs), html=rich(without("b", runs)))
    if marker and rest:
        return Block(BlockKind.PARAGRAPH, plain(rest), marker=marker, html=rich(rest))
    return Block(BlockKind.PARAGRAPH, plain(runs), html=rich(runs))


def _is_short(text: str) -> bool:
    return len(text.split()) <= MAX_LINE_WORDS and not _SENTENCE.search(text) and bool(re.search(r"[^\W\d_]", text))


def settle(blocks: list[Block]) -> tuple[Block, ...]:
    """What only the neighbors tell: typed numbers that count are a list; without headings, short lines may be some."""
    has_headings = any(block.kind is BlockKind.HEADING for block in blocks)
    numbered = [bool(block.marker) and block.kind is BlockKind.PARAGRAPH for block in blocks]
    made = []
    for at, block in enumerate(blocks):
        if numbered[at]:
            counts = any(numbered[max(0, at - 1) : at]) or any(numbered[at + 1 : at + 2])
            block = replace(block, kind=BlockKind.ITEM) if counts else _restored(block)
        if block.kind is BlockKind.PARAGRAPH and not has_headings and _is_short(block.text):
            block = replace(block, kind=BlockKind.LINE)
        made.append(block)
    return tuple(made)


def _restored(block: Block) -> Block:
    return replace(block, text=block.written, marker="", html=f"{block.marker} {block.html}" if block.html else "")

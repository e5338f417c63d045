"""What an editor changes of an outline: the kind of a part, where it begins and ends, what is left out. Pure.

Each function takes an Outline and the place of a part, from 0, and returns another Outline. No word is added or lost,
except by `set_title`. A part that an editor touched says so in its reason, and no correction made elsewhere changes it.
"""

from collections.abc import Iterable
from dataclasses import replace

from articles.errors import DomainError
from articles.intake.outline import Block, BlockKind, Call, Outline, Part, Role, Taught
from articles.intake.recognize.headings import key_of
from articles.intake.recognize.references import read_reference
from articles.record.vocabulary import Aspect, Purpose, SectionKind, TargetType

BY_HAND = "An editor decided this."
ELSEWHERE = "An editor chose this kind for the same heading in another article."
SUBHEADING = 3  # the level of a heading that is no section's any more


class NotPossible(DomainError):
    """What an editor asked for does not fit the part."""

    code = "not-possible"
    title = "This cannot be done with this part."


def set_kind(outline: Outline, at: int, kind: SectionKind, aspect: Aspect | None = None) -> Outline:
    """The section has this kind; `aspect` counts for prose alone. Lines that become sources are read as such."""
    part = _part(outline, at, Role.SECTION)
    if kind is SectionKind.SOURCES:
        return _with(outline, at, *_sources(part))
    return _with(outline, at, _by_hand(of_kind(part, kind, aspect)))


def merge(outline: Outline, at: int) -> Outline:
    """The section continues the section before it; its heading becomes a subheading."""
    part = _part(outline, at, Role.SECTION)
    before = max((place for place in range(at) if outline.parts[place].role is Role.SECTION), default=None)
    if before is None:
        raise NotPossible("There is no section before this part, so it cannot be merged.")
    first = outline.parts[before]
    joined = _by_hand(replace(first, blocks=(*first.blocks, *_with_heading(part))))
    parts = [*outline.parts[:before], joined, *outline.parts[before + 1 : at], *outline.parts[at + 1 :]]
    return replace(outline, parts=tuple(parts))


def split(outline: Outline, at: int, block: int) -> Outline:
    """A new section begins at this block of the section, with the block as its heading if it is one."""
    part = _part(outline, at, Role.SECTION)
    if not 0 < block < len(part.blocks):
        raise NotPossible("A part can be split between two of its paragraphs only.")
    head, rest = part.blocks[block], part.blocks[block:]
    is_headed = head.kind in (BlockKind.HEADING, BlockKind.LINE) and len(rest) > 1
    second = Part(
        role=Role.SECTION,
        heading=head.text if is_headed else "",
        blocks=rest[1:] if is_headed else rest,
        kind=SectionKind.PROSE,
        aspect=Aspect.OTHER,
        reason=BY_HAND,
        confidence=1.0,
    )
    return _with(outline, at, _by_hand(replace(part, blocks=part.blocks[:block])), second)


def leave_out(outline: Outline, at: int) -> Outline:
    """The part belongs to the page and not to the article."""
    part = _part(outline, at, Role.SECTION, Role.SOURCE, Role.CAPTION)
    blocks = _with_heading(part)
    return _with(outline, at, Part(Role.LEFT_OUT, blocks, BY_HAND, 1.0))


def bring_back(outline: Outline, at: int) -> Outline:
    """What was left out, or taken for a source, is a section of the article."""
    part = _part(outline, at, Role.LEFT_OUT, Role.SOURCE, Role.CAPTION)
    blocks = tuple(replace(each, kind=BlockKind.PARAGRAPH) if each.kind in _PLAIN else each for each in part.blocks)
    section = Part(Role.SECTION, blocks, BY_HAND, 1.0, part.heading, SectionKind.PROSE, Aspect.OTHER)
    return _with(outline, at, section)


_PLAIN = frozenset({BlockKind.FURNITURE, BlockKind.CAPTION, BlockKind.LINE, BlockKind.TITLE})


def set_title(outline: Outline, title: str) -> Outline:
    """The article has this title; an outline without one gets it as its first part."""
    made = Part(Role.TITLE, (Block(BlockKind.TITLE, title),), BY_HAND, 1.0)
    at = next((place for place, part in enumerate(outline.parts) if part.role is Role.TITLE), None)
    if at is None:
        return replace(outline, parts=(made, *outline.parts))
    return outline if outline.parts[at].text == title else _with(outline, at, made)


def correct(outline: Outline, key: str, taught: Taught) -> Outline:
    """Every section under this heading that no editor touched has this kind. `key`: as `key_of` the heading."""
    return replace(outline, parts=tuple(_corrected(part, key, taught) for part in outline.parts))


def is_by_hand(part: Part) -> bool:
    return part.reason == BY_HAND


def of_kind(part: Part, kind: SectionKind, aspect: Aspect | None) -> Part:
    aspect = (aspect or Aspect.OTHER) if kind is SectionKind.PROSE else None
    call = (part.call or Call(Purpose.CONSULTATION, "", TargetType.HTTPS, "")) if kind is SectionKind.CTA else None
    return replace(part, kind=kind, aspect=aspect, call=call)


def _corrected(part: Part, key: str, taught: Taught) -> Part:
    is_same = part.role is Role.SECTION and bool(part.heading) and key_of(part.heading) == key
    if not is_same or is_by_hand(part):
        return part
    return replace(of_kind(part, taught.kind, taught.aspect), reason=ELSEWHERE, confidence=1.0)


def _by_hand(part: Part) -> Part:
    return replace(part, reason=BY_HAND, confidence=1.0)


def _with_heading(part: Part) -> tuple[Block, ...]:
    heading = (Block(BlockKind.HEADING, part.heading, level=SUBHEADING),) if part.heading else ()
    return (*heading, *part.blocks)


def _sources(part: Part) -> Iterable[Part]:
    """Each block is a line of the list; the heading of the list is left out, as the import does it."""
    if part.heading:
        yield Part(Role.LEFT_OUT, (Block(BlockKind.HEADING, part.heading, level=SUBHEADING),), BY_HAND, 1.0)
    for block in part.blocks:
        yield Part(Role.SOURCE, (block,), BY_HAND, 1.0, reference=read_reference(block.text))


def _part(outline: Outline, at: int, *roles: Role) -> Part:
    if not 0 <= at < len(outline.parts) or outline.parts[at].role not in roles:
        raise NotPossible("This part cannot be changed in this way. Reload the page to see the article as it is now.")
    return outline.parts[at]


def _with(outline: Outline, at: int, *parts: Part) -> Outline:
    return replace(outline, parts=(*outline.parts[:at], *parts, *outline.parts[at + 1 :]))

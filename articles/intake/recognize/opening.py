"""Reads the opening of a file: its title, bylines, and the line that describes the picture above the text."""

# ruff: noqa: E501 - tables of patterns: one meaning a line reads better than a wrapped one
import re
from collections.abc import Sequence

from articles.intake.outline import Block, BlockKind, Part, Role
from articles.intake.recognize.furniture import find_furniture
from articles.intake.recognize.headings import normalize

MAX_TITLE_WORDS = 25
MAX_TITLE = 250  # characters
MAX_CAPTION_WORDS = 30
MAX_ALT = 255  # characters

_PICTURE = re.compile(
    r"^(?:an? |the )?(?:\w+ ){0,2}?(?:image|photo(?:graph)?|picture|close[- ]?up|illustration|diagram|portrait|graphic|drawing|screenshot"
    r"|infographic|x-ray|micrograph|microscopic view|view|shot|render(?:ing)?)\b(?: of\b| showing\b| depicting\b|:| with\b| from\b)",
    re.I,
)
_PEOPLE = r"wom[ae]n|m[ae]n|person|people|doctors?|nurses?|patients?|girls?|boys?|child(?:ren)?|couples?|hands?|fingers?|scientists?|pharmacists?"
_THINGS = r"face|hair|scalp|skin|head|back|bottles?|pills?|tablets?|capsules?|syringe|cream|jar|tubes?|molecule|cells?|laboratory|table"
_POSE = re.compile(
    rf"\b(?:{_PEOPLE}|{_THINGS})\b.*\b(?:showing|holding|looking|smiling|sitting|standing|applying|scratching|touching|wearing|walking"
    rf"|examining|pointing|talking|using|lying|sleeping|running|pouring|reading|checking|taking|with|on an?|in an?)\b",
    re.I,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|can|will|may|should|do|does|has|have|how|what|why|when|you|your)\b|[?:]", re.I
)


def find_title(blocks: Sequence[Block]) -> int | None:
    """The position of the title: the first block that is not page furniture; None if that is prose."""
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.TITLE and len(block.text) <= MAX_TITLE:
            return position
        if not find_furniture(block.text, at_opening=True):
            return position if _can_be_title(block) else None
    return None


def _can_be_title(block: Block) -> bool:
    if block.kind is BlockKind.ITEM or len(block.text) > MAX_TITLE or not re.search(r"\w", block.text):
        return False
    words = len(block.text.split())
    return words <= (12 if re.search(r"[.;,!]$", block.text) else MAX_TITLE_WORDS)


def title_part(block: Block) -> Part:
    is_marked = block.kind is BlockKind.TITLE
    reason = "The file marks it as its title." if is_marked else "It is the first line of the file."
    return Part(Role.TITLE, (block,), reason, 0.99 if is_marked else 0.9)


def find_caption(block: Block, following: Block | None) -> Part | None:
    """The part, if the block describes a picture and the text begins after it."""
    if following is None or len(block.text.split()) > MAX_CAPTION_WORDS or len(block.text) > MAX_ALT:
        return None
    if block.kind is BlockKind.CAPTION:
        return Part(Role.CAPTION, (block,), "The file marks it as the caption of its first picture.", 0.95)
    if block.kind is BlockKind.ITEM or block.text.endswith("?"):
        return None
    if _PICTURE.search(block.text):
        return Part(Role.CAPTION, (block,), "It is between title and text, and names a picture.", 0.9)
    if _POSE.search(block.text) and not _FINITE.search(block.text) and not block.text.endswith("."):
        return Part(Role.CAPTION, (block,), "It is between title and text, and describes a scene.", 0.7)
    return None


def repeats(block: Block, title: str) -> bool:
    """Whether a line repeats the title, as pasted pages often do."""
    return bool(title) and block.kind is not BlockKind.PARAGRAPH and normalize(block.text) == normalize(title)

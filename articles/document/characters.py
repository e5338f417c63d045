"""Signs that nobody sees, and that make a text read otherwise than it was typed: refused where readers get it."""

import unicodedata
from collections.abc import Iterable

from articles.errors import NotRepresentable

BIDI_CONTROLS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
WHITE_SPACE = set("\t\n\r")
BREAKS = set("\u2028\u2029")


def unreadable_signs(text: str) -> list[str]:
    """The characters that reorder text, control characters (white space apart) and halves of a character, each once."""
    return sorted(sign for sign in set(text) if _is_unreadable(sign))


def signs_unfit_for_a_line(text: str) -> list[str]:
    """As `unreadable_signs`, and what would begin another line: tabulators and breaks of lines, each once."""
    return sorted({*unreadable_signs(text), *(sign for sign in set(text) if sign in WHITE_SPACE or sign in BREAKS)})


def names_of(signs: Iterable[str]) -> str:
    """“RIGHT-TO-LEFT OVERRIDE, U+0007”, for the message that refuses them."""
    return ", ".join(unicodedata.name(sign, f"U+{ord(sign):04X}") for sign in signs)


def require_readable(text: str) -> None:
    """Raises NotRepresentable, naming what nobody would see."""
    if found := unreadable_signs(text):
        raise NotRepresentable(f"Remove the invisible characters that change how the text reads: {names_of(found)}.")


def _is_unreadable(sign: str) -> bool:
    return sign in BIDI_CONTROLS or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in WHITE_SPACE)

"""How a citation names people and organisations: Family and initials, then "et al". Pure.

Sources: AMA Manual of Style, 11th ed., §3.7; Citing Medicine, 2nd ed., ch. 1.
"""

import re
from typing import Any

from articles.document.citation_fields import join, read

_PARTICLES = set(
    "al bin da das de del den der di do dos du e el ibn la le ten ter van vom von y zu zur".split()
)
_BETWEEN_NAMES = re.compile(r"[\s.\-‐‑]+")
_LONGEST_INITIALS = 4


def format_names(item: dict[str, Any], role: str, *, shown: int) -> str:
    """The people in a role; where there are more than six, the first `shown` and "et al"."""
    names = _names(item, role)
    return ", ".join([*names[:shown], "et al."] if len(names) > 6 else names)


def count_names(item: dict[str, Any], role: str) -> int:
    return len(_names(item, role))


def _names(item: dict[str, Any], role: str) -> list[str]:
    people = item.get(role)
    return [name for person in people if (name := _name(person))] if isinstance(people, list) else []


def _name(person: Any) -> str:
    """{family, given, non-dropping-particle, dropping-particle, suffix} or {literal}, as "van der Meer JWM Jr"."""
    if literal := read(person, "literal"):
        return literal
    family = join(" ", read(person, "non-dropping-particle"), read(person, "family"))
    given = read(person, "given")
    if not family:
        return given
    suffix = read(person, "suffix").strip(",. ")
    return join(" ", family, _initials(given, family), read(person, "dropping-particle"), suffix)


def _initials(given: str, family: str) -> str:
    """ "Jean-Luc A." as JLA, "Anna de" as A de. Scripts without capitals are left as they are."""
    if given.upper() == given.lower():
        return given
    spoken = [
        f" {word} " if word in _PARTICLES else _initial(word, family) for word in _BETWEEN_NAMES.split(given)
    ]
    return " ".join("".join(spoken).split())


def _initial(word: str, family: str) -> str:
    """The first letter; a short word in capitals (MP) is initials already, unless the whole name is shouted."""
    if word.isupper() and len(word) <= _LONGEST_INITIALS and not family.isupper():
        return word
    return next((letter.upper() for letter in word if letter.isalpha()), "")

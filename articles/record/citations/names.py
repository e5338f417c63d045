"""The names of people and organizations in a citation: family name and initials, then "et al". Pure.

Sources: AMA Manual of Style, 11th ed., §3.7; Citing Medicine, 2nd ed., ch. 1.
"""

import re
from typing import Any

from articles.record.citations.fields import join, read

_MOST = 6  # names that are all printed; of more, the first ones and "et al"
_PARTICLES = {
    *("af", "al", "av", "bin", "d’", "d'", "da", "das", "de", "dei", "del", "della", "den", "der", "di", "do", "dos"),
    *("du", "el", "ibn", "la", "las", "le", "los", "te", "ten", "ter", "van", "vom", "von", "y", "zu", "zum", "zur"),
}
_GIVEN_NAME = re.compile(r"[^\s.‐‑-]+\.?")
_LONGEST_INITIALS = 4


def format_names(csl: dict[str, Any], role: str, *, shown: int) -> str:
    """Everyone in the role; of more than six, the first `shown` and "et al"."""
    names = _names(csl, role)
    return ", ".join(names if len(names) <= _MOST else [*names[:shown], "et al."])


def format_editors(csl: dict[str, Any], *, shown: int, one: str, many: str) -> str:
    """The editors with their label: "Smith J, Jones A, eds."."""
    label = many if len(_names(csl, "editor")) > 1 else one
    names = format_names(csl, "editor", shown=shown)
    return f"{names}, {label}" if names else ""


def _names(csl: dict[str, Any], role: str) -> list[str]:
    people = csl.get(role)
    return [name for person in people if (name := _name(person))] if isinstance(people, list) else []


def _name(person: Any) -> str:
    """{family, given, suffix, non-dropping-particle, dropping-particle} or {literal}, as "van Dam JWM Jr"."""
    family = join(" ", read(person, "non-dropping-particle"), read(person, "family"))
    given = read(person, "given")
    if not family:
        return read(person, "literal") or given
    suffix = read(person, "suffix").strip(",. ")
    return join(" ", family, _initials(given, family), read(person, "dropping-particle"), suffix)


def _initials(given: str, family: str) -> str:
    """Jean-Luc A. as JLA, Anna de as A de. Scripts without capitals stay as they are."""
    if given.upper() == given.lower():
        return given
    names = [_initial(name, family) for name in _GIVEN_NAME.findall(given)]
    return " ".join("".join(names).split())


def _initial(name: str, family: str) -> str:
    """The first letter. "Chr." and "MP" are initials already, unless the whole name is in capitals."""
    if name in _PARTICLES:
        return f" {name} "
    are_initials = name.isupper() and len(name) <= _LONGEST_INITIALS and not family.isupper()
    if name.endswith(".") or are_initials:
        return name.rstrip(".")
    return next((letter.upper() for letter in name if letter.isalpha()), "")

"""Is a change material or editorial? Pure, over two signed documents of one kind. Source: design §6.

An allow-list: editorial is white space, punctuation outside numbers, spelling that is surely the same word
(materiality_text.py says how sure), and a repaired link (materiality_rich.py). Everything else is material, whatever
it is: this file compares every value exactly unless it is a text that people read. A change of coded values, order,
structure, sections, pictures, people, offers or citations is material, as is any bibliographic correction but one of
typography or spelling: a digit in a DOI makes it another work.

References that only got other numbers, because their order changed, are editorial: each citation still names the
same source. “Nothing differs” is said of equal documents alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from articles.record.compare.citations import by_source, canonical_value, names_of_works
from articles.record.compare.text import in_order
from articles.record.compare.values import Json, label, section_name
from articles.record.materiality_text import Given
from articles.record.materiality_values import Difference, Values, exactly
from articles.record.materiality_words import parts
from articles.record.vocabulary import ChangeKind


@dataclass(frozen=True)
class Reason:
    """One place that differs, in words: `place` as in differences.Change, `section` its id or "".

    `was` and `now` are the words with some around them; `why` completes “Material, because …” or “Editorial: …”.
    """

    place: str
    section: str
    was: str
    now: str
    why: str


@dataclass(frozen=True)
class Verdict:
    """`kind`: "" where nothing differs, else one of ChangeKind.

    `reasons`: of a material change what made it so (the first forty), of an editorial one all that differs.
    """

    kind: str
    reasons: tuple[Reason, ...] = ()

    @property
    def is_material(self) -> bool:
        return self.kind == ChangeKind.MATERIAL


LISTED = ("sections", "references")
LANGUAGES = ("en", "es", "de")
MANY = 40  # reasons that are told
NOTHING = Verdict("")
RENUMBERED = Reason("References", "", "", "", "the references only got other numbers")
Found = Iterator[tuple[bool, Reason]]  # (is it material, why)


def classify(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Verdict:
    """The verdict on `new` for readers of `old`; None is a first version, which is material.

    The same in both directions. Raises NotRepresentable for what no document can hold.
    """
    if old is None:
        return Verdict(ChangeKind.MATERIAL.value, (Reason("", "", "", "", "nothing was signed before"),))
    was, now = canonical_value(old), canonical_value(new)
    if exactly(was) == exactly(now):
        return NOTHING
    before, after = by_source(was), by_source(now)
    if exactly(before) == exactly(after):
        return Verdict(ChangeKind.EDITORIAL.value, (RENUMBERED,))
    values = Values(names_of_works(was, now), Given(_substances(was, now), _knows_language(was, now)))
    return _verdict(_compared(before, after, values))


def _verdict(found: Found) -> Verdict:
    """Of a great many reasons the first ones: more are no help."""
    editorial: list[Reason] = []
    material: list[Reason] = []
    for is_material, reason in found:
        (material if is_material else editorial).append(reason)
        if len(material) == MANY:
            break
    if editorial and not material:
        return Verdict(ChangeKind.EDITORIAL.value, tuple(editorial))
    return Verdict(ChangeKind.MATERIAL.value, tuple(material) or (Reason("", "", "", "", "the form changed"),))


def _compared(old: Json, new: Json, values: Values) -> Found:
    for key, _ in in_order({**old, **new}):
        if (key in old) != (key in new):
            yield True, Reason(label(key), "", "", "", "a field came or went")
        elif key not in LISTED or not isinstance(old[key], list) or not isinstance(new[key], list):
            yield from _told(label(key), "", values.compare(key, old[key], new[key]))
    yield from _sections(old.get("sections") or [], new.get("sections") or [], values)
    yield from _references(old.get("references") or [], new.get("references") or [], values)


def _sections(old: list[Json], new: list[Json], values: Values) -> Found:
    before, after = _by_id(old, "id"), _by_id(new, "id")
    for key, section in after.items():
        if key not in before:
            yield True, Reason(section_name(section), key, "", section["heading"], "a section was added")
        else:
            told = values.compare_sections(before[key], section)
            yield from _told(section_name(section), key, told)
    for key, section in before.items():
        if key not in after:
            yield True, Reason(section_name(section), "", section["heading"], "", "a section was removed")
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield True, Reason("Sections", "", "", "", "the order of the sections changed")
    if len(before) != len(old) or len(after) != len(new):
        yield True, Reason("Sections", "", "", "", "two sections share an id")


def _references(old: list[Json], new: list[Json], values: Values) -> Found:
    before, after = _by_id(old, "source_id"), _by_id(new, "source_id")
    for key, row in after.items():
        place = f"Reference: {values.names.get(key, key)}"
        if key not in before:
            yield True, Reason(place, "", "", row["text"]["ama"], "a reference was added")
        else:
            yield from _told(place, "", values.compare("reference", before[key], row))
    for key, row in before.items():
        if key not in after:
            place = f"Reference: {values.names.get(key, key)}"
            yield True, Reason(place, "", row["text"]["ama"], "", "a reference was removed")
    if len(before) != len(old) or len(after) != len(new):
        yield True, Reason("References", "", "", "", "a source is listed twice")


def _told(place: str, section: str, differences: Iterator[tuple[str, Difference]]) -> Found:
    for item, each in differences:
        named = f"{place} · {item}" if item else place
        yield each.is_material, Reason(named, section, each.was, each.now, each.why)


def _by_id(rows: list[Json], key: str) -> dict[str, Json]:
    return {row[key]: row for row in rows}


def _substances(*documents: Json) -> frozenset[str]:
    """The words of what the documents name as substances, in small letters."""
    named = [substance["name"] for document in documents for substance in document.get("substances") or []]
    return frozenset(part for name in named for word in name.split() for part in parts(word) if part)


def _knows_language(*documents: Json) -> bool:
    """Parts and components that state no language are taken for one that is known."""
    return all(str(document.get("language") or "en").split("-")[0] in LANGUAGES for document in documents)

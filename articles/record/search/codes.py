"""Codes of terminologies as search compares them, and the names that a terminology has in other standards. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from articles.record.vocabulary import CodeSystem, SectionKind

Json = dict[str, Any]

# Source: HL7 FHIR R5, "Known code systems"; HL7 THO for MeSH, and the namespace of NLM's linked data.
_OTHER_NAMES = {
    CodeSystem.ICD_10_CM: ("http://hl7.org/fhir/sid/icd-10-cm", "2.16.840.1.113883.6.90"),
    CodeSystem.SNOMED_CT: ("http://snomed.info/sct", "2.16.840.1.113883.6.96"),
    CodeSystem.RXNORM: ("http://www.nlm.nih.gov/research/umls/rxnorm", "2.16.840.1.113883.6.88"),
    CodeSystem.LOINC: ("http://loinc.org", "2.16.840.1.113883.6.1"),
    CodeSystem.MESH: ("http://id.nlm.nih.gov/mesh", "https://www.nlm.nih.gov/mesh", "2.16.840.1.113883.6.177"),
}
OID = "urn:oid:"
_SYSTEMS = {name: system.value for system, names in _OTHER_NAMES.items() for name in (system.value, *names)}
# The names of facets: codes of the article, of its substances, of causes; and the categories above any of them.
ARTICLE, SUBSTANCE, CAUSE, ABOVE = "code", "substance-code", "cause-code", "code-above"
WHERE = {ARTICLE: "article", SUBSTANCE: "substance", CAUSE: "cause"}  # what has the code, as answers call it
CATEGORY = 3  # characters of a category of ICD-10-CM; its subcodes have a dot behind them


def system_of(name: str) -> str | None:
    """Our name of a terminology, from ours, its URI in FHIR, or its OID; in any case, with or without a last slash."""
    return _SYSTEMS.get(name.strip().lower().removeprefix(OID).rstrip("/"))


def urn(system: str) -> str | None:
    """`urn:oid:2.16.840.1.113883.6.90`. Source: RFC 3061; HL7 OID registry."""
    names = _OTHER_NAMES.get(CodeSystem(system)) if system in CodeSystem.values else None
    return f"{OID}{names[-1]}" if names else None


def one_form(system: str, code: str) -> str:
    """`icd-10-cm|L65.9`: without regard to case, and for ICD-10-CM to the dot."""
    folded = code.strip().upper()
    if system == CodeSystem.ICD_10_CM:
        plain = folded.replace(".", "")
        folded = f"{plain[:CATEGORY]}.{plain[CATEGORY:]}" if len(plain) > CATEGORY else plain
    return f"{system}|{folded}"


def above(code: str) -> list[str]:
    """The categories of ICD-10-CM that a code in its one form belongs to, the nearest first: L65.9 belongs to L65."""
    system, _, said = code.partition("|")
    if system != CodeSystem.ICD_10_CM or not re.fullmatch(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?", said):
        return []
    shorter = (said[:length].rstrip(".") for length in range(len(said) - 1, CATEGORY - 1, -1))
    return [f"{system}|{each}" for each in dict.fromkeys(shorter) if each != said]


def found_by(code: str) -> list[tuple[str, str]]:
    """(name of the facet, code) of what a code finds: what is on it, on a category above it, and on a code below it."""
    return [*((name, each) for name in WHERE for each in (code, *above(code))), (ABOVE, code)]


def facets(medical: Json) -> dict[tuple[str, str], str]:
    """{(name of the facet, code in its one form): its words, if any} of everything that a medical part is about."""
    found = {(name, one_form(row["system"], row["code"])): said for name, row, said in _coded(medical)}
    return {(ABOVE, category): "" for _, code in found for category in above(code)} | found


def matched(known: Iterable[tuple[str, str]], asked: Sequence[str]) -> list[Json]:
    """Which of the facets of an article the codes find, and how, the nearest first."""
    rows = [
        (*min(relations), [*WHERE].index(name), value)
        for name, value in known
        if name in WHERE and (relations := list(filter(None, (_relation(value, each) for each in asked))))
    ]
    return [_match(how, [*WHERE.values()][place], value) for _, how, place, value in sorted(rows)]


def _relation(code: str, asked: str) -> tuple[int, str] | None:
    """(steps between them, what the code is to the one that was asked for); None if neither is above the other."""
    for how, lower, upper in (("narrower", code, asked), ("broader", asked, code)):
        if upper in (upwards := [lower, *above(lower)]):
            steps = upwards.index(upper)
            return steps, how if steps else "exact"
    return None


def _match(how: str, where: str, value: str) -> Json:
    system, _, code = value.partition("|")
    return {"code": code, "system": system, "where": where, "how": how}


def _coded(medical: Json) -> Iterator[tuple[str, Json, str]]:
    yield from ((ARTICLE, row, row["display"]) for row in _complete(medical["codes"]))
    yield from ((SUBSTANCE, row, row["name"]) for row in _complete(medical["substances"]))
    for section in medical["sections"]:
        if section["kind"] == SectionKind.CAUSES:
            yield from ((CAUSE, row, row["display"]) for item in section["items"] for row in _complete(item["codes"]))


def _complete(rows: Iterable[Json]) -> Iterator[Json]:
    return (row for row in rows if row.get("system") and row.get("code"))

"""Does a claim say more than what carries it? Its words, its kind of study, and its quote."""

import re
from collections.abc import Iterator

from articles.checks import places
from articles.checks.finding import Finding, Severity
from articles.document.draft import Draft, SourceData
from articles.record.vocabulary import Certainty, SectionKind, SourceStatus, StudyDesign, Subjects, Support

NOT_IN_PEOPLE = {StudyDesign.ANIMAL: "animals", StudyDesign.IN_VITRO: "cells or tissue"}
SAYS_SO = re.compile(
    r"\b(?:animals?|mouse|mice|rats?|rodents?|rabbits?|dogs?|pigs?|monkeys?|primates|zebrafish|in vitro|"
    r"laborator\w+|test tubes?|petri|cell (?:lines?|cultures?)|cultured|in cells|"
    r"Tier\w*|Maus|Mäusen?|Ratten?|Labor\w*|Zellkultur\w*|animales|rat[óo]n(?:es)?|ratas?|cultivos?)\b",
    re.IGNORECASE,
)

# What each certainty allows, and what is stronger. English only.
ALLOWED = {
    Certainty.MODERATE: "probably",
    Certainty.LOW: "may",
    Certainty.VERY_LOW: "it is very uncertain whether",
}
SURE = r"prove[sdn]?|proof that|definite(?:ly)?|certainly|undoubtedly|without (?:a )?doubt|conclusive(?:ly)?|always"
WORKS = (
    r"(?:reduces|increases|improves|prevents|lowers|raises|relieves|helps|works|slows|stops|protects|causes|shortens|"
    r"prolongs|leads to|results in|(?:is|are) (?:very |highly )?effective)|"
    r"(?<!\bto )(?:reduce|improve|prevent|relieve|protect|shorten|prolong)|will"
)
STRONGER = {
    Certainty.MODERATE: re.compile(rf"\b(?:{SURE})\b", re.IGNORECASE),
    Certainty.LOW: re.compile(rf"\b(?:{SURE}|{WORKS})\b", re.IGNORECASE),
}
HEDGED = re.compile(
    r"\b(?:may|might|could|can|perhaps|possibl[ey]|probably|likely|seems?|appears?|suggest\w*|whether|if|unclear|unsure|"
    r"unknown|uncertain\w*|unproven|cannot|no|not|never|nothing|nobody|without (?!a doubt|doubt)|little|few|limited|"
    r"\w+n['’]t)\b",
    re.IGNORECASE,
)


def direct_support_without_quote(draft: Draft) -> Iterator[Finding]:
    """A finding that sources support directly, and none by its own words: the reviewer has to search for the sentence.
    Source: design, section 4 (evidence: locator and quote); PIF TICK 4 (evidence)."""
    direct = list(_direct(draft, SectionKind.EVIDENCE, "findings"))
    quoted = {row.path for row, citation, _ in direct if citation.quote}
    unquoted = {found[0].path: found for found in reversed(direct) if found[0].path not in quoted}
    for row, citation, source in unquoted.values():
        message = (
            f"Quote the sentence of “{places.shortened(source.title)}” that supports {row.name}, so that the reviewer "
            "sees it beside the claim."
        )
        yield Finding(Severity.ADVICE, f"{citation.path}/quote", message)


def support_not_stated(draft: Draft) -> Iterator[Finding]:
    """A citation for which nobody chose how its source supports the text; readers are told that it is not stated.
    Source: design, section 5 (support is absent until somebody chooses it)."""
    standing = {key: source for key, source in draft.sources.items() if source.status != SourceStatus.RETRACTED}
    asked: dict[str, list[tuple[places.Citation, int]]] = {}
    for citation in places.citations(draft):
        for key in () if citation.support else citation.sources:
            if key in standing:
                asked.setdefault(citation.path.split("/")[1], []).append((citation, key))
    for (first, key), *others in asked.values():
        title = places.shortened(standing[key].title)
        also = f" {len(others)} more of this section wait for that, too." if others else ""
        message = (
            f"Click the citation of “{title}” in {first.name}, and choose whether it supports the text directly, "
            f"indirectly, or is background.{also}"
        )
        yield Finding(Severity.WARNING, first.path, message)


def direct_support_not_in_people(draft: Draft) -> Iterator[Finding]:
    """A finding about people, or a side effect, that rests directly on a study of animals or cells without saying so.
    Source: GRADE handbook, section 5.2 (indirectness of evidence)."""
    findings = (found for found in _direct(draft, SectionKind.EVIDENCE, "findings") if _is_about_people(found[0]))
    for row, citation, source in (*findings, *_direct(draft, SectionKind.RISKS, "effects")):
        studied = next((words for design, words in NOT_IN_PEOPLE.items() if source.design == design), "")
        said = " ".join(places.as_text(row.value.get(name)) for name in ("statement", "population", "name"))
        if studied and not SAYS_SO.search(said):
            message = (
                f"Choose “indirect” for “{places.shortened(source.title)}” in {row.name}, or say there that it was "
                f"found in {studied}: it is no study of people."
            )
            yield Finding(Severity.BLOCKING, f"{citation.path}/support", message)


def wording_stronger_than_certainty(draft: Draft) -> Iterator[Finding]:
    """“Reduces” or “proven” where the certainty allows “may” or “probably”. English only.
    Source: Cochrane Handbook 6, table 15.6.b; GRADE guidelines 26 (Santesso 2020): words for each certainty."""
    for row in places.claims(draft, "evidence", "findings") if draft.locale.startswith("en") else ():
        certainty, said = places.as_text(row.value.get("certainty")), places.as_text(row.value.get("statement"))
        stronger = STRONGER.get(Certainty.LOW if certainty == Certainty.VERY_LOW else certainty)  # type: ignore[call-overload]
        if stronger and (found := stronger.search(said)) and not HEDGED.search(said):
            message = (
                f"Weaken “{found[0]}” in {row.name}, for example to “{ALLOWED[Certainty(certainty)]}”: its certainty "
                f"is {certainty.replace('-', ' ')}."
            )
            yield Finding(Severity.WARNING, f"{row.path}/statement", message)


def _direct(draft: Draft, kind: str, name: str) -> Iterator[tuple[places.Place, places.Citation, SourceData]]:
    """The claims of a list with each source that supports them directly."""
    for row in places.claims(draft, kind, name):
        for citation in places.citations_of(row):
            for key in citation.sources:
                if citation.support == Support.DIRECT and key in draft.sources:
                    yield row, citation, draft.sources[key]


def _is_about_people(row: places.Place) -> bool:
    return places.as_text(row.value.get("subjects")) in ("", Subjects.PEOPLE)


CHECKS = (
    direct_support_without_quote,
    support_not_stated,
    direct_support_not_in_people,
    wording_stronger_than_certainty,
)

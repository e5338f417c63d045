"""Finds what a text is about from cues in the prose, for headings that say nothing known. Pure."""

# ruff: noqa: E501 - tables of patterns: one meaning a line reads better than a wrapped one
import re

from articles.intake.recognize.signals import (
    CAUSES,
    DIAGNOSIS,
    DOSAGE,
    EVIDENCE,
    INTRODUCTION,
    LIVING_WITH,
    MECHANISM,
    PREVENTION,
    PROGNOSIS,
    RISKS,
    SEEK_HELP,
    SYMPTOMS,
    TREATMENT,
    Meaning,
)  # fmt: skip

ENOUGH = 2  # cues that must agree
PER_WORDS = 60  # one cue in so many words is dense

_TABLE: dict[Meaning, str] = {
    CAUSES: r"\bcaus(?:es?|ed) by\b|\bis caused\b|\bcan (?:cause|trigger|lead to)\b|\brisk factors?\b|\bmutations?\b|\binherited\b|\bdue to\b"
            r"|\bresults? from\b|\btriggers?\b|\bcontagious\b|\bspreads? (?:from|through|by)\b",
    MECHANISM: r"\binhibits?\b|\bblocks?\b|\bbinds?\b|\bactivates?\b|\breceptors?\b|\bpathways?\b|\benzymes?\b|\bworks? by\b|\bproteins?\b"
               r"|\bsignal(?:s|ling|ing)\b|\bregulates?\b|\bmetaboli[sz]ed\b|\bhalf-life\b",
    EVIDENCE: r"\bstud(?:y|ies)\b|\btrials?\b|\bresearchers?\b|\bplacebo\b|\brandomi[sz]ed\b|\bparticipants\b|\bmeta-analys[ei]s\b|\bevidence\b"
              r"|\b\d+ ?% effective\b|\befficacy\b|\bfound that\b|\bsignificant(?:ly)?\b",
    RISKS: r"\bside effects?\b|\badverse\b|\brisks? of\b|\ballerg(?:y|ic)\b|\bnot (?:suitable|recommended|safe)\b|\bpregnan(?:t|cy)\b"
           r"|\bbreast-?feeding\b|\binteract\w*|\bcomplications?\b|\bdo not (?:take|use)\b|\bshould not (?:take|use|be)\b|\bserious\b",
    SEEK_HELP: r"\bcall (?:999|911|112|111)\b|\bsee (?:a|your) (?:gp|doctor)\b|\burgent\b|\bemergency\b|\bA&E\b|\bstraight away\b"
               r"|\b(?:contact|call|see|talk to) (?:a|your) (?:doctor|gp|provider|nurse)\b|\bright away\b|\bimmediate(?:ly)?\b",
    SYMPTOMS: r"\bsymptoms?\b|\bsigns\b|\bpain\b|\bitch(?:y|ing)\b|\bswelling\b|\bfever\b|\brash\b|\bfatigue\b|\bfeel(?:ing)?\b|\bnausea\b",
    DIAGNOSIS: r"\bdiagnos\w+|\bblood tests?\b|\bbiops\w+|\bphysical exam\w*|\bX-?rays?\b|\bMRI\b|\bCT scan\b|\bultrasound\b|\bmedical history\b"
               r"|\btest(?:s|ed|ing)? (?:for|to)\b",
    TREATMENT: r"\btreat(?:s|ed|ment|ments|ing)\b|\btherap(?:y|ies)\b|\bmedicines?\b|\bmedications?\b|\bsurgery\b|\bantibiotics?\b|\bcreams?\b"
               r"|\bprescribed?\b|\brelieve\b",
    DOSAGE: r"\b\d+(?:\.\d+)? ?(?:mg|mcg|µg|ml|micrograms?|milligrams?|units|IU)\b|\bdos(?:e|es|age)\b|\b(?:once|twice|three times|times) (?:a|per) "
            r"day\b|\btablets?\b|\bcapsules?\b|\bevery \d+ hours\b",
    PREVENTION: r"\bprevent\w*|\bavoid(?:ing)?\b|\breduc\w+ (?:your|the) risk\b|\bprotect\w*|\bvaccin\w+|\bwash\w* (?:your )?hands\b",
    PROGNOSIS: r"\boutlook\b|\bprognosis\b|\brecover\w*|\bsurvival\b|\blife expectancy\b|\bgets? (?:better|worse)\b|\bweeks or months\b",
    LIVING_WITH: r"\bsupport groups?\b|\bcop(?:e|ing)\b|\bdaily (?:life|activities)\b|\bdiet\b|\bexercise\b|\bquality of life\b|\bfriends and family\b",
    INTRODUCTION: r"\bis a (?:type|kind|form|condition|disease|disorder|medicine|drug|group|rare)\b|\bis an? \w+ (?:disease|disorder|condition|medicine)\b",
}  # fmt: skip
CUES = {meaning: re.compile(pattern, re.I) for meaning, pattern in _TABLE.items()}


def read_body(text: str) -> tuple[tuple[Meaning, float], ...]:
    """Meanings with the density of their cues (1.0 is dense), best first; only those with enough different cues."""
    words = max(len(text.split()), PER_WORDS)
    found = {meaning: [match[0].lower() for match in cue.finditer(text)] for meaning, cue in CUES.items()}
    dense = [(meaning, len(hits) * PER_WORDS / words) for meaning, hits in found.items() if len(set(hits)) >= ENOUGH]
    return tuple(sorted(dense, key=lambda pair: -pair[1]))

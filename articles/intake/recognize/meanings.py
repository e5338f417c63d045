"""What a section can be: its kind, with its aspect where it is prose, and the words for it in a reason."""

from dataclasses import dataclass

from articles.record.vocabulary import Aspect, SectionKind


@dataclass(frozen=True)
class Meaning:
    """A kind of section, with its aspect if it is prose, and how a reason names it."""

    kind: SectionKind
    aspect: Aspect | None
    subject: str

    @property
    def label(self) -> str:
        """Its name in the teaching corpus and in the model."""
        return str(self.aspect or self.kind)


def _meaning(kind: SectionKind, subject: str) -> Meaning:
    return Meaning(kind, None, subject)


def _prose(aspect: Aspect, subject: str) -> Meaning:
    return Meaning(SectionKind.PROSE, aspect, subject)


INTRODUCTION = _meaning(SectionKind.INTRODUCTION, "the topic as a whole")
CAUSES = _meaning(SectionKind.CAUSES, "what causes it")
MECHANISM = _meaning(SectionKind.MECHANISM, "how it works in the body")
EVIDENCE = _meaning(SectionKind.EVIDENCE, "whether it works, or what research found")
RISKS = _meaning(SectionKind.RISKS, "harm, safety, or who should not have it")
SEEK_HELP = _meaning(SectionKind.SEEK_HELP, "when to get medical help")
FAQ = _meaning(SectionKind.FAQ, "questions and answers")
CONCLUSION = _meaning(SectionKind.CONCLUSION, "what to conclude")
CTA = _meaning(SectionKind.CTA, "a service to turn to")
SYMPTOMS = _prose(Aspect.SYMPTOMS, "signs and symptoms")
DIAGNOSIS = _prose(Aspect.DIAGNOSIS, "how it is found and assessed")
TREATMENT = _prose(Aspect.TREATMENT, "how it is treated or used")
DOSAGE = _prose(Aspect.DOSAGE, "how much and how often")
PREVENTION = _prose(Aspect.PREVENTION, "how to prevent it")
PREPARATION = _prose(Aspect.PREPARATION, "how to prepare")
RESULTS = _prose(Aspect.RESULTS, "what the results mean")
LIVING_WITH = _prose(Aspect.LIVING_WITH, "living with it")
PROGNOSIS = _prose(Aspect.PROGNOSIS, "the outlook")
RESEARCH = _prose(Aspect.RESEARCH, "what is being studied")
OTHER = _prose(Aspect.OTHER, "something that no other kind covers")

MEANINGS = {
    meaning.label: meaning
    for meaning in (
        INTRODUCTION,
        CAUSES,
        MECHANISM,
        EVIDENCE,
        RISKS,
        SEEK_HELP,
        CTA,
        FAQ,
        CONCLUSION,
        SYMPTOMS,
        DIAGNOSIS,
        TREATMENT,
        DOSAGE,
        PREVENTION,
        PREPARATION,
        RESULTS,
        LIVING_WITH,
        PROGNOSIS,
        RESEARCH,
        OTHER,
    )
}

"""Labels for signed fields and coded values, from the vocabulary. Pure."""

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices

from articles.record import vocabulary
from articles.record.documents import ITEM_NAMES

Json = dict[str, Any]
Names = Mapping[str, str]

DIGITS = 12  # of a file's digest, enough to tell two pictures apart
# The words by which an item is known; the first that it has.
NAMED_BY = ("name", "statement", "question", "group")

CHOICES: dict[str, type[TextChoices]] = {
    "article_type": vocabulary.ArticleType,
    "audience": vocabulary.Audience,
    "use": vocabulary.AiUse,
    "system": vocabulary.CodeSystem,
    "status": vocabulary.RegulatoryStatus,
    "statuses": vocabulary.RegulatoryStatus,
    "importance": vocabulary.Importance,
    "aspect": vocabulary.Aspect,
    "action": vocabulary.MechanismAction,
    "subjects": vocabulary.Subjects,
    "certainty": vocabulary.Certainty,
    "certainty_basis": vocabulary.CertaintyBasis,
    "frequency": vocabulary.Frequency,
    "severity": vocabulary.Severity,
    "route": vocabulary.Route,
    "purpose": vocabulary.Purpose,
    "purposes": vocabulary.Purpose,
    "type": vocabulary.TargetType,
    "design": vocabulary.StudyDesign,
}
LEVELS = {choice.value: str(choice.label) for choice in (*vocabulary.CautionLevel, *vocabulary.HelpLevel)}
SUPPORT = {"direct": "directly", "indirect": "indirectly", "background": "as background"}

# Before a value that does not say by itself what it is.
LABELS = {
    "synonyms": "Other names",
    "article_type": "Type of article",
    "use": "Use of AI",
    "tool": "AI tool",
    "aspect": "About",
    "importance": "Importance",
    "subjects": "Studied in",
    "population": "Who",
    "sample_size": "How many",
    "effect": "Effect",
    "comparator": "Compared with",
    "absolute": "In numbers",
    "certainty_basis": "Certainty based on",
    "severity": "Severity",
    "design": "Study design",
    "alt": "In words",
    "decorative": "Decorative (screen readers skip it)",
    "sha256": "Picture file",
    "caption": "Caption",
    "credit": "Credit",
    "focal_point": "Focal point (from the left and the top)",
    "header_row": "The first row is a header",
    "header_column": "The first column is a header",
    "purposes": "Offers that may stand here",
    "is_prescription": "For a prescription medicine",
    "target": "Leads to",
    "value": "Address",
    "scope": "May stand beside",
    "statuses": "Beside substances that are",
    "markets": "In the markets",
    "disclosure": "Disclosure",
    "pmid": "PubMed",
    "doi": "DOI",
    "url": "Web address",
    "authors": "Byline",
    "hero": "Hero image",
    "seo": "Search engines and social networks",
    "related": "Related articles",
    "offers": "Offers in the slots",
}
# Values that are sentences by themselves, or that stand behind their item's name.
UNLABELLED = {
    *NAMED_BY,
    "heading",
    "text",
    "advice",
    "outcome",
    "answer",
    "action",
    "level",
    "frequency",
    "route",
    "certainty",
}


def label(key: str) -> str:
    return LABELS.get(key, key.replace("_", " ").capitalize())


def word(key: str, value: Any, names: Names) -> str:
    """A single value: a label of the vocabulary, a name for an id, yes or no, or the value itself."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if key == "sha256":
        return text.removeprefix("sha-256:")[:DIGITS]
    if key == "level":
        return LEVELS.get(text, text)
    if key in CHOICES and text in CHOICES[key].values:
        return str(CHOICES[key](text).label)
    return names.get(text, text)


def is_coded(key: str, value: Any) -> bool:
    """Whether the value comes from a closed list, and so changes as a whole."""
    return isinstance(value, bool | int) or (key == "level" and value in LEVELS) or _is_choice(key, value)


def _is_choice(key: str, value: Any) -> bool:
    return key in CHOICES and value in CHOICES[key].values


def section_name(section: Mapping[str, Any]) -> str:
    """“Risks: Side effects of tablets”."""
    kinds = vocabulary.SectionKind
    kind = str(kinds(section["kind"]).label) if section["kind"] in kinds.values else str(section["kind"])
    return f"{kind}: {section['heading']}" if section["heading"] else kind


def item_name(kind: str, key: str, item: Any) -> str:
    """“Side effect: Mouth ulcers”; "" for what has no name."""
    what = ITEM_NAMES.get(kind, {}).get(key, "").capitalize()
    if isinstance(item, str):
        return f"{what}: {item}" if what else ""
    if not what or not isinstance(item, dict):
        return ""
    if key == "steps":
        return f"{what}: {word('action', item.get('action') or 'other', {})} {item.get('target') or ''}".strip()
    named = next((str(item[key]) for key in NAMED_BY if item.get(key)), "")
    return f"{what}: {named}" if named else what

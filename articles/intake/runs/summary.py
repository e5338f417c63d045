"""What lists show and sort by: title, sections, the lowest confidence, doses and substances, and the headings."""

import re
from collections.abc import Iterator

from articles.intake.models import ImportedArticle, ImportedHeading
from articles.intake.outline import Outline, Part
from articles.intake.outline_json import outline_json
from articles.intake.recognize.headings import key_of
from articles.intake.runs.editing import is_by_hand
from articles.intake.states import WRITTEN, ArticleState
from articles.record.vocabulary import SectionKind

# A number with a unit in which medicines are measured, in the spellings of the languages that are imported.
DOSE = re.compile(
    r"\d[\d.,\u202f\u00a0 ]*(?:mg|µg|μg|mcg|ng|g|kg|ml|mL|dl|dL|l|IU|IE|UI|U|mmol|µmol|mol|%)(?:/\w+)?(?!\w)"
    r"|\b(?i:dos(?:e|es|age|is|ierung|ing)|posolog\w+|overdose|tablets?|tabletten?|comprim\w+|capsules?)\b",
)
# Stems of international nonproprietary names. Source: WHO, "The use of stems in the selection of INN" (2018).
SUBSTANCE = re.compile(
    r"\b\w{2,}(?:azepam|azolam|caine|cain|cillin\w?|conazol\w?|coxib|cyclin\w?|dipin\w?|floxacin|fibrat\w?|gliptin\w?"
    r"|gliflozin|glutid\w?|mab|micin|mycin\w?|nib|olol|oxetin\w?|parin|prazol\w?|pril|profen|sartan|setron|statin\w?"
    r"|terol|tidin\w?|triptan|vir|vudin\w?|zolamid\w?|barbital|cort|metason\w?|solon\w?|sone|rolimus|limus|amycin)\b"
    r"|\b(?:aspirin|paracetamol|acetaminophen|ibuprofen|metformin|insulin|lithium|warfarin|morphine?|codeine?|methotrexat\w?"
    r"|digoxin|levothyrox\w+|prednison\w?|cortison\w?|melatonin\w?|minoxidil|finasterid\w?|isotretinoin\w?)\b",
    re.I,
)
MOST = 255
CAP = 20  # mentions that count: a list of twenty doses is as dangerous as one of fifty


def describe(article: ImportedArticle, outline: Outline) -> None:
    """Write what lists show into the row, unsaved."""
    text = "\n".join(f"{part.heading}\n{part.text}" for part in outline.sections)
    article.title = outline.title[:MOST] or article.title
    article.sections = len(outline.sections)
    article.lowest = min((part.confidence for part in outline.sections), default=0.0)
    article.doses = len(DOSE.findall(text))
    article.substances = len({found.casefold() for found in SUBSTANCE.findall(text)})
    article.risk = risk_of(article.doses, article.substances, article.lowest)


def risk_of(doses: int, substances: int, lowest: float) -> float:
    """Higher is to be looked at first: doses and substances weigh most, then how unsure the import was."""
    return 2.0 * min(doses, CAP) + 1.0 * min(substances, CAP) + 10.0 * (1.0 - lowest)


def save_outline(article: ImportedArticle, outline: Outline) -> None:
    """What an editor, or a correction elsewhere, made of the outline; in one transaction of the caller."""
    article.edited = outline_json(outline)
    describe(article, outline)
    if article.state in WRITTEN:
        article.state = ArticleState.STALE
    article.save(update_fields=["edited", "title", "sections", "lowest", "doses", "substances", "risk", "state"])
    article.headings.all().delete()
    note_headings(article, outline)


def note_headings(article: ImportedArticle, outline: Outline) -> None:
    ImportedHeading.objects.bulk_create(_headings(article, outline.sections))


def _headings(article: ImportedArticle, parts: tuple[Part, ...]) -> Iterator[ImportedHeading]:
    for part in parts:
        if part.heading and (key := key_of(part.heading)[:MOST]):
            yield ImportedHeading(
                article=article,
                key=key,
                text=part.heading[:MOST],
                kind=part.kind or SectionKind.PROSE,
                aspect=part.aspect or "",
                confidence=part.confidence,
                is_by_hand=is_by_hand(part),
            )

"""What an editor does to one article of a run, and what follows for the others: a kind is corrected once.

Correcting the kind under a heading corrects it under the same heading in all articles of the run in that language, but
where an editor changed that very part; and it is remembered, so that later imports read the heading so.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import reduce
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from articles.errors import ContentChanged
from articles.intake.models import ImportedArticle, ImportedHeading, ImportRun, TaughtHeading
from articles.intake.outline import Outline, Role, Taught
from articles.intake.outline_json import digest, outline_json, read_blocks, read_outline
from articles.intake.recognize import classify
from articles.intake.recognize.headings import key_of
from articles.intake.runs import editing
from articles.intake.runs.reading import taught_in
from articles.intake.runs.summary import MOST, save_outline
from articles.record.vocabulary import Aspect, SectionKind

Edit = Callable[[Outline], Outline]


class Heading(NamedTuple):
    """As `key_of` the heading, in one language."""

    key: str
    language: str


# Kinds that hang on the words of one article: a heading does not teach them.
NOT_TAUGHT = (SectionKind.CTA, SectionKind.SOURCES)
CHANGED = "Somebody changed this article while you were reading it. This is how it is now; make your change again."


@transaction.atomic
def edit(*, article: int, shown: str, change: Edit) -> ImportedArticle:
    """Change the outline. `shown`: the digest of the outline that the editor saw.

    Raises ContentChanged and NotPossible.
    """
    row = _locked(article)
    if shown != digest(row.shown):
        raise ContentChanged(CHANGED)
    save_outline(row, change(read_outline(row.shown)))
    return row


@transaction.atomic
def correct_kind(
    *, article: int, shown: str, at: int, kind: SectionKind, aspect: Aspect | None, by: AbstractBaseUser
) -> int:
    """Correct the kind of a part, here and under the same heading in the run. Returns how many others changed."""
    row = edit(article=article, shown=shown, change=lambda outline: editing.set_kind(outline, at, kind, aspect))
    heading = heading_at(read_outline(row.shown), at)
    if not heading or kind in NOT_TAUGHT:
        return 0
    named = Heading(heading[:MOST], row.language)
    return correct_heading(run=row.run, heading=named, given=taught_of(kind, aspect), by=by)


@transaction.atomic
def correct_heading(*, run: ImportRun, heading: Heading, given: Taught, by: AbstractBaseUser) -> int:
    """Teach the heading, and correct it in every article of the run. Returns how many sections changed."""
    return correct_headings(run=run, given={heading: given}, by=by)


@transaction.atomic
def correct_headings(*, run: ImportRun, given: Mapping[Heading, Taught], by: AbstractBaseUser) -> int:
    """Several at once; each article is written once. Returns how many sections changed."""
    changes: dict[int, list[tuple[str, Taught]]] = defaultdict(list)
    count = 0
    for heading, taught in given.items():
        said = {"kind": taught.kind, "aspect": taught.aspect or "", "by_id": by.pk}
        TaughtHeading.objects.update_or_create(key=heading.key, language=heading.language, defaults=said)
        found = sections_under(run, heading).exclude(kind=taught.kind, aspect=taught.aspect or "")
        for article in found.values_list("article", flat=True):
            count += 1
            changes[article].append((heading.key, taught))
    for article, wanted in changes.items():
        row = _locked(article)
        save_outline(
            row, reduce(lambda outline, each: editing.correct(outline, *each), wanted, read_outline(row.shown))
        )
    return count


def sections_under(run: ImportRun, heading: Heading) -> QuerySet[ImportedHeading]:
    """The sections of the run under this heading that no editor touched."""
    rows = ImportedHeading.objects.filter(article__run=run, article__language=heading.language, key=heading.key)
    return rows.filter(is_by_hand=False)


@transaction.atomic
def set_language(*, article: int, language: str) -> ImportedArticle:
    """The article is in this language: it is read again in it, unless an editor has changed the outline already."""
    row = ImportedArticle.objects.select_for_update(of=("self",)).select_related("run").get(pk=article)
    row.language = language
    row.save(update_fields=["language"])
    if row.edited is None and row.outline is not None:
        read = classify.outline(read_blocks(row.blocks), language=language, taught=taught_in(language))
        row.outline = outline_json(read)
        row.save(update_fields=["outline"])
        save_outline(row, read)
        ImportedArticle.objects.filter(pk=row.pk).update(edited=None)
    return row


def taught_of(kind: SectionKind, aspect: Aspect | None) -> Taught:
    """An aspect counts for prose alone."""
    return Taught(kind, (aspect or Aspect.OTHER) if kind is SectionKind.PROSE else None)


def heading_at(outline: Outline, at: int) -> str:
    """The key of the section's heading; "" if it has none."""
    part = outline.parts[at] if at < len(outline.parts) else None
    return key_of(part.heading) if part is not None and part.role is Role.SECTION and part.heading else ""


def _locked(key: int) -> ImportedArticle:
    rows = ImportedArticle.objects.select_for_update(of=("self",)).select_related("run").defer("original", "blocks")
    return rows.get(pk=key)

"""What an editor does to one article of a run, and what follows for the others: a kind is corrected once.

Correcting the kind under a heading corrects it under the same heading in all articles of the run in that language, but
where an editor changed that very part; and it is remembered, so that later imports read the heading so.
"""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles.errors import ContentChanged
from articles.intake.models import ImportedArticle, ImportedHeading, ImportRun, TaughtHeading
from articles.intake.outline import Outline, Role
from articles.intake.recognize.headings import key_of
from articles.intake.runs import editing
from articles.intake.runs.outline_json import digest, read_outline
from articles.intake.runs.summary import MOST, save_outline
from articles.record.vocabulary import Aspect, SectionKind

Edit = Callable[[Outline], Outline]

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
    return correct_heading(run=row.run, key=heading, language=row.language, kind=kind, aspect=aspect, by=by)


@transaction.atomic
def correct_heading(
    *, run: ImportRun, key: str, language: str, kind: SectionKind, aspect: Aspect | None, by: AbstractBaseUser
) -> int:
    """Teach the heading, and correct it in every article of the run. Returns how many sections changed."""
    aspect = (aspect or Aspect.OTHER) if kind is SectionKind.PROSE else None
    said = {"kind": kind, "aspect": aspect or "", "by": by}
    TaughtHeading.objects.update_or_create(key=key[:MOST], language=language, defaults=said)
    others = ImportedHeading.objects.filter(article__run=run, article__language=language, key=key[:MOST])
    others = others.filter(is_by_hand=False).exclude(kind=kind, aspect=aspect or "")
    keys, count = set(others.values_list("article", flat=True)), others.count()
    for other in keys:
        row = _locked(other)
        save_outline(row, editing.correct(read_outline(row.shown), key, kind, aspect))
    return count


def heading_at(outline: Outline, at: int) -> str:
    """The key of the section's heading; "" if it has none."""
    part = outline.parts[at] if at < len(outline.parts) else None
    return key_of(part.heading) if part is not None and part.role is Role.SECTION and part.heading else ""


def _locked(key: int) -> ImportedArticle:
    rows = ImportedArticle.objects.select_for_update(of=("self",)).select_related("run").defer("original", "blocks")
    return rows.get(pk=key)

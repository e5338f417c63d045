"""Merges two records of one work.

The record that goes stays as a pointer: every draft that names it prints the one that is kept, without being saved for
that. Published texts keep what was signed, under the id that was signed; what becomes of the work reaches them too,
since the records that were merged into one have its status (`Source.save`).
"""

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from wagtail.log_actions import LogContext, log

from articles.authoring.permissions import MAY_MERGE, require_permission
from articles.errors import DomainError
from articles.record.vocabulary import SourceStatus
from articles.sources.duplicates import LABELS
from articles.sources.models import Source
from articles.sources.watch import gravest


class CannotMerge(DomainError):
    """A record cannot be merged into itself, nor twice; only what was merged can be separated."""

    code = "cannot-merge"
    title = "The records were not merged."


def merge(source: Source, *, into: Source, by: User | None) -> None:
    """From now on, drafts that cite `source` cite `into`, which gets the identifiers that it lacks, and the graver
    status of the two.

    Raises NotPermitted, CannotMerge.
    """
    require_permission(by, MAY_MERGE)
    with transaction.atomic(), LogContext(user=by):
        rows = Source.objects.select_for_update().order_by("pk").in_bulk([source.pk, into.pk])
        gone, kept = rows[source.pk], rows[into.pk]
        if gone == kept:
            raise CannotMerge("Choose another record: this is the same one.")
        if merged := next((row for row in (gone, kept) if row.merged_into), None):
            raise CannotMerge(f"“{merged}” was merged into “{merged.kept}” already. Choose that record.")
        for name in LABELS:
            setattr(kept, name, getattr(kept, name) or getattr(gone, name))
        if gravest([SourceStatus(kept.status), SourceStatus(gone.status)]) != kept.status:
            kept.follow(gone)
        kept.save()
        for row in (gone, *gone.merged.all()):
            row.merged_into = kept
            row.save(update_fields=["merged_into"])
            row.follow(kept)
        log(instance=gone, action="articles.merge", data={"into": str(kept)})


def separate(source: Source, *, by: User | None) -> None:
    """Undo a merge: drafts that name `source` print it again. What the kept record got from it stays there.

    Raises NotPermitted, CannotMerge.
    """
    require_permission(by, MAY_MERGE)
    with transaction.atomic(), LogContext(user=by):
        row = Source.objects.select_for_update().get(pk=source.pk)
        if row.merged_into is None:
            raise CannotMerge("This record is not merged into another.")
        kept, row.merged_into = row.merged_into, None
        row.save(update_fields=["merged_into"])
        log(instance=row, action="articles.separate", data={"from": str(kept)})

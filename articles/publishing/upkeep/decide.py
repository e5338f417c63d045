"""Decides, once for all articles that cite it, what follows from a source's correction or newer version.

*An update is needed*: the review of every article in which the source supports a claim is due now, until it is signed.
*No update*: nothing follows. Another status of the source, or another notice, asks for a new decision.
"""

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import QuerySet

from articles.authoring.permissions import MAY_QUESTION, require_permission
from articles.errors import DomainError
from articles.publishing.recompose import SOURCE, recompose_after
from articles.record import events
from articles.record.vocabulary import EventKind, SourceDecision, SourceStatus, SubjectKind
from articles.review.roles import actor
from articles.sources.models import Source

TO_DECIDE = (SourceStatus.CORRECTED, SourceStatus.SUPERSEDED)


class NothingToDecide(DomainError):
    code = "nothing-to-decide"
    title = "There is nothing to decide about this source."


def undecided() -> QuerySet[Source]:
    """Sources that were corrected or superseded, about which nobody has decided."""
    return Source.objects.filter(status__in=TO_DECIDE, decision="", merged_into=None)


def decide(source: Source, decision: SourceDecision, reason: str, *, by: User, shown: tuple[str, str]) -> None:
    """`shown`: the status and the notice that the person saw.

    Raises NotPermitted; NothingToDecide if the source has another status now, or the reason is missing.
    """
    require_permission(by, MAY_QUESTION)
    if not reason.strip():
        raise NothingToDecide("Write the reason: whoever reviews the articles later will ask for it.")
    with transaction.atomic():
        row = Source.objects.select_for_update().get(pk=source.pk)
        if row.status not in TO_DECIDE or (row.status, row.status_notice) != shown:
            raise NothingToDecide("The status of this source has changed meanwhile. Look at it again, then decide.")
        for record in (row, *row.merged.all()):  # signed texts may name any of them
            _record(record, decision, reason.strip(), by)


def _record(row: Source, decision: SourceDecision, reason: str, by: User) -> None:
    Source.objects.filter(pk=row.pk).update(decision=decision)
    events.append(
        EventKind.SOURCE_DECIDED,
        subject_kind=SubjectKind.SOURCE,
        subject=row.source_id,
        actor=actor(by),
        data={"decision": decision.value, "reason": reason, "status": str(row.status), "title": row.title[:255]},
    )
    transaction.on_commit(lambda: recompose_after(row.source_id, relation=SOURCE))

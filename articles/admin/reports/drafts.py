"""What the list of articles says of drafts: how far each is on its way to readers, and what the checks find in it.

A fixed number of queries, however many rows.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.core.cache import cache
from django.db.models import TextChoices
from wagtail.models import Revision, WorkflowState

from articles.authoring.permissions import MAY_REPORT
from articles.checks import engine
from articles.checks.finding import Severity
from articles.document.draft import Draft
from articles.document.gather import gather_many
from articles.publishing.models import Schedule
from articles.record.vocabulary import Role, ScheduledAction, ScheduleState
from articles.review.models import OpenNeed
from articles.review.needs.table import name_of, open_rows
from articles.review.unpublished import differing

KEPT_S = 24 * 60 * 60


class Progress(TextChoices):
    """Where a draft is on its way to readers."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    CHANGES_REQUESTED = "changes-requested", "Changes requested"


WORKFLOW = {
    WorkflowState.STATUS_IN_PROGRESS: Progress.IN_REVIEW,
    WorkflowState.STATUS_NEEDS_CHANGES: Progress.CHANGES_REQUESTED,
}


@dataclass(frozen=True)
class DraftFacts:
    """`stage`: “In review, waiting for editor (assigned to Ed Editor)”; `findings`: “2 blocking, 1 warning”. Both are
    empty where there is nothing to say, or nothing that this person may know."""

    stage: str = ""
    findings: str = ""


def progress_by_page() -> dict[int, Progress]:
    """{page: progress} of all articles that are in review or went back to their authors."""
    states = WorkflowState.objects.active().values_list("object_id", "status")
    return {int(key): WORKFLOW[status] for key, status in states}


def facts_of_drafts(pages: Iterable[Any], user: User, *, is_checked: bool) -> dict[UUID, DraftFacts]:
    """{article: facts} of pages from `names.titled`. People who may not edit a draft hear of it while it is in review,
    if they may see reports. `is_checked`: with findings."""
    told = [page for page in pages if page.may_edit or user.has_perm(MAY_REPORT)]
    articles = [page.article_id for page in told]
    progress = progress_by_page()
    differs = differing(articles)
    read = [page for page in told if page.may_edit or progress.get(page.pk) == Progress.IN_REVIEW]
    findings = findings_of(read) if is_checked else {}
    awaited = _awaited(articles)
    return {
        page.article_id: DraftFacts(
            _sentence([_begun(page, progress.get(page.pk), differs), *awaited.get(page.article_id, [])]),
            findings.get(page.article_id, ""),
        )
        for page in told
    }


def findings_of(pages: Sequence[Any]) -> dict[UUID, str]:
    """{article: “2 blocking, 1 warning”}. Checks are pure, so they run once for a draft and a day."""
    drafts = gather_many(Revision.objects.filter(pk__in=[page.latest_revision_id for page in pages]))
    keys = {draft.article: f"findings:{hashlib.sha256(repr(draft).encode()).hexdigest()}" for draft in drafts}
    known: dict[str, str] = cache.get_many(keys.values())
    new = {keys[draft.article]: _counted(draft) for draft in drafts if keys[draft.article] not in known}
    cache.set_many(new, KEPT_S)
    return {article: (known | new)[key] for article, key in keys.items()}


def _counted(draft: Draft) -> str:
    counts = Counter(finding.severity for finding in engine.run(draft))
    return ", ".join(_count(counts[severity], severity) for severity in Severity if counts[severity]) or "None"


def _count(number: int, severity: Severity) -> str:
    return f"{number} {severity}{'s' if number > 1 and severity == Severity.WARNING else ''}"


def _begun(page: Any, progress: Progress | None, differs: dict[UUID, bool]) -> str:
    """The progress; of a draft that was not submitted, whether it is new or differs from what was published."""
    if progress:
        return str(progress.label)
    if not page.may_edit:
        return ""
    if page.article_id not in differs:
        return str(Progress.DRAFT.label)
    return "Unpublished changes" if differs[page.article_id] else ""


def _awaited(articles: list[UUID]) -> dict[UUID, list[str]]:
    """{article: [“waiting for editor, medical reviewer (asked: Dr Ada Reviewer)”, “to be published on …”]}."""
    found: dict[UUID, list[str]] = {}
    waiting: dict[UUID, list[str]] = {}
    for need in open_rows().filter(subject__in=articles).select_related("taker__person", "asked__person"):
        waiting.setdefault(need.subject, []).append(_signer(need))
    for article, signers in waiting.items():
        found[article] = [f"waiting for {', '.join(signers)}"]
    schedules = Schedule.objects.filter(article__in=articles, state=ScheduleState.WAITING)
    for row in schedules.filter(action=ScheduledAction.PUBLISH):
        found.setdefault(row.article, []).append(f"to be published on {row.moment}")
    return found


def _signer(need: OpenNeed) -> str:
    role = str(Role(need.role).label).lower()
    if need.taker:
        return f"{role} (assigned to {name_of(need.taker)})"
    return f"{role} (asked: {name_of(need.asked)})" if need.asked else role


def _sentence(parts: Iterable[str]) -> str:
    words = ", ".join(filter(None, parts))
    return f"{words[:1].upper()}{words[1:]}"

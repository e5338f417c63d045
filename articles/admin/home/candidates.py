"""What waits for a signature in some role: texts to be published, and what readers get and lacks a signature.

A fixed number of queries, however much waits.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from wagtail.models import TaskState

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.record.delivery.clock import DUE_DAYS
from articles.record.models import ComponentPublication, Edition, Publication
from articles.record.vocabulary import SERVED, DocumentKind, Role, SubjectKind
from articles.review import workflow
from articles.review.models import Assignment, SignOffTask, Step

MEDICAL, PRESENTATION = DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value
Rows = dict[UUID, dict[str, Assignment]]


@dataclass
class Candidate:
    """Something to sign. `asked` are the roles that it waits for; `revision` was saved or published at `saved_at`.

    `is_edition`: it is the latest of `editions` that lacks signatures, whatever the draft says by now. `is_due`: who
    signed it may sign it again.
    """

    kind: str
    pk: int
    subject: UUID
    title: str
    since: datetime
    asked: set[str]
    revision: int
    saved_at: datetime
    chosen: int | None = None
    is_edition: bool = False
    is_due: bool = False
    rows: dict[str, Assignment] = field(default_factory=dict)
    editions: list[Edition] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    policies: list[str] = field(default_factory=list)
    mine: list[str] = field(default_factory=list)

    @property
    def is_article(self) -> bool:
        return self.kind == SubjectKind.ARTICLE

    @property
    def base(self) -> Edition | None:
        """Who changed the text since then may not sign it."""
        before = self.editions[:-1] if self.is_edition else self.editions
        return before[-1] if before else None

    def parts(self, role: str) -> set[str]:
        if not self.is_article:
            return {self.kind}
        return {MEDICAL, PRESENTATION} if role == Role.EDITOR else {MEDICAL}


def candidates(held: set[str]) -> list[Candidate]:
    """All that waits for a role of `held`, in no order."""
    rows: Rows = {}
    for asked in Assignment.objects.filter(closed_at=None).select_related("taker__person"):
        rows.setdefault(asked.subject, {})[asked.role] = asked
    found = [*_articles(held, rows), *_components(held, rows)]
    editions = _editions([row.subject for row in found])
    for row in found:
        row.rows = rows.get(row.subject, {})
        row.since = min([row.since, *(each.asked_at for each in row.rows.values())])
        row.editions = editions.get(row.subject, [])
    return found


def _articles(held: set[str], rows: Rows) -> Iterator[Candidate]:
    """Drafts in the workflow; and what readers get, where signatures of it are asked for without one."""
    running = _running()
    at_my_step = [pk for pk, (_, step) in running.items() if step & held]
    asked = [subject for subject, given in rows.items() if given.keys() & held]
    fields = ("pk", "article_id", "draft_title", "latest_revision", "latest_revision__created_at")
    pages = ArticlePage.objects.filter(Q(pk__in=at_my_step) | Q(article_id__in=asked)).values_list(*fields)
    found = [given for given in pages if given[3]]
    current = _current([article for pk, article, *_ in found if pk not in running])
    for pk, article, title, revision, saved in found:
        roles = set(rows.get(article, {}))
        if pk in running:
            started, step = running[pk]
            yield Candidate("article", pk, article, title, started, roles or set(step), revision, saved)
        elif article in current:
            yield _edition(pk, article, roles, *current[article])


def _edition(pk: int, article: UUID, roles: set[str], edition: Edition, row: Publication) -> Candidate:
    at, day = edition.published_at, timezone.now().date() + timedelta(days=DUE_DAYS)
    is_due = row.next_review_on is not None and row.next_review_on < day
    found = Candidate("article", pk, article, row.title, timezone.now(), roles, edition.revision or 0, at)
    return replace(found, is_edition=True, is_due=is_due)


def _running() -> dict[int, tuple[datetime, set[str]]]:
    """{page: since when its step of the workflow waits, and for which roles}."""
    steps = dict(SignOffTask.objects.filter(active=True).values_list("pk", "step"))
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__in=list(steps))
    return {
        int(key): (started, workflow.ROLES[Step(steps[task])])
        for key, started, task in states.values_list("workflow_state__object_id", "started_at", "task")
    }


def _current(articles: Collection[UUID]) -> dict[UUID, tuple[Edition, Publication]]:
    """{article: the edition that readers get, and its publication}; what they do not get is not here."""
    fields = ("article", "title", "next_review_on")
    served = Publication.objects.filter(article__in=articles, state__in=SERVED).only(*fields)
    editions = _editions(articles)
    return {row.article: (editions[row.article][-1], row) for row in served if row.article in editions}


def _components(held: set[str], rows: Rows) -> Iterator[Candidate]:
    """Those whose working copy was saved after their current edition, or whose signatures are asked for again."""
    published = dict(ComponentPublication.objects.values_list("component", "published_at"))
    fields = ("pk", "component_id", "name", "latest_revision", "latest_revision__created_at", "policy")
    for model in (Offer, Disclaimer):
        for pk, subject, name, revision, saved, chosen in model.objects.values_list(*fields):
            is_edition = subject in published and bool(saved) and saved <= published[subject]
            roles = set(rows.get(subject, {}))
            if saved and (not is_edition or roles & held):
                since = timezone.now() if is_edition else saved
                asked, kind = roles or set(Role.values), model.subject_kind
                yield Candidate(kind, pk, subject, name, since, asked, revision, saved, chosen, is_edition)


def _editions(subjects: Iterable[UUID]) -> dict[UUID, list[Edition]]:
    """Of each, in order."""
    fields = ("subject", "number", "revision", "digests", "published_at")
    found: dict[UUID, list[Edition]] = {}
    for edition in Edition.objects.filter(subject__in=list(subjects)).only(*fields).order_by("number"):
        found.setdefault(edition.subject, []).append(edition)
    return found

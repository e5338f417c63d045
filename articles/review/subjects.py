"""What can be signed: an article's two parts, or a component. Loaded fresh, so that digests are of now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.document.components import render_component
from articles.document.documents import Document
from articles.document.draft import Draft
from articles.document.gather import gather, require_known_blocks
from articles.document.render import render
from articles.record.models import Edition, Event
from articles.record.vocabulary import DocumentKind, EventKind, SubjectKind
from articles.review.models import Policy

Target = ArticlePage | Offer | Disclaimer


@dataclass(frozen=True)
class Subject:
    """`documents` and `policies` by part; `draft` for articles only; `base` is the latest edition."""

    kind: str
    id: UUID
    name: str
    documents: dict[str, Document]
    policies: dict[str, Policy]
    draft: Draft | None
    base: Edition | None
    withdrawn: int

    @property
    def digests(self) -> dict[str, str]:
        return {part: document.digest for part, document in self.documents.items()}

    @property
    def is_current(self) -> bool:
        """Whether readers get exactly this already (apart from what is composed)."""
        base = self.base
        return base is not None and base.event > self.withdrawn and base.digests == self.digests

    @property
    def since(self) -> datetime | None:
        """From when on contributions count."""
        return self.base.published_at if self.base else None

    @property
    def base_revision(self) -> int:
        return (self.base.revision or 0) if self.base else 0


def load(target: Target) -> Subject:
    """The subject as its latest saved state renders. Raises UnknownBlock, NotRepresentable."""
    return load_article(target) if isinstance(target, ArticlePage) else load_component(target)


def load_article(page: ArticlePage) -> Subject:
    draft = gather(page.get_latest_revision())
    require_known_blocks(draft)
    policies = {
        DocumentKind.MEDICAL.value: policy_of(DocumentKind.MEDICAL, draft.policy),
        DocumentKind.PRESENTATION.value: policy_of(DocumentKind.PRESENTATION, None),
    }
    return Subject(
        SubjectKind.ARTICLE.value,
        draft.article,
        draft.title,
        render(draft),
        policies,
        draft,
        *_history(draft.article),
    )


def load_component(component: Offer | Disclaimer) -> Subject:
    part = component.subject_kind
    documents = {part: render_component(component)}
    policies = {part: policy_of(part, component.policy_id)}
    return Subject(
        part,
        component.component_id,
        component.name,
        documents,
        policies,
        None,
        *_history(component.component_id),
    )


def lock(target: Target) -> Any:
    """The row again, locked until the transaction ends."""
    model: type[Model] = type(target)
    return model._default_manager.select_for_update().get(pk=target.pk)


def policy_of(kind: str, chosen: int | None) -> Policy:
    """The chosen policy where it is for this kind of document, else the default of the kind."""
    found = Policy.objects.filter(pk=chosen, kind=kind).first() if chosen else None
    return found or Policy.objects.get(kind=kind, is_default=True)


def _history(subject: UUID) -> tuple[Edition | None, int]:
    """(latest edition, number of the latest withdrawal or 0)."""
    withdrawal = Event.objects.filter(subject=subject, kind=EventKind.WITHDRAWN).order_by("-number").first()
    edition = Edition.objects.filter(subject=subject).order_by("-number").first()
    return edition, withdrawal.number if withdrawal else 0

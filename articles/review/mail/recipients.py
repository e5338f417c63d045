"""Whom a letter concerns: the people around an article or component, by what they are to it. Nobody inactive."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.record.documents import read_document
from articles.record.models import Document, Edition, Event, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, SubjectKind
from articles.review.models import Contribution
from articles.review.policies.leads import LEADS
from articles.review.review import Target
from articles.review.roles import EDITORS

COMPONENTS: dict[str, type[Offer] | type[Disclaimer]] = {
    SubjectKind.OFFER.value: Offer,
    SubjectKind.DISCLAIMER.value: Disclaimer,
}


def target_of(subject_kind: str, subject: UUID) -> Target | None:
    """The article's page, or the component; None where it was deleted, or is of another kind."""
    if subject_kind == SubjectKind.ARTICLE:
        return ArticlePage.objects.select_related("owner", "latest_revision").filter(article_id=subject).first()
    model = COMPONENTS.get(subject_kind)
    return model.objects.filter(component_id=subject).first() if model else None


def name_of(target: Target) -> str:
    """As readers get it, or got it last; as the latest draft says it where they never did."""
    return _title_of_edition(target) or draft_name_of(target)


def draft_name_of(target: Target) -> str:
    """As the latest draft says it: only for those who may read that draft."""
    return target.draft_title if isinstance(target, ArticlePage) else target.name


def _title_of_edition(target: Target) -> str:
    """Of the latest edition; "" for components, what was never published, and what the law had erased."""
    if not isinstance(target, ArticlePage):
        return ""
    edition = Edition.objects.filter(subject=target.article_id).order_by("-number").first()
    digest = edition.digests.get(DocumentKind.MEDICAL) if edition else None
    row = Document.objects.filter(digest=digest).first() if digest else None
    return str(read_document(bytes(row.content))["title"]) if row and row.content else ""


def owner(target: Target) -> list[User]:
    """Of an article; components have none."""
    return active([target.owner_id]) if isinstance(target, ArticlePage) else []


def authors(target: Target) -> list[User]:
    """Its owner, and the people on the byline of the latest draft who have a login.

    Of a component those who contributed to it last; where nobody is known to have, the editors.
    """
    if not isinstance(target, ArticlePage):
        return contributors(target) or editors()
    content = target.latest_revision.content if target.latest_revision else {}
    persons = [row.get("person") for row in content.get("authors") or []]
    return [*owner(target), *users().filter(person__pk__in=persons)]


def contributors(component: Offer | Disclaimer) -> list[User]:
    """Who changed it last: since the edition before the latest change."""
    subject, kind = component.component_id, component.subject_kind
    rows = Contribution.objects.filter(subject=str(subject), part=kind)
    last = rows.order_by("-pk").first()
    if last is None:
        return []
    before = Edition.objects.filter(subject=subject, published_at__lt=last.at).order_by("-number").first()
    since = rows.filter(at__gt=before.published_at) if before else rows
    return active(since.values_list("user_key", flat=True))


def submitter(target: Target) -> list[User]:
    """Who submitted it last; components have no workflow, so their authors."""
    if not isinstance(target, ArticlePage):
        return authors(target)
    submitted = Event.objects.filter(subject=target.article_id, kind=EventKind.SUBMITTED)
    last = submitted.order_by("-number").first()
    return active([last.actor.get("user")]) if last else []


def signers(subject: UUID) -> list[User]:
    """Those whose signatures its latest edition rests on."""
    edition = Edition.objects.filter(subject=subject).order_by("-number").first()
    rows = SignOff.objects.filter(pk__in=edition.signoffs if edition else [])
    return active(rows.values_list("user", flat=True))


def leads() -> list[User]:
    return list(users().filter(groups__name=LEADS))


def editors() -> list[User]:
    return list(users().filter(groups__name=EDITORS))


def active(keys: Iterable[int | None]) -> list[User]:
    return list(users().filter(pk__in=[key for key in keys if key is not None]))


def users():
    """The active ones, in a stable order."""
    return get_user_model()._default_manager.filter(is_active=True).order_by("pk")

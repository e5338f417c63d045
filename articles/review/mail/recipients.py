"""The recipients of letters: the active people related to an article or component, by their relation to it."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.record.history import find_signed
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, SubjectKind
from articles.review.models import Contribution
from articles.review.policies.leads import LEADS
from articles.review.review import Target
from articles.review.roles import EDITORS

ON_CALL = "On-call clinicians"
COMPONENTS: dict[str, type[Offer] | type[Disclaimer]] = {
    SubjectKind.OFFER.value: Offer,
    SubjectKind.DISCLAIMER.value: Disclaimer,
}


def target_of(subject_kind: str, subject: UUID) -> Target | None:
    """The article's page, or the component; None if it was deleted or is of another kind."""
    if subject_kind == SubjectKind.ARTICLE:
        return ArticlePage.objects.select_related("owner", "latest_revision").filter(article_id=subject).first()
    model = COMPONENTS.get(subject_kind)
    return model.objects.filter(component_id=subject).first() if model else None


def name_of(target: Target) -> str:
    """The latest published title; if the article was never published, the draft's."""
    return _title_of_edition(target) or draft_name_of(target)


def draft_name_of(target: Target) -> str:
    """The title of the latest draft, only for people who may read that draft."""
    return target.draft_title if isinstance(target, ArticlePage) else target.name


def _title_of_edition(target: Target) -> str:
    """The title of the latest edition; "" for components, unpublished articles, and erased texts."""
    if not isinstance(target, ArticlePage):
        return ""
    edition = Edition.objects.filter(subject=target.article_id).order_by("-number").first()
    signed = find_signed(edition.digests.get(DocumentKind.MEDICAL)) if edition else None
    return str(signed["title"]) if signed else ""


def owner(target: Target) -> list[User]:
    """The owner of an article; none for components."""
    found = target.owner if isinstance(target, ArticlePage) else None
    return [found] if found and found.is_active else []


def authors(target: Target) -> list[User]:
    """The owner of an article, and the people on the byline of its latest draft who have a login.

    For a component, its latest contributors, or the editors if there are none.
    """
    if not isinstance(target, ArticlePage):
        return contributors(target) or editors()
    content = target.latest_revision.content if target.latest_revision else {}
    persons = [row.get("person") for row in content.get("authors") or []]
    return [*owner(target), *users().filter(person__pk__in=persons)]


def contributors(component: Offer | Disclaimer) -> list[User]:
    """The users who changed the component since the edition before its latest change."""
    subject, kind = component.component_id, component.subject_kind
    rows = Contribution.objects.filter(subject=str(subject), part=kind)
    last = rows.order_by("-pk").first()
    if last is None:
        return []
    before = Edition.objects.filter(subject=subject, published_at__lt=last.at).order_by("-number").first()
    since = rows.filter(at__gt=before.published_at) if before else rows
    return active(since.values_list("user_key", flat=True))


def submitter(target: Target) -> list[User]:
    """The last submitter of an article; for components, which have no workflow, their authors."""
    if not isinstance(target, ArticlePage):
        return authors(target)
    submitted = Event.objects.filter(subject=target.article_id, kind=EventKind.SUBMITTED)
    last = submitted.order_by("-number").first()
    return active([last.actor.get("user")]) if last else []


def signers(subject: UUID) -> list[User]:
    """The signers of the latest edition."""
    edition = Edition.objects.filter(subject=subject).order_by("-number").first()
    rows = SignOff.objects.filter(pk__in=edition.signoffs if edition else [])
    return active(rows.values_list("user", flat=True))


def leads() -> list[User]:
    return list(users().filter(groups__name=LEADS))


def on_call() -> list[User]:
    return list(users().filter(groups__name=ON_CALL))


def editors() -> list[User]:
    return list(users().filter(groups__name=EDITORS))


def active(keys: Iterable[int | None]) -> list[User]:
    return list(users().filter(pk__in=[key for key in keys if key is not None]))


def users():
    """All active users, in a stable order."""
    return get_user_model()._default_manager.filter(is_active=True).order_by("pk")

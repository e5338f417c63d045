"""The verb that writes editions. One transaction: require, act, record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Revision
from wagtail.signal_handlers import disable_reference_index_auto_update, update_reference_index_on_save

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.errors import NotSignedOff, SlugTaken
from articles.publishing import images, notices
from articles.publishing.recompose import COMPONENT, recompose_after
from articles.record import events, history
from articles.record.delivery import loading, publications
from articles.record.models import ComponentPublication, Edition, Path
from articles.record.site import this_site
from articles.record.standing import anchor_of, is_vouched
from articles.record.vocabulary import ChangeKind, DocumentKind, EventKind, PublicationState
from articles.review.policies.rules import is_risky, stricter
from articles.review.review import Subject, load_article, load_component, lock
from articles.review.roles import actor
from articles.review.signing import change_note, signatures

Json = dict[str, Any]
MEDICAL = DocumentKind.MEDICAL.value


def prepare(subject: Subject) -> None:
    """The slow work before the transaction: image files."""
    images.prepare(loading.image_digests(*(document.value for document in subject.documents.values())))


def publish_article(*, page: ArticlePage, by: User | None) -> Edition:
    """Publish the page's latest revision as it was signed, then bring up to date what links to it.

    What is current already makes no edition. Raises NotSignedOff with what is missing and what changed; SlugTaken.
    """
    prepare(load_article(page))
    with transaction.atomic():
        edition = write_article(page=page, by=by)
    recompose_after(page.article_id)
    return edition


def publish_component(*, component: Offer | Disclaimer, by: User | None) -> Edition:
    """Publish a component's working copy as it was signed, then recompose the articles that use it."""
    with transaction.atomic():
        edition = write_component(component=component, by=by)
    recompose_after(component.component_id, relation=COMPONENT)
    return edition


def write_article(*, page: ArticlePage, by: User | None) -> Edition:
    """The edition, inside a transaction of the caller's, who recomposes what stands on it after the commit."""
    return write_subject(page, load_article(lock(page)), by)


def write_subject(page: ArticlePage, subject: Subject, by: User | None) -> Edition:
    """As `write_article`, of what the caller loaded from the locked page in this transaction."""
    if subject.is_current and subject.base:
        signatures.require(subject)
        return subject.base
    return write_edition(page, subject, by)


def write_component(*, component: Offer | Disclaimer, by: User | None) -> Edition:
    """As `write_article`, of an offer or a disclaimer."""
    subject = load_component(lock(component))
    signoffs = signatures.require(subject)
    if subject.is_current and subject.base:
        return subject.base
    now = timezone.now()
    revision = component.latest_revision_id
    edition = _edition(subject, [row.pk for row in signoffs], by, now, revision=revision)
    ComponentPublication.objects.update_or_create(
        component=subject.id,
        defaults={
            "kind": subject.kind,
            "state": PublicationState.PUBLISHED,
            "edition": edition.number,
            "digest": subject.digests[subject.kind],
            "published_at": now,
            "event": edition.event,
        },
    )
    return edition


def filing_of(subject: Subject) -> Json:
    """How the article is found, from its draft: in no document, and in no signature."""
    draft = subject.draft
    assert draft is not None  # components are not filed
    return {
        "slug": draft.slug,
        "locale": draft.locale,
        "translation_key": str(draft.translation_key),
        "topics": [{"slug": slug, "name": name} for slug, name in draft.topics],
    }


def require_free(article: UUID, filing: Json) -> None:
    """Raises SlugTaken when another article answers at this slug, or once did."""
    taken = Path.objects.filter(locale=filing["locale"], slug=filing["slug"]).exclude(article=article)
    if taken.exists():
        raise SlugTaken(f"Another article has the address “{filing['slug']}”; choose another slug.")


def write_edition(page: ArticlePage, subject: Subject, by: User | None, *, emergency: str = "") -> Edition:
    """The article's next edition, on the sign-offs that count; `subject` was loaded in this transaction.

    `emergency` is the reason for publishing on one clinician's signature. Raises NotSignedOff, NoteMissing, SlugTaken.
    """
    signoffs = signatures.require_in_emergency(subject) if emergency else signatures.require(subject)
    change_note.require(subject)
    draft, filing, now = subject.draft, filing_of(subject), timezone.now()
    assert draft is not None
    require_free(subject.id, filing)
    _require_disclaimers(draft.disclaimers)
    revision = page.get_latest_revision()
    _publish_page(revision, by)
    review = review_of(subject, emergency=emergency)
    keys = [row.pk for row in signoffs]
    notices.put_on(subject.id, draft.translation_key, by=actor(by), at=now)
    urgency = {"emergency": review["emergency"]} if emergency else {}
    edition = _edition(subject, keys, by, now, review=review, revision=revision.pk, filing=filing, **urgency)
    state, composed = publications.current(subject.id, filing=filing, site=this_site(), now=now)
    publications.write(state, composed, event=edition.event, now=now)
    return edition


def _publish_page(revision: Revision, by: User | None) -> None:
    """Wagtail's state. Its own dates would make it wait, or take back, behind the record's back: they go."""
    action = PublishPageRevisionAction(revision, user=by, changed=True)
    action.object.go_live_at = action.object.expire_at = None
    with disable_reference_index_auto_update():  # Wagtail builds it anew with each author, topic and disclaimer
        action.execute(skip_permission_checks=True)
    update_reference_index_on_save(action.object)


def _edition(
    subject: Subject,
    signoffs: list[int],
    by: User | None,
    now: datetime,
    *,
    review: Json | None = None,
    revision: int | None = None,
    **filed: Json,
) -> Edition:
    """The next edition with its line in the ledger; `filed` goes into the line alone."""
    number = (subject.base.number if subject.base else 0) + 1
    change = subject.change or ({"kind": ChangeKind.MATERIAL.value, "note": ""} if number > 1 else {})
    row = Edition(
        subject_kind=subject.kind,
        subject=subject.id,
        number=number,
        digests=subject.digests,
        signoffs=signoffs,
        change_kind=change.get("kind", ""),
        change_note=change.get("note", ""),
        review=review or {},
        revision=revision,
        published_at=now,
    )
    data = {"edition": number, "digests": subject.digests, **filed}
    return events.insert(row, EventKind.PUBLISHED, actor=actor(by), data=data, at=now)


def review_of(subject: Subject, *, emergency: str = "") -> Json:
    """What the edition says of its review: how long it lasts, what happens then, what was asked for.

    `rests_on` is the number of the edition that clinicians signed, where this one differs from it editorially alone.
    `correction`: readers had something wrong, and the note to them stands above the article.
    """
    change, base = subject.change, subject.base
    review = subject.policies[MEDICAL].review(is_risky=is_risky(subject.documents[MEDICAL].value))
    if base and not subject.asks_clinicians and base.review:
        review = stricter(review, base.review)
    if base and subject.is_editorial and not emergency:
        review["rests_on"] = anchor_of(subject.history).number
    review |= {"emergency": {"reason": emergency}} if emergency else {}
    return review | ({"correction": True} if change.get("correction") else {})


def _is_vouched(component: UUID) -> bool:
    """No signature of its edition was voided without another in its place."""
    return is_vouched(history.load(component))


def _require_disclaimers(disclaimers) -> None:
    """A disclaimer that readers cannot get yet must not be missing beside the article."""
    published = ComponentPublication.objects.filter(
        component__in=[disclaimer.id for disclaimer in disclaimers], state=PublicationState.PUBLISHED
    )
    have = {str(component) for component in published.values_list("component", flat=True) if _is_vouched(component)}
    if lacking := [disclaimer.name for disclaimer in disclaimers if disclaimer.id not in have]:
        raise NotSignedOff(f"These disclaimers are not signed yet: {', '.join(lacking)}.", missing=lacking)

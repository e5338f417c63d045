"""The verb that writes editions. One transaction: require, act, record."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from articles.authoring.models import ArticlePage
from articles.errors import NotSignedOff, SlugTaken
from articles.publishing import images, notices
from articles.publishing.recompose import recompose_after
from articles.record import events, history
from articles.record.delivery import projection
from articles.record.delivery.content.mentions import image_digests
from articles.record.event_data import Filing, Picture, Published
from articles.record.models import ComponentPublication, Edition, Path
from articles.record.standing import is_vouched
from articles.record.vocabulary import ChangeKind, DocumentKind, EventKind, PublicationState
from articles.review.needs import change_note
from articles.review.needs.table import write_needs
from articles.review.opening import open_review
from articles.review.policies.rules import is_risky, stricter
from articles.review.review import Review
from articles.review.roles import actor
from articles.review.signing import signatures

Json = dict[str, Any]
T = TypeVar("T")
MEDICAL = DocumentKind.MEDICAL.value


class ImagesMissing(Exception):
    """The files that readers get of these images have to be made first, outside the transaction."""

    def __init__(self, digests: set[str]) -> None:
        super().__init__(digests)
        self.digests = digests


def with_image_files(act: Callable[[], T]) -> T:
    """Do `act`, a transaction that may publish; where image files are missing, make them and do it once more."""
    try:
        return act()
    except ImagesMissing as missing:
        images.prepare(missing.digests)
    return act()


def publish_article(*, page: ArticlePage, by: User | None) -> Edition:
    """Publish the page's latest revision as it was signed, then bring up to date what links to it.

    What is current already makes no edition. Raises NotSignedOff with what is missing and what changed; SlugTaken.
    """
    edition = with_image_files(lambda: _publish_page_now(page, by))
    recompose_after(page.article_id)
    return edition


@transaction.atomic
def _publish_page_now(page: ArticlePage, by: User | None) -> Edition:
    review = open_review(page)
    edition = publish(review, by=by)
    write_needs(review)
    return edition


def publish(review: Review, *, by: User | None, emergency: str = "") -> Edition:
    """The next edition of an open review, on the sign-offs that count. The caller recomposes after the commit.

    What readers get already makes no edition. `emergency` is the reason for publishing on one clinician's signature.
    Raises NotSignedOff, NoteMissing, SlugTaken, ImagesMissing.
    """
    signoffs = signatures.require_in_emergency(review) if emergency else signatures.require(review)
    if review.is_current and review.base and not emergency:
        return review.base
    change_note.require(review)
    draft, filing, now = review.draft, filing_of(review), timezone.now()
    assert draft is not None and review.revision is not None
    require_free(review.id, filing)
    _require_disclaimers(draft.disclaimers)
    pictures = _require_image_files(review)
    _publish_page(review, by)
    notices.put_on(review.id, draft.translation_key, by=actor(by), at=now)
    terms = terms_of(review, emergency=emergency)
    keys = [row.pk for row in signoffs]
    edition = _edition(
        review, keys, by, now, terms=terms, revision=review.revision.pk, filing=filing, pictures=pictures
    )
    projection.write(review.id, now=now)
    return edition


def publish_component(review: Review, *, by: User | None) -> Edition:
    """As `publish`, of an offer or a disclaimer."""
    signoffs = signatures.require(review)
    if review.is_current and review.base:
        return review.base
    assert not isinstance(review.target, ArticlePage) and review.target is not None
    now = timezone.now()
    edition = _edition(review, [row.pk for row in signoffs], by, now, revision=review.target.latest_revision_id)
    projection.write(review.id, now=now)
    return edition


def filing_of(review: Review) -> Filing:
    """How the article is found, from its draft: in no document, and in no signature."""
    draft = review.draft
    assert draft is not None  # components are not filed
    return {
        "slug": draft.slug,
        "locale": draft.locale,
        "translation_key": str(draft.translation_key),
        "topics": [{"slug": slug, "name": name} for slug, name in draft.topics],
    }


def require_free(article: UUID, filing: Filing) -> None:
    """Raises SlugTaken when another article answers at this slug, or once did."""
    taken = Path.objects.filter(locale=filing["locale"], slug=filing["slug"]).exclude(article=article)
    if taken.exists():
        raise SlugTaken(f"Another article has the address “{filing['slug']}”; choose another slug.")


def _publish_page(review: Review, by: User | None) -> None:
    """Wagtail's state. Its own dates would make it wait, or take back, behind the record's back: they go.

    The page was validated when its revision was saved, and `require_free` has looked at its address.
    """
    revision, page = review.revision, review.target
    assert revision is not None and isinstance(page, ArticlePage)
    page.content_type, revision.content_object = page.cached_content_type, page  # so that neither is fetched again
    action = PublishPageRevisionAction(revision, user=by, changed=True)
    action.object.go_live_at = action.object.expire_at = None
    action.object.save = partial(action.object.save, clean=False)
    with disable_reference_index_auto_update():  # Wagtail builds it anew with each author, topic and disclaimer
        action.execute(skip_permission_checks=True)
    ReferenceIndex.create_or_update_for_object(action.object)


def _edition(
    review: Review,
    signoffs: list[int],
    by: User | None,
    now: datetime,
    *,
    terms: Json | None = None,
    revision: int | None = None,
    filing: Filing | None = None,
    pictures: Sequence[Picture] = (),
) -> Edition:
    """The next edition with its line in the ledger; `filing` and `pictures` are an article's, and in the line alone."""
    number = (review.base.number if review.base else 0) + 1
    change = review.change or ({"kind": ChangeKind.MATERIAL.value, "note": ""} if number > 1 else {})
    row = Edition(
        subject_kind=review.kind,
        subject=review.id,
        translation_key=UUID(filing["translation_key"]) if filing else None,
        number=number,
        digests=review.digests,
        signoffs=signoffs,
        change_kind=change.get("kind", ""),
        change_note=change.get("note", ""),
        review=terms or {},
        revision=revision,
        published_at=now,
    )
    data: Published = {"edition": number, "digests": review.digests}
    if filing:
        data |= {"filing": filing, "renditions": list(pictures)}
    if emergency := (terms or {}).get("emergency"):
        data["emergency"] = emergency
    events.insert(row, EventKind.PUBLISHED, actor=actor(by), data=data, at=now)
    review.succeed(row)
    return row


def _require_image_files(review: Review) -> list[Picture]:
    """What the files are. Raises ImagesMissing: they are slow to make, and a transaction that publishes holds locks."""
    wanted = image_digests(*(document.value for document in review.documents.values()))
    made = images.describe(wanted)
    if lacking := wanted - {picture["image"] for picture in made}:
        raise ImagesMissing(lacking)
    transaction.on_commit(lambda: images.forget(wanted))
    return made


def terms_of(review: Review, *, emergency: str = "") -> Json:
    """What the edition says of its review: how long it lasts, what happens then, what was asked for.

    `correction`: readers had something wrong, and the note to them stands above the article.
    """
    change, base = review.change, review.base
    terms = review.rules[MEDICAL].review(is_risky=is_risky(review.documents[MEDICAL].value))
    if base and not review.asks_clinicians and base.review:
        terms = stricter(terms, base.review)
    terms |= {"emergency": {"reason": emergency}} if emergency else {}
    return terms | ({"correction": True} if change.get("correction") else {})


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

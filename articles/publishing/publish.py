"""Publishing: writes editions, in one transaction with their requirements and their ledger lines."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
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
from articles.record.slugs import one_form
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


_makes_images = ContextVar("with_image_files", default=False)


class ImagesMissing(Exception):
    """The published files of these images must be made first, outside the transaction."""

    def __init__(self, digests: set[str]) -> None:
        super().__init__(digests)
        self.digests = digests


def with_image_files(act: Callable[[], T]) -> T:
    """Run `act`, a transaction that may publish. If image files are missing, make them and run it again.

    Inside another such act, that one makes them, outside its transaction.
    """
    if _makes_images.get():
        return act()
    token = _makes_images.set(True)
    try:
        return act()
    except ImagesMissing as missing:
        images.prepare(missing.digests)
        return act()
    finally:
        _makes_images.reset(token)


def publish_article(*, page: ArticlePage, by: User | None) -> Edition:
    """Publish the page's latest revision as it was signed, then recompose the articles that link to it.

    A text that is published already makes no new edition. Raises NotSignedOff, SlugTaken.
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
    """Write the next edition of an open review, with the sign-offs that count. The caller recomposes after the commit.

    A text that is published already makes no new edition. `emergency`: the reason for publishing on one clinician's
    signature. Raises NotSignedOff, NoteMissing, SlugTaken, ImagesMissing.
    """
    signoffs = signatures.require_in_emergency(review) if emergency else signatures.require(review)
    if review.is_current and review.base and not emergency:
        return review.base
    change_note.require(review)
    draft, filing, now = review.draft, filing_of(review), timezone.now()
    assert draft is not None and review.revision is not None
    require_free(review.id, filing)
    require_disclaimers(draft.disclaimers)
    pictures = _require_image_files(review)
    publish_page(review, by)
    notices.put_on(review.id, draft.translation_key, draft.locale, by=actor(by), at=now)
    terms = terms_of(review, emergency=emergency)
    keys = [row.pk for row in signoffs]
    edition = _edition(
        review, keys, by, now, terms=terms, revision=review.revision.pk, filing=filing, pictures=pictures
    )
    projection.write(review.id, now=now)
    return edition


def publish_component(review: Review, *, by: User | None) -> Edition:
    """`publish` for an offer or a disclaimer."""
    signoffs = signatures.require(review)
    if review.is_current and review.base:
        return review.base
    assert not isinstance(review.target, ArticlePage) and review.target is not None
    now = timezone.now()
    edition = _edition(review, [row.pk for row in signoffs], by, now, revision=review.target.latest_revision_id)
    projection.write(review.id, now=now)
    return edition


def filing_of(review: Review) -> Filing:
    """The address and topics of the article, from its draft. They are not part of any document or signature."""
    draft = review.draft
    assert draft is not None  # components are not filed
    return {
        "slug": one_form(draft.slug),
        "locale": draft.locale,
        "translation_key": str(draft.translation_key),
        "topics": [{"slug": slug, "name": name} for slug, name in draft.topics],
    }


def require_free(article: UUID, filing: Filing) -> None:
    """Raises SlugTaken if another article has or once had this slug, in whatever case or Unicode form."""
    taken = Path.objects.filter(locale=filing["locale"], slug=one_form(filing["slug"])).exclude(article=article)
    if taken.exists():
        raise SlugTaken(f"Another article uses the address “{filing['slug']}”. Choose another slug.")


def publish_page(review: Review, by: User | None) -> None:
    """Publish the Wagtail page, without its own go-live and expiry dates, which would bypass the record.

    The page was validated when its revision was saved, and `require_free` has checked its address.
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
    """Write the next edition with its ledger line. `filing` and `pictures` are for articles, and only in the line."""
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
    """The image files. Raises ImagesMissing if some must be made first, which is too slow for a locking transaction."""
    wanted = image_digests(*(document.value for document in review.documents.values()))
    made = images.describe(wanted)
    if lacking := wanted - {picture["image"] for picture in made}:
        raise ImagesMissing(lacking)
    transaction.on_commit(lambda: images.forget(wanted))
    return made


def terms_of(review: Review, *, emergency: str = "") -> Json:
    """The review terms of the edition: its duration, what follows, and the required signatures.

    `correction`: the edition corrects an error, so its note is shown above the article.
    """
    change, base = review.change, review.base
    terms = review.rules[MEDICAL].review(is_risky=is_risky(review.documents[MEDICAL].value))
    if base and not review.asks_clinicians and base.review:
        terms = stricter(terms, base.review)
    terms |= {"emergency": {"reason": emergency}} if emergency else {}
    return terms | ({"correction": True} if change.get("correction") else {})


def _is_vouched(component: UUID) -> bool:
    """Whether no signature of the component's edition was voided without a replacement."""
    return is_vouched(history.load(component))


def require_disclaimers(disclaimers) -> None:
    """Raises NotSignedOff unless all disclaimers of the article are published."""
    published = ComponentPublication.objects.filter(
        component__in=[disclaimer.id for disclaimer in disclaimers], state=PublicationState.PUBLISHED
    )
    have = {str(component) for component in published.values_list("component", flat=True) if _is_vouched(component)}
    if lacking := [disclaimer.name for disclaimer in disclaimers if disclaimer.id not in have]:
        raise NotSignedOff(f"These disclaimers are not signed yet: {', '.join(lacking)}.", missing=lacking)

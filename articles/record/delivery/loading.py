"""What composing needs, read from the record: an edition's signed documents, and what stands around them now."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from articles.errors import NotPublished
from articles.record import history
from articles.record.delivery.clock import Grace
from articles.record.delivery.notices import notices_of, standing_notices
from articles.record.delivery.section_media import WEBP
from articles.record.delivery.state import ComponentState, Json, State
from articles.record.documents import read_document
from articles.record.events import instant
from articles.record.models import ComponentPublication, Document, Edition, Publication, Rendition, SignOff
from articles.record.site import Site
from articles.record.standing import History, Standing, stand
from articles.record.vocabulary import ChangeKind, DocumentKind, PublicationState, ReviewStatus

MEDICAL, PRESENTATION = DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value


def load_state(article: UUID, *, filing: Json, site: Site) -> State:
    """All that composing the article's latest edition needs. Raises NotPublished."""
    past = history.load(article)
    editions = list(past.editions)
    if not editions:
        raise NotPublished(f"No edition stands behind the publication of article {article}: nothing can be composed.")
    medical, presentation = _values(editions[-1].digests[MEDICAL], editions[-1].digests[PRESENTATION])
    past = history.with_sources(past, [row["source_id"] for row in medical["references"]])
    past = history.with_disclaimers(past, presentation)
    standing = stand(past)
    return state_of(
        article,
        filing=filing,
        site=site,
        edition=_edition(editions),
        review=_review(standing),
        medical=medical,
        presentation=presentation,
        components=components_of(presentation),
        renditions=_renditions(medical, presentation, site),
        notices=notices_of(past, standing, medical, _signed_texts(past)),
        grace=Grace(standing.grace_ends_at, standing.after_grace),
    )


def state_of(article: UUID, *, filing: Json, site: Site, **given: Any) -> State:
    """A State with the addresses that it needs; `given` are State's other fields, of an edition or of a draft."""
    topics = [{"slug": topic["slug"], "name": topic["name"]} for topic in filing["topics"]]
    state = State(
        article=str(article),
        # PostgreSQL gives the keys of a stored object back in an order of its own.
        filing={key: filing[key] for key in ("slug", "locale", "translation_key")} | {"topics": topics},
        targets={},
        translations=_translations(article, UUID(filing["translation_key"]), site),
        api_url=site.api_url,
        url=site.article_url(filing["slug"], filing["locale"]),
        web_url=site.page_url(filing["slug"], filing["locale"]),
        **given,
    )
    return replace(state, targets=_targets(linked_articles(state), site))


def _values(*digests: str) -> list[Json]:
    rows = Document.objects.in_bulk(digests)
    return [read_document(bytes(rows[digest].content)) for digest in digests]


def _edition(editions: list[Edition]) -> Json:
    latest = editions[-1]
    material = [edition for edition in editions if edition.change_kind != ChangeKind.EDITORIAL]
    change = {"kind": latest.change_kind, "note": latest.change_note} if latest.number > 1 else None
    return {
        "number": latest.number,
        "digests": {part: latest.digests[part] for part in (MEDICAL, PRESENTATION)},
        "published_at": instant(latest.published_at),
        "first_published_at": instant(editions[0].published_at),
        "updated_at": instant(material[-1].published_at),
        "change": change,
    }


def _review(standing: Standing) -> Json:
    """Dates and reviewers. The status is the clock's, but in an emergency."""
    return {
        "status": ReviewStatus.EMERGENCY.value if standing.emergency_since else "",
        "last_reviewed_on": standing.reviewed_on.isoformat(),
        "next_review_on": standing.next_review_on.isoformat(),
        "reviewed_by": [_reviewer(signoff) for signoff in standing.reviewers],
    }


def _reviewer(signoff: SignOff) -> Json:
    copied = ("name", "credentials", "specialty", "role")
    return {key: getattr(signoff, key) for key in copied} | {"signed_at": instant(signoff.signed_at)}


def _signed_texts(past: History) -> dict[str, str]:
    """{digest: text} of the safety notices that stand."""
    digests = [event.data["digest"] for event in standing_notices(past)]
    rows = Document.objects.in_bulk(digests) if digests else {}
    return {digest: read_document(bytes(row.content))["text"] for digest, row in rows.items()}


def components_of(presentation: Json) -> dict[str, ComponentState]:
    """The current editions of the components that a presentation names; one that readers cannot get is not here."""
    ids = [row["offer"] for row in presentation["offers"]] + [row["id"] for row in presentation["disclaimers"]]
    rows = ComponentPublication.objects.filter(component__in=ids, state=PublicationState.PUBLISHED)
    found = {str(row.component): row for row in rows}
    values = Document.objects.in_bulk([row.digest for row in found.values()])
    return {
        key: ComponentState(
            key,
            found[key].kind,
            found[key].edition,
            found[key].digest,
            read_document(bytes(values[found[key].digest].content)),
        )
        for key in dict.fromkeys(ids)
        if key in found
    }


def _renditions(medical: Json, presentation: Json, site: Site) -> dict[str, list[Json]]:
    """Each image's files, WebP before what every client reads, the smallest first."""
    digests = image_digests(medical, presentation)
    rows = Rendition.objects.filter(image__in=digests)
    made: dict[str, list[Json]] = {}
    for row in sorted(rows, key=lambda row: (row.type != WEBP, row.type, row.width)):
        shown = {"width": row.width, "height": row.height, "type": row.type, "sha256": row.sha256}
        made.setdefault(row.image, []).append({"url": site.file_url(row.path)} | shown)
    return made


def _targets(ids: Iterable[str], site: Site) -> dict[str, Json]:
    rows = Publication.objects.filter(article__in=list(ids), state=PublicationState.PUBLISHED)
    return {
        str(row.article): {
            "slug": row.slug,
            "title": row.title,
            "url": site.article_url(row.slug, row.locale),
            "web_url": site.page_url(row.slug, row.locale),
        }
        for row in rows.only("article", "slug", "title", "locale")
    }


def _translations(article: UUID, key: UUID, site: Site) -> list[Json]:
    rows = Publication.objects.filter(translation_key=key, state=PublicationState.PUBLISHED)
    rows = rows.exclude(article=article).order_by("locale").only("locale", "slug")
    return [{"locale": row.locale, "url": site.article_url(row.slug, row.locale), "outdated": False} for row in rows]


def linked_articles(state: State) -> set[str]:
    """Ids of the articles that text links to or that are named as related."""
    components = [component.value for component in state.components.values()]
    marks = [found for found in _dicts([state.medical, *components]) if found.get("_type") == "article"]
    return {mark["article"] for mark in marks} | {row["id"] for row in state.presentation["related"]}


def image_digests(*documents: Json) -> set[str]:
    """Digests of the images that documents show."""
    return {found["sha256"] for document in documents for found in _dicts(document) if "sha256" in found}


def _dicts(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _dicts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _dicts(item)

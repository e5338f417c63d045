"""From what was read of the record to the State of one article: its latest edition, and what is shown with it. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from articles.errors import NotPublished
from articles.record.citations.addresses import address_of
from articles.record.delivery.clock import Grace, is_withheld
from articles.record.delivery.content.mentions import articles_named, components_named, sources_named
from articles.record.delivery.content.section_media import WEBP
from articles.record.delivery.loading import MEDICAL, PRESENTATION, Record
from articles.record.delivery.notices import notices_of, standing_notices
from articles.record.delivery.state import ComponentState, Json, State
from articles.record.event_data import Filing, Picture
from articles.record.events import instant
from articles.record.models import Edition, SignOff
from articles.record.outdated import is_outdated
from articles.record.site import Site
from articles.record.standing import History, Standing, last_status, stand, unresolved_void
from articles.record.vocabulary import ChangeKind, EventKind, PublicationState, ReviewStatus, SourceStatus, SubjectKind
from articles.record.words import Word


def published_state(record: Record, article: UUID, *, site: Site, now: datetime) -> State:
    """Everything needed to compose the article's latest edition. Raises NotPublished if a text of it was erased."""
    edition = record.editions[article][-1]
    medical, presentation = record.value(edition, MEDICAL), record.value(edition, PRESENTATION)
    if medical is None or presentation is None:
        raise NotPublished(f"Article {article} cannot be composed: a text of edition {edition.number} was erased.")
    past = record.whole_history(article)
    standing = stand(past)
    return state_of(
        record,
        article,
        filing=record.filing(article),
        site=site,
        now=now,
        edition=_edition(past.editions),
        review=_review(standing),
        medical=medical,
        presentation=presentation,
        components=components_of(record, presentation),
        renditions=_renditions(pictures_of(record, article), site),
        notices=notices_of(past, standing, medical, _signed_texts(record, past)),
        grace=Grace(standing.grace_ends_at, standing.after_grace),
    )


def state_of(record: Record, article: UUID, *, filing: Filing, site: Site, now: datetime, **given: Any) -> State:
    """A State with the addresses that it needs; `given` are State's other fields, of an edition or of a draft."""
    values = [given["medical"], given["presentation"], *(row.value for row in given["components"].values())]
    return State(
        article=str(article),
        filing=in_order(filing),
        targets=_targets(record, articles_named(*values), filing["locale"], site, now),
        translations=_translations(record, article, UUID(filing["translation_key"]), site, now),
        api_url=site.api_url,
        url=site.article_url(filing["slug"], filing["locale"]),
        web_url=site.page_url(filing["slug"], filing["locale"]),
        sources=_sources(record, sources_named(given["medical"])),
        **given,
    )


def _sources(record: Record, named: Iterable[str]) -> dict[str, Json]:
    """What became of these sources; without those in good standing."""
    events = (event for key in set(named) for event in record.events.get(UUID(key), ()))
    return {
        key: {
            "status": event.data["status"],
            "since": event.at.astimezone(UTC).date().isoformat(),
            "url": address_of(event.data.get("notice", "")),
        }
        for key, event in last_status(events).items()
        if event.data["status"] != SourceStatus.STANDING
    }


def components_of(record: Record, presentation: Json) -> dict[str, ComponentState]:
    """The current editions of the components that a presentation names; without unpublished ones."""
    keys = list(dict.fromkeys(components_named(presentation)))
    shown = {key: record.latest(UUID(key)) for key in keys}
    states = {key: _component(record, edition) for key, edition in shown.items() if edition}
    return {key: state for key, state in states.items() if state}


def component_state(record: Record, component: UUID) -> PublicationState:
    """Without an offer an article is served; without its disclaimer none ever is. So a voided signature takes an offer
    from readers, and leaves a disclaimer: what shows it is due for review, or withheld (articles.record.standing)."""
    edition = record.editions[component][-1]
    if record.withdrawal(component):
        return PublicationState.WITHDRAWN
    is_offer = edition.subject_kind == SubjectKind.OFFER
    is_void = is_offer and unresolved_void(record.history(component)) is not None
    return PublicationState.WITHHELD if is_void else PublicationState.PUBLISHED


def pictures_of(record: Record, article: UUID) -> list[Picture]:
    """Files of the pictures that the latest edition shows, as its event names them."""
    published = [event for event in record.events[article] if event.kind == EventKind.PUBLISHED]
    return published[-1].data.get("renditions", []) if published else []


def in_order(filing: Filing) -> Json:
    """PostgreSQL gives the keys of a stored object back in an order of its own."""
    topics = [{"slug": topic["slug"], "name": topic["name"]} for topic in filing["topics"]]
    where = {"slug": filing["slug"], "locale": filing["locale"], "translation_key": filing["translation_key"]}
    return where | {"topics": topics}


def _component(record: Record, edition: Edition) -> ComponentState | None:
    if component_state(record, edition.subject) != PublicationState.PUBLISHED:
        return None
    digest = edition.digests[edition.subject_kind]
    value = record.documents.get(digest)
    if value is None:
        return None
    return ComponentState(str(edition.subject), edition.subject_kind, edition.number, digest, value)


def _edition(editions: Any) -> Json:
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
    copied = {key: getattr(signoff, key) for key in ("name", "credentials", "specialty", "role")}
    who = {"id": str(signoff.person) if signoff.person else None}
    return who | copied | {"signed_at": instant(signoff.signed_at)}


def _signed_texts(record: Record, past: History) -> dict[str, Word]:
    """{digest: text} of the active safety notices. Those from before notices named their language are in the
    article's."""
    edition = past.editions[-1]
    language = (record.value(edition, MEDICAL) or {}).get("language", "")
    documents = {event.data["digest"]: record.documents[event.data["digest"]] for event in standing_notices(past)}
    return {digest: Word(value["text"], value["language"] or language) for digest, value in documents.items()}


def _renditions(pictures: Iterable[Picture], site: Site) -> dict[str, list[Json]]:
    """Each image's files, WebP before what every client reads, the smallest first."""
    made: dict[str, list[Json]] = {}
    for row in sorted(pictures, key=lambda row: (row["type"] != WEBP, row["type"], row["width"])):
        shown = {"width": row["width"], "height": row["height"], "type": row["type"], "sha256": row["sha256"]}
        made.setdefault(row["image"], []).append({"url": site.file_url(row["path"])} | shown)
    return made


def _targets(record: Record, ids: Iterable[str], language: str, site: Site, now: datetime) -> dict[str, Json]:
    """Where links to these articles lead: to the translation in this language, else to the article itself; without
    those that readers cannot get."""
    found = {key: _readable(record, UUID(key), language, now) for key in sorted(ids)}
    return {key: _target(record, article, site) for key, article in found.items() if article}


def _readable(record: Record, article: UUID, language: str, now: datetime) -> UUID | None:
    if article not in record.editions:
        return None
    group = [article, *record.translations(article)]
    by_preference = [*(key for key in group if _locale_of(record, key) == language), article]
    return next((key for key in by_preference if _is_served(record, key, now)), None)


def _locale_of(record: Record, article: UUID) -> str:
    return record.filing(article)["locale"]


def _target(record: Record, article: UUID, site: Site) -> Json:
    filing, medical = record.filing(article), record.value(record.editions[article][-1], MEDICAL) or {}
    return {
        "id": str(article),
        "locale": filing["locale"],
        "slug": filing["slug"],
        "title": medical.get("title", ""),
        "url": site.article_url(filing["slug"], filing["locale"]),
        "web_url": site.page_url(filing["slug"], filing["locale"]),
    }


def _translations(record: Record, article: UUID, key: UUID, site: Site, now: datetime) -> list[Json]:
    others = [other for other, editions in record.editions.items() if editions[-1].translation_key == key]
    served = [other for other in others if other != article and _is_served(record, other, now)]
    own = record.editions.get(article, [])
    made = [_target(record, other, site) | {"outdated": is_outdated(record.editions[other], own)} for other in served]
    kept = ("id", "locale", "url", "web_url", "outdated")
    return [{name: row[name] for name in kept} for row in sorted(made, key=lambda row: (row["locale"], row["slug"]))]


def _is_served(record: Record, article: UUID, now: datetime) -> bool:
    edition = record.latest(article)
    if edition is None or edition.subject_kind != SubjectKind.ARTICLE or record.withdrawal(article):
        return False
    standing = stand(record.whole_history(article))
    return not is_withheld(Grace(standing.grace_ends_at, standing.after_grace), now)

"""The rebuildable half of the record: load what `compose` needs, write what delivery reads.

Everything here derives from documents, sign-offs, editions and events; `recompose` may do it again at any time.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from articles.errors import NotPublished
from articles.record import history
from articles.record.compose import ComponentState, Composed, State, compose
from articles.record.due import Grace
from articles.record.events import instant
from articles.record.models import (
    ComponentPublication,
    Document,
    Edition,
    Facet,
    Link,
    Path,
    Publication,
    Rendition,
    SignOff,
    TopicEntry,
)
from articles.record.notices import notices_of, standing_notices
from articles.record.section_media import WEBP
from articles.record.site import Site
from articles.record.standing import History, Standing, stand
from articles.record.vocabulary import ChangeKind, DocumentKind, PublicationState, ReviewStatus

Json = dict[str, Any]
CLOCK = ("next_review_on", "grace_ends_at", "after_grace")
SERVED = (PublicationState.PUBLISHED, PublicationState.WITHHELD)  # what stands on an edition in force
MEDICAL, PRESENTATION = DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value


def load_state(article: UUID, *, filing: Json, site: Site) -> State:
    """All that composing the article's latest edition needs. Raises NotPublished."""
    past = history.load(article)
    editions = list(past.editions)
    if not editions:
        raise NotPublished(f"No edition stands behind the publication of article {article}: nothing can be composed.")
    medical, presentation = _values(editions[-1].digests[MEDICAL], editions[-1].digests[PRESENTATION])
    past = history.with_sources(past, [row["source_id"] for row in medical["references"]])
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


def current(article: UUID, *, filing: Json, site: Site, now: datetime) -> tuple[State, Composed]:
    state = load_state(article, filing=filing, site=site)
    return state, compose(state, now=now)


def write(state: State, composed: Composed, *, event: int, now: datetime) -> Publication:
    """Set the publication and everything that delivery looks it up by."""
    article = UUID(state.article)
    row, _ = Publication.objects.update_or_create(
        article=article,
        defaults={
            "translation_key": UUID(state.filing["translation_key"]),
            "locale": state.filing["locale"],
            "slug": state.filing["slug"],
            "state": PublicationState.WITHHELD if composed.is_withheld else PublicationState.PUBLISHED,
            "edition": state.edition["number"],
            "components": composed.article["components"],
            "filing": state.filing,
            "notice": None,
            "title": state.medical["title"][:255],
            "body": composed.body,
            "body_gzip": composed.body_gzip,
            "portable": composed.portable,
            "card": composed.card,
            "etag": composed.etag,
            "published_at": _moment(state.edition["published_at"]),
            "first_published_at": _moment(state.edition["first_published_at"]),
            "updated_at": _moment(state.edition["updated_at"]),
            "composed_at": now,
            "fresh_until": composed.fresh_until,
            "event": event,
            **clock_of(composed),
        },
    )
    _write_path(article, state.filing)
    _replace(Facet, article, facets(state), ("name", "value"))
    _replace(Link, article, links(state) | _once_shown(article), ("relation", "target"))
    _write_topics(state.filing["topics"])
    return row


def clock_of(composed: Composed) -> Json:
    """The columns by which the clock is asked."""
    grace = composed.grace
    return {
        "next_review_on": date.fromisoformat(composed.article["review"]["next_review_on"]),
        "grace_ends_at": grace.ends_at if grace else None,
        "after_grace": grace.after if grace else "",
    }


def is_as_stored(row: Publication, composed: Composed) -> bool:
    """Compares the bytes themselves, so that a body that somebody changed in the database is found, and mended."""
    stored = [bytes(part) for part in (row.body, row.body_gzip, row.portable, row.card)]
    if clock_of(composed) != {name: getattr(row, name) for name in CLOCK}:
        return False
    if (row.state == PublicationState.WITHHELD) != composed.is_withheld:
        return False
    return row.etag == composed.etag and stored == [
        composed.body,
        composed.body_gzip,
        composed.portable,
        composed.card,
    ]


def facets(state: State) -> set[tuple[str, str]]:
    """What the article can be filtered by."""
    medical = state.medical
    sections = medical["sections"]
    found = {("audience", medical["audience"]), ("article_type", medical["article_type"])}
    found |= {("topic", topic["slug"]) for topic in state.filing["topics"]}
    coded = [*medical["codes"], *(substance for substance in medical["substances"] if substance["code"])]
    found |= {("code", f"{row['system']}|{row['code']}") for row in coded}
    found |= {("kind", section["kind"]) for section in sections}
    found |= {("aspect", section["aspect"]) for section in sections if "aspect" in section}
    return found | {
        ("certainty", finding["certainty"]) for section in sections for finding in section.get("findings", [])
    }


def links(state: State) -> set[tuple[str, str]]:
    """What the article stands on: a change of any of these may change what readers get."""
    named = [row["offer"] for row in state.presentation["offers"]]
    named += [row["id"] for row in state.presentation["disclaimers"]]
    found = {("component", component) for component in named}
    found |= {("article", article) for article in linked_articles(state)}
    found |= {("source", reference["source_id"]) for reference in state.medical["references"]}
    return found | {("image", digest) for digest in image_digests(state.medical, state.presentation)}


def linked_articles(state: State) -> set[str]:
    """Ids of the articles that text links to or that are named as related."""
    components = [component.value for component in state.components.values()]
    marks = _marks([state.medical, *components])
    return {mark["article"] for mark in marks} | {row["id"] for row in state.presentation["related"]}


def image_digests(*documents: Json) -> set[str]:
    """Digests of the images that documents show."""
    return {found["sha256"] for document in documents for found in _dicts(document) if "sha256" in found}


def current_event(subject: UUID) -> int:
    """The event that set what readers get of an article or component; 0 where they get nothing."""
    article = Publication.objects.filter(article=subject).values_list("event", flat=True)
    component = ComponentPublication.objects.filter(component=subject).values_list("event", flat=True)
    return next(iter([*article, *component]), 0)


def lagging(*, relation: str, target: str) -> list[UUID]:
    """Published articles that stand on `target`, in a stable order."""
    rows = Link.objects.filter(relation=relation, target=target).values_list("article", flat=True)
    published = Publication.objects.filter(article__in=list(rows), state__in=SERVED)
    return list(published.order_by("article").values_list("article", flat=True))


def _values(*digests: str) -> list[Json]:
    rows = Document.objects.in_bulk(digests)
    return [json.loads(bytes(rows[digest].content)) for digest in digests]


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


def _signed_texts(past: History) -> dict[str, str]:
    """{digest: text} of the safety notices that stand."""
    digests = [event.data["digest"] for event in standing_notices(past)]
    rows = Document.objects.in_bulk(digests) if digests else {}
    return {digest: json.loads(bytes(row.content))["text"] for digest, row in rows.items()}


def _reviewer(signoff: SignOff) -> Json:
    copied = ("name", "credentials", "specialty", "role")
    return {key: getattr(signoff, key) for key in copied} | {"signed_at": instant(signoff.signed_at)}


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
            json.loads(bytes(values[found[key].digest].content)),
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


def _write_path(article: UUID, filing: Json) -> None:
    Path.objects.filter(article=article).exclude(slug=filing["slug"]).update(current=False)
    Path.objects.update_or_create(
        locale=filing["locale"], slug=filing["slug"], defaults={"article": article, "current": True}
    )


def _write_topics(topics: list[Json]) -> None:
    for topic in topics:
        TopicEntry.objects.update_or_create(slug=topic["slug"], defaults={"name": topic["name"]})


def _once_shown(article: UUID) -> set[tuple[str, str]]:
    """Images of earlier editions: an app that holds yesterday's article still gets its pictures."""
    return set(Link.objects.filter(article=article, relation="image").values_list("relation", "target"))


def _replace(model, article: UUID, wanted: set[tuple[str, str]], fields: tuple[str, str]) -> None:
    have = set(model.objects.filter(article=article).values_list(*fields))
    for row in have - wanted:
        model.objects.filter(article=article, **dict(zip(fields, row, strict=True))).delete()
    model.objects.bulk_create(
        model(article=article, **dict(zip(fields, row, strict=True))) for row in sorted(wanted - have)
    )


def _dicts(value: Any):
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _dicts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _dicts(item)


def _marks(value: Any) -> list[Json]:
    return [found for found in _dicts(value) if found.get("_type") == "article"]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)

"""project(record, subject, site, now) -> rows: every row by which delivery finds and serves a subject. Pure.

A row is a function of the append-only part alone, never of another row. So all of them can be thrown away, written
again, and compared (articles.record.ledger.derived). `now` is the clock: what it does to a review's state.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from articles.record import words
from articles.record.delivery.article_state import component_state, in_order, published_state
from articles.record.delivery.compose import VERSION, Composed, compose
from articles.record.delivery.content.mentions import articles_named, components_named, image_digests, sources_named
from articles.record.delivery.loading import MEDICAL, Record
from articles.record.delivery.publications import TRANSLATIONS
from articles.record.delivery.rows import columns
from articles.record.delivery.state import Json, State
from articles.record.event_data import Filing
from articles.record.keys import cards
from articles.record.models import (
    ComponentPublication,
    Edition,
    Event,
    Facet,
    KeyCard,
    KeyRevocation,
    Link,
    OldAddress,
    Path,
    Publication,
    Rendition,
    SearchText,
    TopicEntry,
)
from articles.record.search import codes
from articles.record.search.alphabet import title_key
from articles.record.search.said import paragraph, said_in
from articles.record.site import Site
from articles.record.slugs import address_key, one_form
from articles.record.vocabulary import EventKind, PublicationState, RevokeReason, SubjectKind

Row = TypeVar("Row", bound=Model)
NOTICE = ("reason", "explanation", "replacement", "withdrawn_at", "temporary")


def project(record: Record, subject: UUID, *, site: Site, now: datetime) -> list[Model]:
    """The rows of an article or a component; none without an edition. Topics and pictures: those it names now."""
    edition = record.latest(subject)
    if edition is None:
        return []
    if edition.subject_kind != SubjectKind.ARTICLE:
        return [_component(record, edition)]
    rows = [*_paths(record, subject), *shared(record.events[subject]).values()]
    if withdrawal := record.withdrawal(subject):
        return [*rows, _withdrawn(record, edition, withdrawal)]
    state = published_state(record, subject, site=site, now=now)
    composed = compose(state, now=now)
    found = [*_facets(subject, state), _search_text(record, subject, state), *_links(record, subject, state)]
    return [*rows, _served(record, edition, state, composed), *found]


def shared(events: Iterable[Event]) -> dict[tuple[Any, ...], Model]:
    """Topics, pictures, old addresses and keys, by their own keys, as the last of these events (oldest first) names."""
    rows: dict[tuple[Any, ...], Model] = {}
    for event in events:
        for topic in event.data.get("filing", {}).get("topics", ()):
            named = _row(TopicEntry, slug=one_form(topic["slug"]), name=topic["name"], event=event.number)
            rows[TopicEntry, named.slug] = named
        if event.kind == EventKind.IMPORTED and event.data["address"]:
            key, address = address_key(event.data["address"]), event.data["address"]
            old = _row(OldAddress, key=key, address=address, article=event.subject, event=event.number)
            rows[OldAddress, key] = old
        for row in _keys(event):
            rows[type(row), row.pk] = row
        for picture in event.data.get("renditions", ()):
            made = _row(Rendition, **picture, event=event.number)
            rows[Rendition, made.image, made.width, made.type] = made
    return rows


def _keys(event: Event) -> Iterable[KeyCard | KeyRevocation]:
    said = event.data
    if event.kind in (EventKind.KEY_ISSUED, EventKind.KEY_ROTATED):
        holder = said.get("holder", cards.ORGANISATION)
        given = {"key": said["key"], "holder": holder, "spki": said["spki"], "card": said["card"]}
        yield _row(KeyCard, event=event.number, subject=event.subject, at=event.at, **given)
    if event.kind == EventKind.KEY_REVOKED:
        reason = said["reason"] if said["reason"] in RevokeReason.values else RevokeReason.OTHER.value
        key = cards.key_id(said["spki"])
        yield _row(KeyRevocation, key=key, since=said["since"], reason=reason, event=event.number)


def _component(record: Record, edition: Edition) -> ComponentPublication:
    return _row(
        ComponentPublication,
        component=edition.subject,
        kind=edition.subject_kind,
        state=component_state(record, edition.subject).value,
        edition=edition.number,
        digest=edition.digests[edition.subject_kind],
        published_at=edition.published_at,
        event=record.last_event(edition.subject),
    )


def _served(record: Record, edition: Edition, state: State, composed: Composed) -> Publication:
    grace = composed.grace
    return _row(
        Publication,
        **_head(record, edition),
        state=(PublicationState.WITHHELD if composed.is_withheld else PublicationState.PUBLISHED).value,
        components=composed.article["components"],
        notice=None,
        title=state.medical["title"][:255],
        title_key=title_key(state.medical["title"]),
        body=composed.body,
        body_gzip=composed.body_gzip,
        portable=composed.portable,
        card=composed.card,
        etag=composed.etag,
        updated_at=datetime.fromisoformat(state.edition["updated_at"]),
        fresh_until=composed.fresh_until,
        reviewed_on=date.fromisoformat(composed.article["review"]["last_reviewed_on"]),
        next_review_on=date.fromisoformat(composed.article["review"]["next_review_on"]),
        grace_ends_at=grace.ends_at if grace else None,
        after_grace=grace.after if grace else "",
        read_to=_read_to(record, edition.subject, state),
    )


def _withdrawn(record: Record, edition: Edition, withdrawal: Event) -> Publication:
    """The row of a withdrawn article, which answers 410 with the reason and replacement. It has no body and no card."""
    medical = record.value(edition, MEDICAL) or {}
    return _row(
        Publication,
        **_head(record, edition),
        state=PublicationState.WITHDRAWN.value,
        components=[],
        notice=_notice(record, edition.subject, withdrawal),
        title=medical.get("title", "")[:255],
        title_key=title_key(medical.get("title", "")),
        body=b"",
        body_gzip=b"",
        portable=b"",
        card=b"",
        etag="",
        updated_at=edition.published_at,
        fresh_until=None,
        reviewed_on=None,
        next_review_on=None,
        grace_ends_at=None,
        after_grace="",
        read_to=0,
    )


def _notice(record: Record, article: UUID, withdrawal: Event) -> Json:
    """Why it was withdrawn; words whose signature was voided give way to the fixed sentence. `lang`: of the words."""
    said = {key: withdrawal.data[key] for key in NOTICE}
    locale = record.filing(article)["locale"]
    fixed = words.sentence(f"withdrawn-{said['reason']}", locale)
    if withdrawal.data.get("signoff") in record.voided:
        said["explanation"] = fixed.text
    return said | {"lang": fixed.lang if said["explanation"] == fixed.text else words.base(locale)}


def _head(record: Record, edition: Edition) -> Json:
    """The columns that a served and a withdrawn article have in common."""
    article = edition.subject
    filing, last = record.filing(article), record.events[article][-1]
    return {
        "article": article,
        "translation_key": UUID(filing["translation_key"]),
        "locale": filing["locale"],
        "slug": filing["slug"],
        "edition": edition.number,
        "filing": in_order(filing),
        "published_at": edition.published_at,
        "first_published_at": record.editions[article][0].published_at,
        "composed_at": last.at,
        "event": last.number,
        "composer": VERSION,
    }


def _read_to(record: Record, article: UUID, state: State) -> int:
    """Number of the last event of what the article shows, links to or translates. A later one may change it."""
    linked = {UUID(key) for relation, key in _named(state) if relation not in ("image", TRANSLATIONS)}
    grouped = {other for key in linked if key in record.editions for other in record.translations(key)}
    named = linked | grouped | set(record.translations(article))
    return max((record.last_event(subject) for subject in named - {article}), default=0)


def _paths(record: Record, article: UUID) -> list[Path]:
    """The address in force and the old ones, which lead to it."""
    now = _address(record.filing(article))
    found = dict.fromkeys(_address(filing) for filing in record.filings(article))
    return [
        _row(Path, article=article, locale=locale, slug=slug, current=(locale, slug) == now) for locale, slug in found
    ]


def _address(filing: Filing) -> tuple[str, str]:
    return filing["locale"], one_form(filing["slug"])


def _facets(article: UUID, state: State) -> list[Facet]:
    """What the article can be filtered by."""
    medical = state.medical
    sections = medical.get("sections", [])
    labels = codes.facets(medical)
    found = {("audience", medical["audience"]), ("article_type", medical["article_type"]), *labels}
    found |= {("topic", one_form(topic["slug"])) for topic in state.filing["topics"]}
    found |= {("kind", section["kind"]) for section in sections}
    found |= {("aspect", section["aspect"]) for section in sections if "aspect" in section}
    found |= {("certainty", finding["certainty"]) for section in sections for finding in section.get("findings", [])}
    return [
        _row(Facet, article=article, name=name, value=value, label=labels.get((name, value), "")[:255])
        for name, value in sorted(found)
    ]


def _search_text(record: Record, article: UUID, state: State) -> SearchText:
    shown = [
        state.components[row["id"]].value["text"]
        for row in state.presentation["disclaimers"]
        if row["id"] in state.components
    ]
    disclaimers = (paragraph(block) for text in shown for block in text)
    beside = (state.medical["sponsorship"], *(row["text"] for row in state.notices), *disclaimers)
    said = said_in(state.medical, filter(None, beside))
    return _row(
        SearchText,
        number=record.editions[article][0].event,
        article=article,
        names=said.names,
        summary=said.summary,
        text=said.text,
        words=said.words,
    )


def _links(record: Record, article: UUID, state: State) -> list[Link]:
    """What the article shows or links to; and images of earlier editions, for an app that holds yesterday's article."""
    once = {picture["image"] for event in record.events[article] for picture in event.data.get("renditions", ())}
    people = {row["id"] for row in (*state.review["reviewed_by"], *state.presentation["authors"]) if row["id"]}
    found = _named(state) | {("image", image) for image in once} | _groups(record, state)
    found |= {("person", person) for person in people}
    return [_row(Link, article=article, relation=relation, target=target) for relation, target in sorted(found)]


def _named(state: State) -> set[tuple[str, str]]:
    """(relation, id) of everything that may change the published article."""
    medical, presentation = state.medical, state.presentation
    values = [medical, presentation, *(component.value for component in state.components.values())]
    found = {("component", key) for key in components_named(presentation)}
    found |= {("article", key) for key in articles_named(*values)}
    found |= {("source", key) for key in sources_named(medical)}
    return found | {("image", digest) for digest in image_digests(medical, presentation)}


def _groups(record: Record, state: State) -> set[tuple[str, str]]:
    """The translations of what it links to: a link leads to the one in the article's language."""
    linked = [UUID(key) for relation, key in _named(state) if relation == "article"]
    keys = {record.editions[key][-1].translation_key for key in linked if key in record.editions}
    return {(TRANSLATIONS, key.hex) for key in keys if key}


def _row(model: type[Row], **given: Any) -> Row:
    """A row with a computed value for each of its columns; no column is left to its default."""
    if lacking := {field.attname for field in columns(model)} - set(given):
        raise TypeError(f"{model.__name__} has columns that nothing is projected for: {', '.join(sorted(lacking))}.")
    return model(**given)

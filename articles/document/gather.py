"""Revision -> Draft: the only I/O of this stage, in at most one query for each kind of record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.timezone import localdate
from wagtail.models import Locale, Revision

from articles.authoring.codes.find import Listed, listed
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.document import stored
from articles.document.components import scope_of
from articles.document.draft import Component, Draft, ImageData, OfferData, PersonData, Section, SourceData
from articles.errors import UnknownBlock
from articles.record.models import ComponentPublication, Path
from articles.record.slugs import one_form
from articles.record.vocabulary import PublicationState, SourceDecision
from articles.sources.models import Source

Taken = dict[tuple[str, str], set[UUID]]  # {(language, address in one form): articles}


@dataclass(frozen=True)
class Stored:
    """What a revision stores: its fields, its sections, and the keys of the records that they name."""

    content: dict[str, Any]
    revision: int | None
    sections: tuple[Section, ...]
    keys: Mapping[type[Model], frozenset[int]]
    codes: frozenset[tuple[str, str]]


def gather(revision: Revision) -> Draft:
    """The draft that a revision holds. Raises UnknownBlock when rendering would lose a block."""
    return gather_many([revision])[0]


def gather_many(revisions: Iterable[Revision]) -> list[Draft]:
    """The drafts that revisions hold, in as many queries as for one."""
    return _drafts([_stored(revision.content, revision.pk) for revision in revisions])


def gather_page(page: ArticlePage) -> Draft:
    """The draft of a page as it is in memory: for previews of what is not saved yet."""
    return _drafts([_stored(page.serializable_data(), None)])[0]


def require_known_blocks(draft: Draft) -> None:
    """Raises UnknownBlock naming the block types that this version does not know."""
    if unknown := sorted({section.kind for section in draft.sections if not section.is_known}):
        raise UnknownBlock(
            f"The article contains blocks that this version of Vetted does not know: {', '.join(unknown)}. Saving "
            "would delete them. Update Vetted to the version in which they were made, or remove them there."
        )


def _stored(content: dict[str, Any], revision: int | None) -> Stored:
    sections = tuple(_sections(content.get("body")))
    bodies = [section.value for section in sections]
    reading = (key for body in bodies for key in body.get("items") or [] if isinstance(key, int))
    named: dict[type[Model], Iterable[Any]] = {
        Locale: [content["locale"]],
        Source: {*reading, *stored.source_keys(bodies)},
        Image: [content.get("hero"), content.get("social_image"), *stored.values_of(bodies, "image")],
        Offer: stored.values_of(bodies, "offer"),
        Person: _chosen(content, "authors", "person"),
        Disclaimer: _chosen(content, "disclaimers", "disclaimer"),
        Topic: _chosen(content, "topics", "topic"),
        ArticlePage: [*_chosen(content, "related", "article"), *stored.page_keys(bodies)],
    }
    keys = {model: frozenset(key for key in found if isinstance(key, int)) for model, found in named.items()}
    told = [*_values(content.get("codes")), *_values(content.get("substances")), *bodies]
    return Stored(content, revision, sections, keys, frozenset(stored.codes_of(told)))


def _drafts(found: list[Stored]) -> list[Draft]:
    """With one query for each kind of record that is named, one for codes if there are any, and one for addresses if
    they may be others' too."""
    queries = _queries(_others(found))
    rows = {model: _rows(queries[model], frozenset().union(*(each.keys[model] for each in found))) for model in queries}
    taken = _taken(found) if any(row.has_others for row in rows[Locale].values()) else {}
    codes = listed(frozenset().union(*(each.codes for each in found)))
    return [
        _draft(each, {model: _own(rows[model], each.keys[model]) for model in rows}, taken, codes) for each in found
    ]


def _queries(others: QuerySet[Path]) -> dict[type[Model], QuerySet]:
    published = ComponentPublication.objects.filter(
        component=OuterRef("component_id"), state=PublicationState.PUBLISHED
    )
    plain: tuple[type[Model], ...] = (Image, Offer, Person, Topic)
    return {model: model._default_manager.all() for model in plain} | {
        ArticlePage: ArticlePage.objects.only("article_id"),
        Locale: Locale.objects.annotate(has_others=Exists(others.filter(locale=OuterRef("language_code")))),
        Disclaimer: Disclaimer.objects.annotate(is_published=Exists(published)),
        Source: Source.objects.select_related("merged_into"),
    }


def _draft(each: Stored, rows: dict[type[Model], dict[int, Any]], taken: Taken, codes: Listed) -> Draft:
    content = each.content
    images = {key: _image(row) for key, row in rows[Image].items()}
    articles = {key: str(row.article_id) for key, row in rows[ArticlePage].items()}
    article, locale = UUID(str(content["article_id"])), rows[Locale][content["locale"]].language_code
    return Draft(
        article=article,
        page=content["pk"],
        revision=each.revision,
        locale=locale,
        translation_key=UUID(str(content["translation_key"])),
        slug=content["slug"],
        title=content["title"],
        summary=content.get("summary") or "",
        article_type=content["article_type"],
        audience=content["audience"],
        sponsorship=content.get("sponsorship") or "",
        change_note=content.get("change_note") or "",
        policy=content.get("policy"),
        seo_title=content.get("seo_title") or "",
        seo_description=content.get("search_description") or "",
        hero=images.get(content.get("hero") or 0),
        hero_alt=content.get("hero_alt") or "",
        hero_credit=content.get("hero_credit") or "",
        social_image=images.get(content.get("social_image") or 0),
        social_image_alt=content.get("social_image_alt") or "",
        social_image_credit=content.get("social_image_credit") or "",
        codes=_values(content.get("codes")),
        substances=_values(content.get("substances")),
        authors=_people(_in_order(content, "authors", "person", rows[Person])),
        disclaimers=_disclaimers(_in_order(content, "disclaimers", "disclaimer", rows[Disclaimer])),
        related=tuple(_in_order(content, "related", "article", articles)),
        topics=_topics(_in_order(content, "topics", "topic", rows[Topic])),
        sections=each.sections,
        sources=_sources(rows[Source]),
        images=images,
        offers=_offers(rows[Offer]),
        articles=articles,
        is_correction=bool(content.get("is_correction")),
        hero_decorative=bool(content.get("hero_decorative")),
        synonyms=_lines(content.get("synonyms")),
        ai_use=content.get("ai_use") or "",
        ai_tool=content.get("ai_tool") or "",
        slug_is_taken=bool(taken.get((locale, one_form(content["slug"])), set()) - {article}),
        listed_codes=_own_codes(codes, each.codes),
        gathered_on=localdate(),
    )


def _lines(text: object) -> tuple[str, ...]:
    """One on each line, as people type a list of names; each once."""
    lines = (" ".join(line.split()) for line in str(text or "").splitlines())
    return tuple(dict.fromkeys(filter(None, lines)))


def _others(found: list[Stored]) -> QuerySet[Path]:
    """Addresses of the drafts that articles have or once had; of one draft, those of other articles."""
    paths = Path.objects.filter(slug__in={one_form(each.content["slug"]) for each in found})
    return paths.exclude(article=UUID(str(found[0].content["article_id"]))) if len(found) == 1 else paths


def _taken(found: list[Stored]) -> Taken:
    """Who has or once had the drafts' addresses."""
    taken: Taken = {}
    for locale, slug, article in _others(found).values_list("locale", "slug", "article"):
        taken.setdefault((locale, slug), set()).add(article)
    return taken


def _own_codes(codes: Listed, own: Iterable[tuple[str, str]]) -> Listed:
    systems = {system for system, _ in own}
    return {system: named for system, named in codes.items() if system in systems}


def _sections(raw: object):
    for index, block in enumerate(stored.stream(raw)):
        known = block.get("type") in stored.KNOWN
        value = stored.plain(block.get("value")) if known else {}
        kind = stored.kind_of(str(block.get("type", "")))
        yield Section(str(block.get("id") or index), kind, index, value or {}, known)


def _children(content: dict, relation: str) -> list[dict]:
    return sorted(content.get(relation) or [], key=lambda row: row.get("sort_order") or 0)


def _values(raw: object) -> tuple[dict, ...]:
    return tuple(stored.plain(block.get("value") or {}) for block in stored.stream(raw))


def _chosen(content: dict[str, Any], relation: str, name: str) -> list[int]:
    return [row[name] for row in _children(content, relation)]


def _in_order(content: dict[str, Any], relation: str, name: str, rows: dict[int, Any]) -> list[Any]:
    """The records that still exist, in the order in which they were chosen."""
    return [rows[key] for key in _chosen(content, relation, name) if key in rows]


def _rows(rows: QuerySet, keys: frozenset[int]) -> dict[int, Any]:
    return rows.order_by("pk").in_bulk(keys) if keys else {}


def _own(rows: dict[int, Any], keys: frozenset[int]) -> dict[int, Any]:
    return {key: row for key, row in rows.items() if key in keys}


def _sources(rows: dict[int, Source]) -> dict[int, SourceData]:
    """By the keys that the text names. A record that was merged into another stands for that one."""
    made = {row.kept.pk: _source(row.kept) for row in rows.values()}
    return {key: made[row.kept.pk] for key, row in rows.items()}


def _source(row: Source) -> SourceData:
    return SourceData(
        key=row.pk,
        id=str(row.source_id),
        title=row.title,
        design=row.design,
        status=row.status,
        csl=row.csl,
        doi=row.doi,
        pmid=row.pmid,
        url=row.url,
        is_verified=row.verified_at is not None,
        needs_no_update=row.decision == SourceDecision.NO_UPDATE,
    )


def _image(row: Image) -> ImageData:
    return ImageData(
        key=row.pk,
        sha256=row.sha256,
        width=row.width,
        height=row.height,
        focal_x=_share(row.focal_point_x, row.width),
        focal_y=_share(row.focal_point_y, row.height),
        licence_expires_on=row.licence_expires_on.isoformat() if row.licence_expires_on else "",
    )


def _share(position: int | None, length: int) -> int:
    return 5000 if position is None or not length else min(10_000, position * 10_000 // length)


def _offers(rows: dict[int, Offer]) -> dict[int, OfferData]:
    return {
        key: OfferData(
            key,
            str(row.component_id),
            row.name,
            row.purpose,
            row.label,
            row.target,
            row.text,
            row.disclosure,
            row.is_prescription,
            scope_of(row),
        )
        for key, row in rows.items()
    }


def _people(found: list[Person]) -> tuple[PersonData, ...]:
    return tuple(PersonData(str(row.person_id), row.user_id, row.name, row.credentials) for row in found)


def _disclaimers(found: list[Disclaimer]) -> tuple[Component, ...]:
    return tuple(Component(str(row.component_id), row.name, row.is_published) for row in found)


def _topics(found: list[Topic]) -> tuple[tuple[str, str], ...]:
    return tuple((row.slug, row.name) for row in found)

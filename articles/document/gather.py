"""Revision -> Draft: the only I/O of this stage, in at most one query for each kind of record."""

from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.timezone import localdate
from wagtail.models import Locale, Revision

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.document import stored
from articles.document.components import scope_of
from articles.document.draft import Component, Draft, ImageData, OfferData, PersonData, Section, SourceData
from articles.errors import UnknownBlock
from articles.sources.models import Source


def gather(revision: Revision) -> Draft:
    """The draft that a revision holds. Raises UnknownBlock when rendering would lose a block."""
    return _draft(revision.content, revision.pk)


def gather_page(page: ArticlePage) -> Draft:
    """The draft of a page as it is in memory: for previews of what is not saved yet."""
    return _draft(page.serializable_data(), None)


def require_known_blocks(draft: Draft) -> None:
    """Raises UnknownBlock naming the block types that this version does not know."""
    if unknown := sorted({section.kind for section in draft.sections if not section.is_known}):
        raise UnknownBlock(
            f"The article contains blocks that this version of Vetted does not know: {', '.join(unknown)}. Saving "
            "would delete them. Update Vetted to the version in which they were made, or remove them there."
        )


def _draft(content: dict[str, Any], revision: int | None) -> Draft:
    sections = tuple(_sections(content.get("body")))
    bodies = [section.value for section in sections]
    images = _images(content, bodies)
    related_keys = [row["article"] for row in _children(content, "related")]
    articles = _article_ids({*related_keys, *stored.page_keys(bodies)})
    return Draft(
        article=UUID(str(content["article_id"])),
        page=content["pk"],
        revision=revision,
        locale=_language(content["locale"]),
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
        authors=_people([row["person"] for row in _children(content, "authors")]),
        disclaimers=_disclaimers([row["disclaimer"] for row in _children(content, "disclaimers")]),
        related=tuple(articles[key] for key in related_keys if key in articles),
        topics=_topics([row["topic"] for row in _children(content, "topics")]),
        sections=sections,
        sources=_sources(bodies),
        images=images,
        offers=_offers(bodies),
        articles=articles,
        is_correction=bool(content.get("is_correction")),
        synonyms=_lines(content.get("synonyms")),
        gathered_on=localdate(),
    )


def _lines(text: object) -> tuple[str, ...]:
    """One on each line, as people type a list of names; each once."""
    lines = (" ".join(line.split()) for line in str(text or "").splitlines())
    return tuple(dict.fromkeys(filter(None, lines)))


def _language(key: int) -> str:
    return Locale.objects.values_list("language_code", flat=True).get(pk=key)


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


def _rows(model: type[Model], keys) -> dict[int, Any]:
    keys = {int(key) for key in keys if key}
    return model._default_manager.order_by("pk").in_bulk(keys) if keys else {}


def _sources(bodies: list[dict]) -> dict[int, SourceData]:
    listed = {key for body in bodies for key in body.get("items") or [] if isinstance(key, int)}
    rows = _rows(Source, listed | stored.source_keys(bodies))
    return {
        key: SourceData(key, str(row.source_id), row.title, row.design, row.status, row.csl, row.doi, row.pmid, row.url)
        for key, row in rows.items()
    }


def _images(content: dict, bodies: list[dict]) -> dict[int, ImageData]:
    keys = {content.get("hero"), content.get("social_image")}
    keys |= {key for key in stored.values_of(bodies, "image") if isinstance(key, int)}
    return {key: _image(row) for key, row in _rows(Image, keys).items()}


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


def _offers(bodies: list[dict]) -> dict[int, OfferData]:
    keys = {key for key in stored.values_of(bodies, "offer") if isinstance(key, int)}
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
        for key, row in _rows(Offer, keys).items()
    }


def _people(keys: list[int]) -> tuple[PersonData, ...]:
    rows = _rows(Person, keys)
    found = (rows[key] for key in keys if key in rows)
    return tuple(PersonData(str(row.person_id), row.user_id, row.name, row.credentials) for row in found)


def _disclaimers(keys: list[int]) -> tuple[Component, ...]:
    rows = _rows(Disclaimer, keys)
    return tuple(Component(str(rows[key].component_id), rows[key].name) for key in keys if key in rows)


def _topics(keys: list[int]) -> tuple[tuple[str, str], ...]:
    rows = _rows(Topic, keys)
    return tuple((rows[key].slug, rows[key].name) for key in keys if key in rows)


def _article_ids(keys: set[int]) -> dict[int, str]:
    if not keys:
        return {}
    rows = ArticlePage.objects.filter(pk__in=keys).values_list("pk", "article_id")
    return {key: str(article) for key, article in rows}

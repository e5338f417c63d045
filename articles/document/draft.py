"""The draft: all that checks and rendering need of an article, gathered once, frozen, without queries.

Values come from Wagtail's JSON as it is stored, so that a half-written draft is a draft too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any
from uuid import UUID

from articles.authoring.codes.find import Listed

NIL = UUID(int=0)


@dataclass(frozen=True)
class Section:
    """One block of the body: `value` as stored, lists unwrapped. `index` is its place from 0."""

    id: str
    kind: str
    index: int
    value: dict[str, Any]
    is_known: bool = True

    @property
    def heading(self) -> str:
        return str(self.value.get("heading") or "").strip()

    @property
    def text(self) -> str:
        """Rich text in Wagtail's stored form (HTML with linktype attributes)."""
        return str(self.value.get("text") or "")


@dataclass(frozen=True)
class SourceData:
    """`csl` is a CSL-JSON item. `key` is its primary key; blocks may choose it by that of a record that was merged into
    it. `is_verified`: its details are those of Crossref or PubMed. `needs_no_update`: somebody decided so about its
    status.
    """

    key: int
    id: str
    title: str
    design: str
    status: str
    csl: dict[str, Any]
    doi: str
    pmid: str
    url: str
    is_verified: bool = True
    needs_no_update: bool = False


@dataclass(frozen=True)
class ImageData:
    """An image by the SHA-256 of its file; the focal point in hundredths of a percent of width and height."""

    key: int
    sha256: str
    width: int
    height: int
    focal_x: int
    focal_y: int
    licence_expires_on: str


@dataclass(frozen=True)
class PersonData:
    id: str
    user: int | None
    name: str
    credentials: str


@dataclass(frozen=True)
class OfferData:
    """What checks need to know of an offer, as a slot names it or by itself. `scope`: {codes, statuses, markets}."""

    key: int
    id: str
    name: str
    purpose: str
    label: str
    target: str
    text: str
    disclosure: str
    is_prescription: bool
    scope: dict[str, list] = field(default_factory=lambda: {"codes": [], "statuses": [], "markets": []})


@dataclass(frozen=True)
class DisclaimerData:
    """`text` without its formatting, `stored` as Wagtail stores it, `blocks` as it is signed."""

    id: str
    name: str
    text: str
    stored: str
    blocks: list[dict[str, Any]]


@dataclass(frozen=True)
class Component:
    id: str
    name: str
    is_published: bool = True


@dataclass(frozen=True)
class Draft:
    """An article as it would be rendered from one revision."""

    article: UUID
    page: int
    revision: int | None
    locale: str
    translation_key: UUID
    slug: str
    title: str
    summary: str
    article_type: str
    audience: str
    sponsorship: str
    change_note: str
    policy: int | None
    seo_title: str
    seo_description: str
    hero: ImageData | None
    hero_alt: str
    hero_credit: str
    social_image: ImageData | None
    social_image_alt: str
    social_image_credit: str
    codes: tuple[dict, ...]
    substances: tuple[dict, ...]
    authors: tuple[PersonData, ...]
    disclaimers: tuple[Component, ...]
    related: tuple[str, ...]
    topics: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    sources: dict[int, SourceData] = field(default_factory=dict)
    images: dict[int, ImageData] = field(default_factory=dict)
    offers: dict[int, OfferData] = field(default_factory=dict)
    articles: dict[int, str] = field(default_factory=dict)
    is_correction: bool = False
    hero_decorative: bool = False
    synonyms: tuple[str, ...] = ()
    ai_use: str = ""
    ai_tool: str = ""
    slug_is_taken: bool = False  # by another article, now or before
    listed_codes: Listed = field(default_factory=dict)  # for checks; in no document
    gathered_on: date | None = None  # for checks of how old something is; in no document

    @property
    def names(self) -> dict[str, str]:
        """What ids in its documents stand for, in words."""
        offers = {offer.id: offer.name for offer in self.offers.values()}
        disclaimers = {disclaimer.id: disclaimer.name for disclaimer in self.disclaimers}
        slots = {section.id: section.heading or f"slot {section.index + 1}" for section in self.of_kind("cta")}
        return offers | disclaimers | slots

    def of_kind(self, *kinds: str) -> Iterator[Section]:
        return (section for section in self.sections if section.kind in kinds)


def draft_of_section(section: Section) -> Draft:
    """A draft that holds this section alone, for previews of blocks."""
    said = {each.name: "" for each in fields(Draft) if each.type is str}
    empty = dict.fromkeys(("codes", "substances", "authors", "disclaimers", "related", "topics"), ())
    none = dict.fromkeys(("revision", "policy", "hero", "social_image"))
    return Draft(article=NIL, translation_key=NIL, page=0, sections=(section,), **said, **empty, **none)  # type: ignore[arg-type]

"""Draft -> documents. Pure: no clock, no request, no query, no setting that differs between machines.

What may be in a document is named in `record.documents`: a field of a block reaches readers only when the shape of its
kind names it there. `make_document` leaves out what says nothing, so values are given here as stored.
"""

from typing import Any

from articles.document.characters import names_of, signs_unfit_for_a_line
from articles.document.documents import Document, make_document
from articles.document.draft import Draft, ImageData, Section, draft_of_section
from articles.document.folding import fold_text, folded
from articles.document.portable_text import to_portable_text
from articles.document.references import Numbering
from articles.errors import NotRepresentable
from articles.record.canonical import without_empty_members
from articles.record.documents import CITATION, CODE, RICH_TEXT, SECTIONS, SUBSTANCE, Maybe
from articles.record.vocabulary import DocumentKind, Importance, SectionKind

MUST_SHOW = {SectionKind.RISKS, SectionKind.SEEK_HELP}
PLACED = {"id", "kind", "importance", "aspect", "level"}  # what a section has before anybody writes in it


def render(draft: Draft) -> dict[str, Document]:
    """{"medical": Document, "presentation": Document}. Raises NotRepresentable."""
    return {
        DocumentKind.MEDICAL.value: make_document(DocumentKind.MEDICAL, medical(draft)),
        DocumentKind.PRESENTATION.value: make_document(DocumentKind.PRESENTATION, presentation(draft)),
    }


def medical(draft: Draft) -> dict[str, Any]:
    """What a clinician signs: everything that says something. A section in which nothing was written is left out, and
    so is a text for search engines that says what stands there anyway."""
    numbering = Numbering(draft)
    sections = [_section(section, draft, numbering) for section in draft.sections if section.is_known]
    listed = [key for section in draft.of_kind("sources") for key in section.value.get("items") or []]
    for key in listed:
        if isinstance(key, int):
            numbering.number(key)
    references = numbering.references()
    for section in sections:
        if section["kind"] == SectionKind.SOURCES:
            section["references"] = [reference["number"] for reference in references]
    return {
        "title": _title(draft.title),
        "synonyms": list(draft.synonyms),
        "summary": draft.summary,
        "language": draft.locale,
        "audience": draft.audience,
        "article_type": draft.article_type,
        "codes": _member([CODE], draft.codes, draft, numbering),
        "substances": _member([SUBSTANCE], draft.substances, draft, numbering),
        "sponsorship": draft.sponsorship,
        "ai_use": {"use": draft.ai_use, "tool": draft.ai_tool} if draft.ai_use else None,
        "hero": _hero(draft),
        "seo": {
            "title": _unless(draft.seo_title, draft.title),
            "description": _unless(draft.seo_description, draft.summary),
            "image": _image(draft.social_image, draft.social_image_alt),
        },
        "sections": [section for section in sections if _says_something(section)],
        "references": references,
    }


def presentation(draft: Draft) -> dict[str, Any]:
    """What an editor signs: how the article is shown, and what is shown beside it."""
    return {
        "hero": _image_shown(draft.hero, draft.hero_credit),
        "seo": {"image": _image_shown(draft.social_image, draft.social_image_credit)},
        "authors": [
            {"id": author.id, "name": author.name, "credentials": author.credentials} for author in draft.authors
        ],
        "related": [{"id": article} for article in draft.related],
        "offers": [
            {"section": section.id, "offer": draft.offers[section.value["offer"]].id}
            for section in draft.of_kind("cta")
            if section.value.get("offer") in draft.offers
        ],
        "disclaimers": [{"id": disclaimer.id} for disclaimer in draft.disclaimers],
    }


def render_section(section: Section) -> dict[str, Any]:
    """One section by itself, as the medical part would hold it: for previews of blocks."""
    return make_document(DocumentKind.MEDICAL, medical(draft_of_section(section))).value["sections"][0]


def render_rich_text(html: str, draft: Draft) -> list[dict[str, Any]]:
    """One rich text of the draft by itself, with numbers of its own. Raises NotRepresentable."""
    return folded(_rich(html, draft, Numbering(draft)))


def _section(section: Section, draft: Draft, numbering: Numbering) -> dict[str, Any]:
    made = {
        "id": section.id,
        "kind": section.kind,
        "importance": Importance.MUST_SHOW.value if section.kind in MUST_SHOW else Importance.NORMAL.value,
        "heading": section.value.get("heading"),
        "text": _rich(section.text, draft, numbering),
    }
    for name, shape in SECTIONS.get(section.kind, {}).items():
        made[name] = _member(shape, section.value.get(name), draft, numbering)
    return made | _defaults(section)


def _says_something(section: dict[str, Any]) -> bool:
    return bool(without_empty_members(section).keys() - PLACED)


def _defaults(section: Section) -> dict[str, Any]:
    """What a kind says where the author chose nothing, and what is no field of its block."""
    value = section.value
    match section.kind:
        case "prose":
            return {"aspect": value.get("aspect") or "other"}
        case "seek-help":
            signs = [sign for sign in value.get("signs") or [] if sign]
            return {"signs": signs}
        case "table":
            return {"table": _table(value.get("table"))}
        case "sources":
            return {"references": []}
    return {}


def _member(shape: Any, value: Any, draft: Draft, numbering: Numbering) -> Any:
    """A field of a block, as its shape in `record.documents` names it."""
    if isinstance(shape, Maybe):
        return _figure(value, draft)
    if shape is RICH_TEXT:
        return _rich(value or "", draft, numbering)
    if shape == [CITATION]:
        return [made for citation in value or [] if (made := _citation(citation, numbering))]
    if not isinstance(shape, list) or not shape:
        return value
    return [
        {name: _member(inner, item.get(name), draft, numbering) for name, inner in shape[0].items()}
        for item in value or []
    ]


def _citation(citation: dict, numbering: Numbering) -> dict[str, Any] | None:
    number = numbering.number(citation.get("source") or 0)
    if number is None:
        return None
    return {"reference": number} | {key: citation.get(key) for key in ("support", "locator", "quote")}


def _rich(html: str, draft: Draft, numbering: Numbering) -> list[dict[str, Any]]:
    sections = {section.id for section in draft.sections if section.is_known}
    return to_portable_text(html, cite=numbering.number, articles=draft.articles, sections=sections)


def _figure(value: dict | None, draft: Draft) -> dict[str, Any] | None:
    image = draft.images.get((value or {}).get("image") or 0)
    if not value or image is None:
        return None
    made = {"caption": value.get("caption"), "credit": value.get("credit")}
    made |= _in_words(value.get("alt"), is_decorative=bool(value.get("decorative")))
    return made | {"sha256": image.sha256, "width": image.width, "height": image.height}


def _in_words(alt: object, *, is_decorative: bool) -> dict[str, Any]:
    """What a picture shows, for those who cannot see it; or that they miss nothing."""
    return {"decorative": True} if is_decorative else {"alt": alt}


def _table(value: dict | None) -> dict[str, Any]:
    value = value or {}
    return {
        "caption": value.get("table_caption"),
        "header_row": bool(value.get("first_row_is_table_header")),
        "header_column": bool(value.get("first_col_is_header")),
        "rows": [[str(cell or "") for cell in row] for row in value.get("data") or []],
    }


def _hero(draft: Draft) -> dict[str, Any] | None:
    if draft.hero is None:
        return None
    return {"sha256": draft.hero.sha256} | _in_words(draft.hero_alt, is_decorative=draft.hero_decorative)


def _image(image: ImageData | None, alt: str) -> dict[str, Any] | None:
    return {"alt": alt, "sha256": image.sha256} if image else None


def _image_shown(image: ImageData | None, credit: str) -> dict[str, Any] | None:
    """Focal point as decimal strings from 0 to 1: canonical JSON has no decimals."""
    if image is None:
        return None
    return {
        "credit": credit,
        "focal_point": {"x": _decimal(image.focal_x), "y": _decimal(image.focal_y)},
    }


def _decimal(share: int) -> str:
    return f"{share // 10_000}.{share % 10_000:04d}".rstrip("0").rstrip(".")


def _unless(text: str, default: str) -> str:
    return "" if fold_text(text) == fold_text(default) else text


def _title(title: str) -> str:
    """In one line, as it reads. Raises NotRepresentable, naming what nobody would see."""
    title = title.strip()
    if found := signs_unfit_for_a_line(title):
        raise NotRepresentable(
            f"The title contains line breaks, control characters or invisible characters that reorder text "
            f"({names_of(found)}). Type it again."
        )
    return title

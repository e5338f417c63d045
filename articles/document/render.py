"""Draft -> documents. Pure: no clock, no request, no query, no setting that differs between machines.

What may stand in a document is written here field by field: a new block field reaches readers only
when it is named in `FIELDS` below. `make_document` leaves out what says nothing, so values stand here as stored.
"""

from typing import Any

from articles.document.characters import names_of, signs_unfit_for_a_line
from articles.document.documents import Document, make_document
from articles.document.draft import Draft, ImageData, Section, draft_of_section
from articles.document.folding import fold_text
from articles.document.portable_text import to_portable_text
from articles.document.references import Numbering
from articles.errors import NotRepresentable
from articles.record.documents import CAUSE, CAUTION, CODE, EFFECT, FINDING, INTERACTION, STATUS, STEP, SUBSTANCE
from articles.record.vocabulary import DocumentKind, Importance, SectionKind

MUST_SHOW = {SectionKind.RISKS, SectionKind.SEEK_HELP}

FIELDS: dict[str, dict[str, dict[str, Any]]] = {
    "causes": {"items": CAUSE},
    "mechanism": {"steps": STEP},
    "evidence": {"findings": FINDING},
    "risks": {"effects": EFFECT, "cautions": CAUTION, "interactions": INTERACTION},
}


def render(draft: Draft) -> dict[str, Document]:
    """{"medical": Document, "presentation": Document}. Raises NotRepresentable."""
    return {
        DocumentKind.MEDICAL.value: make_document(DocumentKind.MEDICAL, medical(draft)),
        DocumentKind.PRESENTATION.value: make_document(DocumentKind.PRESENTATION, presentation(draft)),
    }


def medical(draft: Draft) -> dict[str, Any]:
    """What a clinician signs: everything that says something. A text for search engines that says what stands there
    anyway is left out."""
    numbering = Numbering(draft)
    sections = [_section(section, draft, numbering) for section in draft.sections if section.is_known]
    listed = [key for section in draft.of_kind("sources") for key in section.value.get("items") or []]
    numbering.numbers([key for key in listed if isinstance(key, int)])
    references = numbering.references()
    for section in sections:
        if section["kind"] == SectionKind.SOURCES:
            section["references"] = [reference["number"] for reference in references]
    return {
        "title": _title(draft.title),
        "summary": draft.summary,
        "language": draft.locale,
        "audience": draft.audience,
        "article_type": draft.article_type,
        "codes": [_code(code) for code in draft.codes],
        "substances": [_substance(substance) for substance in draft.substances],
        "sponsorship": draft.sponsorship,
        "hero": _image(draft.hero, draft.hero_alt),
        "seo": {
            "title": _unless(draft.seo_title, draft.title),
            "description": _unless(draft.seo_description, draft.summary),
            "image": _image(draft.social_image),
        },
        "sections": sections,
        "references": references,
    }


def presentation(draft: Draft) -> dict[str, Any]:
    """What an editor signs: how the article is shown, and what is shown beside it."""
    return {
        "hero": _image_shown(draft.hero),
        "seo": {"image": _image_shown(draft.social_image)},
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


def _section(section: Section, draft: Draft, numbering: Numbering) -> dict[str, Any]:
    made = {
        "id": section.id,
        "kind": section.kind,
        "importance": Importance.MUST_SHOW.value if section.kind in MUST_SHOW else Importance.NORMAL.value,
        "heading": section.value.get("heading"),
        "text": _rich(section.text, draft, numbering),
    }
    for name, shape in FIELDS.get(section.kind, {}).items():
        made[name] = [_item(item, shape, numbering) for item in section.value.get(name) or []]
    return made | _more(section, draft, numbering)


def _more(section: Section, draft: Draft, numbering: Numbering) -> dict[str, Any]:
    """What only one kind has."""
    value = section.value
    match section.kind:
        case "prose":
            return {"aspect": value.get("aspect") or "other"}
        case "mechanism":
            return {"figure": _figure(value.get("figure"), draft)}
        case "seek-help":
            signs = [sign for sign in value.get("signs") or [] if sign]
            return {"level": value.get("level") or "urgent", "signs": signs, "action": value.get("action")}
        case "faq":
            return {"items": [_question(item, draft, numbering) for item in value.get("items") or []]}
        case "figure":
            return {"figure": _figure(value.get("figure"), draft)}
        case "table":
            return {"table": _table(value.get("table"))}
        case "cta":
            return {"purposes": value.get("purposes")}
        case "sources":
            return {"references": []}
    return {}


def _item(item: dict, shape: dict[str, Any], numbering: Numbering) -> dict[str, Any]:
    return {key: _field(key, item.get(key), numbering) for key in shape}


def _field(key: str, value: Any, numbering: Numbering) -> Any:
    if key == "citations":
        return [made for citation in value or [] if (made := _citation(citation, numbering))]
    if key == "codes":
        return [_code(code) for code in value or []]
    return value


def _citation(citation: dict, numbering: Numbering) -> dict[str, Any] | None:
    number = numbering.number(citation.get("source") or 0)
    if number is None:
        return None
    return {"reference": number} | {key: citation.get(key) for key in ("support", "locator", "quote")}


def _question(item: dict, draft: Draft, numbering: Numbering) -> dict[str, Any]:
    return {
        "question": item.get("question"),
        "answer": _rich(item.get("answer") or "", draft, numbering),
    }


def _rich(html: str, draft: Draft, numbering: Numbering) -> list[dict[str, Any]]:
    return to_portable_text(html, cite=numbering.numbers, articles=draft.articles)


def _figure(value: dict | None, draft: Draft) -> dict[str, Any] | None:
    image = draft.images.get((value or {}).get("image") or 0)
    if not value or image is None:
        return None
    made = {
        "alt": value.get("alt") or image.alt,
        "caption": value.get("caption"),
        "credit": value.get("credit") or image.credit,
    }
    return made | {"sha256": image.sha256, "width": image.width, "height": image.height}


def _table(value: dict | None) -> dict[str, Any]:
    value = value or {}
    return {
        "caption": value.get("table_caption"),
        "header_row": bool(value.get("first_row_is_table_header")),
        "header_column": bool(value.get("first_col_is_header")),
        "rows": [[str(cell or "") for cell in row] for row in value.get("data") or []],
    }


def _image(image: ImageData | None, alt: str = "") -> dict[str, Any] | None:
    return {"alt": alt or image.alt, "sha256": image.sha256} if image else None


def _image_shown(image: ImageData | None) -> dict[str, Any] | None:
    """Focal point as decimal strings from 0 to 1: canonical JSON has no decimals."""
    if image is None:
        return None
    return {
        "credit": image.credit,
        "focal_point": {"x": _decimal(image.focal_x), "y": _decimal(image.focal_y)},
    }


def _decimal(share: int) -> str:
    return f"{share // 10_000}.{share % 10_000:04d}".rstrip("0").rstrip(".")


def _unless(text: str, default: str) -> str:
    return "" if fold_text(text) == fold_text(default) else text


def _code(code: dict) -> dict[str, Any]:
    return {key: code.get(key) for key in CODE}


def _substance(substance: dict) -> dict[str, Any]:
    status = [{key: row.get(key) for key in STATUS} for row in substance.get("status") or []]
    return {key: substance.get(key) for key in SUBSTANCE} | {"status": status}


def _title(title: str) -> str:
    """In one line, as it reads. Raises NotRepresentable, naming what nobody would see."""
    title = title.strip()
    if found := signs_unfit_for_a_line(title):
        raise NotRepresentable(
            f"The title contains line breaks, control characters or invisible characters that reorder text "
            f"({names_of(found)}). Type it again."
        )
    return title

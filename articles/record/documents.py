"""The shape of each kind of document, and how its bytes are read. Pure.

Signed bytes leave out empty members (null, "", [], {}), so that a member introduced by a later version changes no
digest until it is used. `read_document` restores them, so that readers need no special cases.

A shape names the members that may be missing: "" or None for a value, [] for a list of values, [shape] for a list of
objects, a dict for an object, Maybe for an object that may be null, and a function if the shape depends on the value.
All defaults are empty, so two documents that differ are read differently.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from articles.record.vocabulary import DocumentKind, SectionKind

Json = dict[str, Any]


@dataclass(frozen=True)
class Maybe:
    shape: Json


CODE: Json = {"system": "", "code": "", "display": ""}
CITATION: Json = {"reference": None, "support": None, "locator": "", "quote": ""}


def _mark(value: Json) -> Json:
    return {"citations": [CITATION]} if value.get("_type") == "citation" else {}


RICH_TEXT = [{"children": [{"text": "", "marks": []}], "markDefs": [_mark]}]

CAUSE: Json = {"name": "", "text": "", "codes": [CODE], "citations": [CITATION]}
STEP: Json = {"target": "", "action": None, "outcome": "", "citations": [CITATION]}
FINDING: Json = {
    "statement": "",
    "subjects": None,
    "population": "",
    "sample_size": None,
    "effect": "",
    "comparator": "",
    "absolute": "",
    "certainty": None,
    "certainty_basis": None,
    "citations": [CITATION],
}
EFFECT: Json = {"name": "", "frequency": None, "severity": None, "route": None, "citations": [CITATION]}
CAUTION: Json = {"group": "", "level": None, "advice": "", "citations": [CITATION]}
INTERACTION: Json = {"name": "", "advice": "", "citations": [CITATION]}
QUESTION: Json = {"question": "", "answer": RICH_TEXT}
PICTURE: Json = {"alt": "", "decorative": None, "sha256": ""}  # decorative: true, or absent
FIGURE: Json = PICTURE | {"caption": "", "credit": "", "width": None, "height": None}
TABLE: Json = {"caption": "", "rows": [[]]}

SECTION: Json = {"id": "", "kind": "", "importance": "", "heading": "", "text": RICH_TEXT}
SECTIONS: dict[str, Json] = {
    SectionKind.PROSE: {"aspect": None},
    SectionKind.CAUSES: {"items": [CAUSE]},
    SectionKind.MECHANISM: {"steps": [STEP], "figure": Maybe(FIGURE)},
    SectionKind.EVIDENCE: {"findings": [FINDING]},
    SectionKind.RISKS: {"effects": [EFFECT], "cautions": [CAUTION], "interactions": [INTERACTION]},
    SectionKind.SEEK_HELP: {"level": None, "signs": [], "action": ""},
    SectionKind.FAQ: {"items": [QUESTION]},
    SectionKind.FIGURE: {"figure": Maybe(FIGURE)},
    SectionKind.TABLE: {"table": TABLE},
    SectionKind.CTA: {"purposes": []},
    SectionKind.SOURCES: {"references": []},
}
# What people call one item of each list of a section.
ITEM_NAMES: dict[str, dict[str, str]] = {
    SectionKind.CAUSES: {"items": "cause"},
    SectionKind.MECHANISM: {"steps": "step"},
    SectionKind.EVIDENCE: {"findings": "finding"},
    SectionKind.RISKS: {"effects": "side effect", "cautions": "caution", "interactions": "interaction"},
    SectionKind.SEEK_HELP: {"signs": "sign"},
    SectionKind.FAQ: {"items": "question"},
}


def _section(value: Json) -> Json:
    return SECTION | SECTIONS.get(str(value.get("kind")), {})


STATUS: Json = {"market": "", "status": None}
SUBSTANCE: Json = {"name": "", "system": None, "code": "", "status": [STATUS]}
REFERENCE: Json = {
    "number": None,
    "source_id": "",
    "design": None,
    "csl": {},
    "doi": "",
    "pmid": "",
    "url": "",
}
# Pictures outside the sections: their content is medical, their display is presentation.
IMAGE: Json = {"alt": "", "sha256": ""}
IMAGE_SHOWN: Json = {"credit": "", "focal_point": {}}

SHAPES: dict[str, Json] = {
    DocumentKind.MEDICAL: {
        "title": "",
        "synonyms": [],
        "summary": "",
        "language": "",
        "audience": "",
        "article_type": "",
        "codes": [CODE],
        "substances": [SUBSTANCE],
        "sponsorship": None,
        "ai_use": Maybe({"use": "", "tool": ""}),
        "hero": Maybe(PICTURE),
        "seo": {"title": "", "description": "", "image": Maybe(IMAGE)},
        "sections": [_section],
        "references": [REFERENCE],
    },
    DocumentKind.PRESENTATION: {
        "hero": Maybe(IMAGE_SHOWN),
        "seo": {"image": Maybe(IMAGE_SHOWN)},
        "authors": [{"id": "", "name": "", "credentials": ""}],
        "related": [{"id": ""}],
        "offers": [{"section": "", "offer": ""}],
        "disclaimers": [{"id": ""}],
    },
    DocumentKind.OFFER: {
        "purpose": "",
        "label": "",
        "text": "",
        "disclosure": "",
        "target": {"type": "", "value": ""},
        "scope": {"codes": [CODE], "statuses": [], "markets": []},
    },
    DocumentKind.DISCLAIMER: {"text": RICH_TEXT},
    DocumentKind.NOTICE: {"text": "", "language": ""},
}


def read_document(content: bytes) -> Json:
    """The document with all members of its kind. Raises ValueError if the bytes are not a JSON object."""
    value = json.loads(content)
    if not isinstance(value, dict):
        raise ValueError("A document is a JSON object.")
    return with_all_members(value)


def with_all_members(document: Json) -> Json:
    """The document with the empty members of its kind restored. Documents of unknown kinds are returned unchanged."""
    return _filled(document, SHAPES.get(str(document.get("kind")), {}))


def _filled(value: Any, shape: Any) -> Any:
    if isinstance(shape, Maybe):
        return None if value is None else _filled(value, shape.shape)
    if isinstance(shape, Callable):  # type: ignore[arg-type]
        return _filled(value, shape(value)) if isinstance(value, dict) else value
    if isinstance(shape, dict) and isinstance(value, dict | None):
        found = value or {}
        return {key: _filled(found.get(key), inside) for key, inside in shape.items()} | {
            key: item for key, item in found.items() if key not in shape
        }
    if isinstance(shape, list) and isinstance(value, list | None):
        return [item if item is None or not shape else _filled(item, shape[0]) for item in value or []]
    return shape if value is None else value

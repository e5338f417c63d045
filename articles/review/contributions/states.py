"""What a contribution leaves, as a hash: equal hashes mean that nobody changed a word. Pure."""

import hashlib
import json
from typing import Any

from articles.authoring.images import Image
from articles.document import stored
from articles.record.vocabulary import DocumentKind
from articles.review.contributions import rich

MEDICAL_FIELDS = (
    "title",
    "summary",
    "locale",
    "audience",
    "article_type",
    "codes",
    "substances",
    "sponsorship",
    "hero",
    "hero_alt",
    "social_image",
    *("seo_title", "search_description"),
)
STREAM_FIELDS = ("codes", "substances")
NOTE_FIELDS = ("change_note", "is_correction", "is_editorial")
PRESENTATION_FIELDS = ("hero", "social_image")
DEFAULTS = {"seo_title": "title", "search_description": "summary"}  # one that says the same says nothing
PRESENTATION_ROWS = {"authors": "person", "disclaimers": "disclaimer", "related": "article"}
NOT_SHOWN = ("latest_revision", "name", "pk")
NOTHING: tuple[Any, ...] = (None, "", [], {})


def state_of(part: str, content: dict[str, Any]) -> Any:
    """What a saved state says in a part of an article, in its note to readers, or in a component."""
    match part:
        case DocumentKind.MEDICAL.value:
            return medical_state(content)
        case DocumentKind.PRESENTATION.value:
            return presentation_state(content)
        case "note":
            return note_state(content)
        case "words":
            return words_state(content)
    return component_state(content, kind=part)


def medical_state(content: dict[str, Any]) -> list[Any]:
    return [*medical_fields(content).values(), [section for _, section in sections(content)]]


def medical_fields(content: dict[str, Any]) -> dict[str, Any]:
    """Each field beside the sections; streams without the ids of their members."""
    return {
        name: [_block(block) for block in stored.stream(content.get(name))]
        if name in STREAM_FIELDS
        else _unless_default(name, content)
        for name in MEDICAL_FIELDS
    }


def note_state(content: dict[str, Any]) -> list[Any] | None:
    """What readers are told of the change; None where there is nothing to tell."""
    said = [content.get(name) or "" for name in NOTE_FIELDS]
    return said if any(said) else None


def words_state(content: dict[str, Any]) -> list[Any] | None:
    """The sections alone, under whatever title and language; None where they hold not even two words."""
    found = [section for _, section in sections(content)]
    is_written = any(" " in text.strip() for text in stored.strings_of(found))
    return found if is_written else None


def presentation_state(content: dict[str, Any]) -> list[Any]:
    return [*presentation_fields(content).values()]


def presentation_fields(content: dict[str, Any]) -> dict[str, Any]:
    """What stands in each field; rows by whom or what they name."""
    fields = {name: content.get(name) for name in PRESENTATION_FIELDS}
    rows = {name: [row[key] for row in content.get(name) or []] for name, key in PRESENTATION_ROWS.items()}
    offers = [
        [block.get("id"), block["value"].get("offer")]
        for block in stored.stream(content.get("body"))
        if block["type"] == "cta"
    ]
    return fields | rows | {"offers": offers}


def _unless_default(name: str, content: dict[str, Any]) -> Any:
    value = content.get(name)
    return None if name in DEFAULTS and value == content.get(DEFAULTS[name]) else value


def component_state(content: dict[str, Any], *, kind: str) -> dict[str, Any]:
    shown = {key: value for key, value in content.items() if key not in NOT_SHOWN}
    return shown | {"text": rich.said(shown.get("text"))} if kind == DocumentKind.DISCLAIMER else shown


def image_state(image: Image) -> list[Any]:
    """With the point that clients keep in view, where somebody set one."""
    point = [image.focal_point_x, image.focal_point_y]
    return [image.sha256, image.alt, image.credit, *(point if point != [None, None] else [])]


def sections(content: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    """(the block's id or its place, [type, what it says]) of each section, in order; slots without their offers."""
    blocks = stored.stream(content.get("body"))
    return [(str(block.get("id") or place), _without_offer(block)) for place, block in enumerate(blocks)]


def hash_of(state: Any) -> str:
    return hashlib.sha256(json.dumps(said(state), sort_keys=True, default=str).encode()).hexdigest()


def said(value: Any) -> Any:
    """Without what says nothing: the editor's form writes null, "" and [] as it likes."""
    if isinstance(value, dict):
        return {key: each for key, item in value.items() if (each := said(item)) not in NOTHING}
    return [said(item) for item in value] if isinstance(value, list | tuple) else value


def _without_offer(block: dict[str, Any]) -> list[Any]:
    kind, value = _block(block)
    if kind == "cta" and isinstance(value, dict):
        value = {key: item for key, item in value.items() if key != "offer"}
    return [kind, rich.of_section(kind, value)]


def _block(block: dict[str, Any]) -> list[Any]:
    return [block["type"], stored.plain(block.get("value"))]

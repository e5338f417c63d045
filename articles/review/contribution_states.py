"""What a contribution leaves, as a hash: equal hashes mean that nobody changed a word. Pure."""

import hashlib
import json
import re
from typing import Any

from articles.authoring.images import Image
from articles.document import stored
from articles.sources.models import Source

MEDICAL_FIELDS = (
    "title",
    "summary",
    "locale",
    "audience",
    "article_type",
    "codes",
    "substances",
    "sponsorship",
)
NOTE_FIELDS = ("change_note", "is_correction")
PRESENTATION_FIELDS = ("hero", "hero_alt", "social_image", "seo_title", "search_description")
PRESENTATION_ROWS = {"authors": "person", "disclaimers": "disclaimer", "related": "article"}
EDITOR_KEYS = re.compile(r' data-block-key="[^"]*"')
SOURCE_CONTENT = ("title", "design", "status", "doi", "pmid", "url")
NOT_SHOWN = ("latest_revision", "name", "pk")


def medical_state(content: dict[str, Any]) -> list[Any]:
    fields = [content.get(name) for name in MEDICAL_FIELDS]
    return [*map(_content, fields), _sections(content)]


def note_state(content: dict[str, Any]) -> list[Any] | None:
    """What readers are told of the change; None where there is nothing to tell."""
    said = [content.get(name) or "" for name in NOTE_FIELDS]
    return said if any(said) else None


def words_state(content: dict[str, Any]) -> list[Any] | None:
    """The sections alone, under whatever title and language; None where they hold not even two words."""
    sections = _sections(content)
    is_written = any(" " in EDITOR_KEYS.sub("", text).strip() for text in stored.strings_of(sections))
    return sections if is_written else None


def presentation_state(content: dict[str, Any]) -> list[Any]:
    fields = [content.get(name) for name in PRESENTATION_FIELDS]
    rows = [[row[key] for row in content.get(name) or []] for name, key in PRESENTATION_ROWS.items()]
    offers = [
        [block.get("id"), block["value"].get("offer")]
        for block in stored.stream(content.get("body"))
        if block["type"] == "cta"
    ]
    return [fields, rows, offers]


def component_state(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in NOT_SHOWN}


def source_state(source: Source) -> list[Any]:
    return [getattr(source, name) for name in SOURCE_CONTENT]


def image_state(image: Image) -> list[Any]:
    """With the point that clients keep in view, where somebody set one."""
    point = [image.focal_point_x, image.focal_point_y]
    return [image.sha256, image.alt, image.credit, *(point if point != [None, None] else [])]


def hash_of(state: Any) -> str:
    text = EDITOR_KEYS.sub("", json.dumps(_said(state), sort_keys=True, default=str).replace('\\"', '"'))
    return hashlib.sha256(text.encode()).hexdigest()


def _sections(content: dict[str, Any]) -> list[Any]:
    return [_without_offer(block) for block in stored.stream(content.get("body"))]


def _without_offer(block: dict[str, Any]) -> list[Any]:
    value = stored.plain(block.get("value"))
    if block["type"] == "cta" and isinstance(value, dict):
        value = {key: item for key, item in value.items() if key != "offer"}
    return [block["type"], value]


def _content(field: Any) -> Any:
    """A StreamField's values without ids, any other field as it is."""
    is_stream = isinstance(field, str) and field.startswith('[{"')
    return [stored.plain(block.get("value")) for block in stored.stream(field)] if is_stream else field


def _said(value: Any) -> Any:
    """Without what says nothing: the editor's form writes null, "" and [] as it likes."""
    if isinstance(value, dict):
        return {key: said for key, item in value.items() if (said := _said(item)) not in (None, "", [], {})}
    return [_said(item) for item in value] if isinstance(value, list | tuple) else value

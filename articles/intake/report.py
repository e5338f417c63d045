"""Reports on one file: Outline -> an entry of `import_articles --report`."""

from collections.abc import Sequence
from typing import Any

from articles.intake.outline import Origin, Outline, Part, Role

UNREAD: dict[str, Any] = {
    "title": "",
    "hero": None,
    "sections": [],
    "sources": [],
    "calls_to_action": [],
    "left_out": [],
    "warnings": [],
}


def entry(
    *,
    path: str,
    status: str,
    outline: Outline | None = None,
    page: dict[str, Any] | None = None,
    title: str = "",
    error: str | None = None,
    seconds: float = 0.0,
    origin: Origin | None = None,
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """{path, status, error, page, title, hero, sections, sources, calls_to_action, left_out, warnings, …}.

    With `origin: {key, address}` where the file names the article. `warnings` come before those of the outline.
    """
    told = _told(outline) if outline else UNREAD
    named = {"title": title or told["title"], "warnings": [*warnings, *told["warnings"]]}
    made = (
        {"path": path, "status": status, "error": error, "page": page} | told | named | {"seconds": round(seconds, 4)}
    )
    if origin and (origin.key or origin.address):
        made["origin"] = {"key": origin.key, "address": origin.address}
    return made


def _told(outline: Outline) -> dict[str, Any]:
    return {
        "title": outline.title,
        "hero": {"alt": outline.hero_alt} if outline.hero_alt else None,
        "sections": [_section(part) for part in outline.sections],
        "sources": [_source(part) for part in outline.of(Role.SOURCE)],
        "calls_to_action": [_call(number, part) for number, part in enumerate(outline.sections) if part.call],
        "left_out": [{"text": part.text, "reason": part.reason} for part in outline.of(Role.LEFT_OUT)],
        "warnings": list(outline.warnings),
    }


def _section(part: Part) -> dict[str, Any]:
    """{kind, aspect, heading, text, reason, confidence}; `aspect` is null except for prose."""
    return {
        "kind": str(part.kind),
        "aspect": str(part.aspect) if part.aspect else None,
        "heading": part.heading,
        "text": part.text,
        "reason": part.reason,
        "confidence": part.confidence,
    }


def _source(part: Part) -> dict[str, str]:
    """{text, marker, title, publisher, url, doi, pmid}; `text` is the line as written, behind its number."""
    reference = part.reference
    assert reference is not None
    named = {name: getattr(reference, name) for name in ("title", "publisher", "url", "doi", "pmid")}
    text = "\n\n".join(block.text for block in part.blocks)
    return {"text": text, "marker": part.blocks[0].marker} | named


def _call(section: int, part: Part) -> dict[str, Any]:
    """{section, text, label, target}; `section` is its place in `sections`, from 0."""
    assert part.call is not None
    return {"section": section, "text": part.text, "label": part.call.label, "target": part.call.target}

"""The article as delivery composes it, in its portable form: State -> JSON. Pure, without the clock.

`content` holds the signed values of both parts unaltered; what is added to them is named in self_verifying.DERIVED. So
anybody can take the additions out and compute the digests. An offer that is not published or does not fit its slot is
left out of its section, and listed in `omitted`. No word is ever altered.
"""

from typing import Any

from articles.record.citations.styles import format_ama, format_nlm
from articles.record.delivery import self_verifying
from articles.record.delivery.content.portable_text import Shown, Target, to_html
from articles.record.delivery.content.reading_time import reading_minutes
from articles.record.delivery.content.sections import section_html
from articles.record.delivery.content.slots import fits
from articles.record.delivery.state import ComponentState, Json, State
from articles.record.standing import MARKED_AT_CLAIMS
from articles.record.vocabulary import SectionKind, SourceStatus


def article_json(state: State) -> Json:
    filing, content = state.filing, _content(state)
    return {
        "id": state.article,
        "type": "article",
        "rich_text": "portable",
        "article_type": state.medical["article_type"],
        "slug": filing["slug"],
        "locale": filing["locale"],
        "url": state.url,
        "web_url": state.web_url,
        "topics": filing["topics"],
        "edition": _whole_seconds(state.edition),
        "components": [_component(component) for component in _shown(state)],
        "review": {"status": "", **_whole_seconds(state.review)},
        "notices": state.notices,
        "omitted": _omitted(state),
        "content": content,
        "links": _links(state, content["sections"]),
        "signed": self_verifying.description(state.medical, state.presentation),
        "derived": list(self_verifying.DERIVED["medical"]),
    }


def _content(state: State) -> Json:
    """All members of both signed parts; `hero` and `seo` hold a member for each part."""
    signed = {
        part: {key: item for key, item in value.items() if key not in self_verifying.HEAD}
        for part, value in (("medical", state.medical), ("presentation", state.presentation))
    }
    references = [_reference(row, state) for row in signed["medical"]["references"]]
    shown = _shown_in(state, references)
    sections = [_section(section, state, shown, references) for section in signed["medical"]["sections"]]
    return (
        signed["medical"]
        | signed["presentation"]
        | {
            "reading_minutes": reading_minutes(sections),
            "hero": _of_both_parts("hero", signed, state),
            "seo": _of_both_parts("seo", signed, state),
            "sections": sections,
            "references": references,
            "disclaimers": [_disclaimer(row, state, shown) for row in signed["presentation"]["disclaimers"]],
            "related": [row | {"resolved": state.targets.get(row["id"])} for row in signed["presentation"]["related"]],
        }
    )


def _shown_in(state: State, references: list[Json]) -> Shown:
    statuses = {row["number"]: row["source_status"] for row in references if row["source_status"] in MARKED_AT_CLAIMS}
    targets = {key: Target(target["web_url"], target["id"]) for key, target in state.targets.items()}
    return Shown(state.medical["language"], targets, statuses)


def _section(section: Json, state: State, shown: Shown, references: list[Json]) -> Json:
    section = _resolved(section, state, shown)
    if section["kind"] == SectionKind.CTA:
        section["offer"] = _offer(section, state)
    if section.get("figure"):
        section["figure"] = section["figure"] | {"renditions": state.renditions.get(section["figure"]["sha256"], [])}
    html = section_html(section, shown, references=references)
    head = {key: section.pop(key) for key in ("id", "kind", "importance", "heading", "text")}
    return head | {"html": html} | section


def _offer(section: Json, state: State) -> Json | None:
    chosen = next((row for row in state.presentation["offers"] if row["section"] == section["id"]), None)
    if chosen is None or _why_omitted(chosen, state):
        return None
    value = state.components[chosen["offer"]].value
    return {"id": chosen["offer"]} | {key: item for key, item in value.items() if key not in self_verifying.HEAD}


def _why_omitted(row: Json, state: State) -> str:
    """Why the offer of {section, offer} is left out; "" if it is shown in its slot."""
    component = state.components.get(row["offer"])
    if component is None:
        return "not-published"
    slots = (section for section in state.medical["sections"] if section["kind"] == SectionKind.CTA)
    is_fit = any(slot["id"] == row["section"] and fits(component.value, slot, state.medical) for slot in slots)
    return "" if is_fit else "not-for-this-slot"


def _omitted(state: State) -> list[Json]:
    reasons = ((row, _why_omitted(row, state)) for row in state.presentation["offers"])
    return [omission(row["offer"], row["section"], reason) for row, reason in reasons if reason]


def _shown(state: State) -> list[ComponentState]:
    """The components shown in the article: those that it names, except for offers that are left out everywhere."""
    offers = state.presentation["offers"]
    left_out = {row["offer"] for row in offers} - {row["offer"] for row in offers if not _why_omitted(row, state)}
    return [component for component in state.components.values() if component.id not in left_out]


def omission(offer: str, section: str, reason: str) -> Json:
    return {"kind": "offer", "id": offer, "section": section, "reason": reason}


def _reference(reference: Json, state: State) -> Json:
    """With its lines in AMA and NLM style, which are derived from what was signed, and what became of the source."""
    csl = reference["csl"]
    known = state.sources.get(reference["source_id"], {"status": SourceStatus.STANDING.value})
    lines = {"text": {"ama": format_ama(csl), "nlm": format_nlm(csl)}}
    return (
        reference
        | lines
        | {
            "source_status": known["status"],
            "source_status_since": known.get("since"),
            "source_status_url": known.get("url"),
        }
    )


def _disclaimer(row: Json, state: State, shown: Shown) -> Json:
    """`html` and `text` say nothing where the disclaimer is not published."""
    component = state.components.get(row["id"])
    text = _resolved(component.value["text"], state, shown) if component else []
    return row | {"html": to_html(text, shown), "text": text}


def _component(component: ComponentState) -> Json:
    return {
        "id": component.id,
        "kind": component.kind,
        "format": component.value["format"],
        "edition": component.edition,
        "digest": component.digest,
    }


def _of_both_parts(name: str, signed: Json, state: State) -> Json | None:
    """`hero` or `seo`: what each part signs of it, and the picture's files. None where there is no picture to show."""
    said, shown = signed["medical"][name], signed["presentation"][name]
    if said is None:
        return None
    picture = said if name == "hero" else said["image"]
    files = state.renditions.get(picture["sha256"], []) if picture else []
    return {"medical": said, "presentation": shown, "renditions": files}


def _links(state: State, sections: list[Json]) -> Json:
    base = f"{state.api_url}articles/{state.article}/"
    return {
        "json_ld": f"{base}json-ld/",
        "editions": f"{base}editions/",
        "state": f"{base}state/",
        "sections": [
            {"id": section["id"], "kind": section["kind"], "url": f"{base}sections/{section['kind']}/"}
            for section in sections
        ],
        "translations": state.translations,
    }


def _resolved(value: Any, state: State, shown: Shown) -> Any:
    """Each `article` mark with what it leads to, null if that is not published; each citation with the status of its
    source. Not as `href`: that of a link is signed."""
    if isinstance(value, list):
        return [_resolved(item, state, shown) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _resolved(item, state, shown) for key, item in value.items()}
    if value.get("_type") == "article":
        target = shown.targets.get(value["article"])
        return made | {"leads_to": target and {"article": target.article, "href": target.href}}
    if "reference" in value and "support" in value:
        return made | {"source_status": shown.statuses.get(value["reference"], SourceStatus.STANDING.value)}
    return made


def _whole_seconds(value: Any, key: str = "") -> Any:
    """Instants without fractions, which many clients' date readers refuse; the ledger keeps them whole."""
    if isinstance(value, dict):
        return {name: _whole_seconds(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_whole_seconds(item) for item in value]
    return to_the_second(value) if key.endswith("_at") and isinstance(value, str) else value


def to_the_second(instant: str) -> str:
    """2026-11-23T08:17:49.123456Z as 2026-11-23T08:17:49Z."""
    return f"{instant[:19]}Z"

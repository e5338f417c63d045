"""The article in the shape that delivery serves, rich text as Portable Text: State -> JSON. Pure, without the clock.

It may leave out an offer, and lists it in `omitted`: one that is not published or does not fit its slot. It never
alters a word.
"""

from collections.abc import Callable
from typing import Any

from articles.record.citations.styles import format_ama, format_nlm
from articles.record.delivery.content.portable_text import to_html
from articles.record.delivery.content.reading_time import reading_minutes
from articles.record.delivery.content.sections import section_html
from articles.record.delivery.content.slots import fits
from articles.record.delivery.state import ComponentState, Json, State
from articles.record.vocabulary import SectionKind

Address = Callable[[str], str | None]


def article_json(state: State) -> Json:
    filing, content = state.filing, _content(state)
    return {
        "id": state.article,
        "type": "article",
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
    }


def _content(state: State) -> Json:
    medical, presentation = state.medical, state.presentation
    references = [_reference(row) for row in medical["references"]]
    sections = [_section(section, state, references) for section in medical["sections"]]
    return {
        "title": medical["title"],
        "summary": medical["summary"],
        "language": medical["language"],
        "audience": medical["audience"],
        "reading_minutes": reading_minutes(sections),
        "sponsorship": medical["sponsorship"],
        "codes": medical["codes"],
        "substances": medical["substances"],
        "authors": [{key: author[key] for key in ("name", "credentials")} for author in presentation["authors"]],
        "hero": _image(medical["hero"], presentation["hero"], state),
        "sections": sections,
        "references": references,
        "disclaimers": [
            _disclaimer(row["id"], state) for row in presentation["disclaimers"] if row["id"] in state.components
        ],
        "related": [_related(row["id"], state) for row in presentation["related"] if row["id"] in state.targets],
        "seo": _seo(state),
    }


def _section(section: Json, state: State, references: list[Json]) -> Json:
    address = _address_in(state.targets)
    section = _resolved(section, address)
    if section["kind"] == SectionKind.CTA:
        section["offer"] = _offer(section, state)
    if section.get("figure"):
        section["figure"] = section["figure"] | {"renditions": state.renditions.get(section["figure"]["sha256"], [])}
    html = section_html(section, address=address, references=references)
    head = {key: section.pop(key) for key in ("id", "kind", "importance", "heading", "text")}
    return head | {"html": html} | section


def _offer(section: Json, state: State) -> Json | None:
    chosen = next((row for row in state.presentation["offers"] if row["section"] == section["id"]), None)
    if chosen is None or _why_omitted(chosen, state):
        return None
    value = state.components[chosen["offer"]].value
    shown = {key: value[key] for key in ("purpose", "label", "text", "disclosure", "target")}
    return {"id": chosen["offer"]} | shown | {"markets": value["scope"]["markets"]}


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


def _reference(reference: Json) -> Json:
    """With its lines in AMA and NLM style, which are derived from what was signed."""
    csl = reference["csl"]
    return reference | {"text": {"ama": format_ama(csl), "nlm": format_nlm(csl)}}


def _disclaimer(component: str, state: State) -> Json:
    address = _address_in(state.targets)
    text = _resolved(state.components[component].value["text"], address)
    return {"id": component, "html": to_html(text, address=address), "text": text}


def _related(article: str, state: State) -> Json:
    target = state.targets[article]
    return {"id": article, "slug": target["slug"], "title": target["title"], "url": target["url"]}


def _component(component: ComponentState) -> Json:
    return {
        "id": component.id,
        "kind": component.kind,
        "edition": component.edition,
        "digest": component.digest,
    }


def _image(said: Json | None, shown: Json | None, state: State) -> Json | None:
    """A picture with what each part signs of it; None without one."""
    if said is None or shown is None:
        return None
    return said | shown | {"renditions": state.renditions.get(said["sha256"], [])}


def _seo(state: State) -> Json:
    """Title and description for search engines and social networks; by default those of the article."""
    said, shown = state.medical["seo"], state.presentation["seo"]
    return {
        "title": said["title"] or state.medical["title"],
        "description": said["description"] or state.medical["summary"],
        "image": _image(said["image"], shown["image"], state),
    }


def _links(state: State, sections: list[Json]) -> Json:
    base = f"{state.api_url}articles/{state.article}/"
    return {
        "json_ld": None,
        "editions": f"{base}editions/",
        "sections": [
            {"id": section["id"], "kind": section["kind"], "url": f"{base}sections/{section['kind']}/"}
            for section in sections
        ],
        "translations": state.translations,
    }


def _resolved(value: Any, address: Address) -> Any:
    """Each `article` mark with the address of its target as `href`; null if the target is not published."""
    if isinstance(value, list):
        return [_resolved(item, address) for item in value]
    if isinstance(value, dict):
        made = {key: _resolved(item, address) for key, item in value.items()}
        return made | {"href": address(value["article"])} if value.get("_type") == "article" else made
    return value


def _address_in(targets: dict[str, Json]) -> Address:
    """Article id -> its address for readers: the web page, else the API; None without a publication."""
    return {article: target["web_url"] or target["url"] for article, target in targets.items()}.get


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

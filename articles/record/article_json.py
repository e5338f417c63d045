"""The article in the shape that delivery serves, rich text as Portable Text: State -> JSON. Pure, without the clock.

It may leave out an offer (and says so in `omitted`); it never alters a word.
"""

from collections.abc import Callable
from typing import Any

from articles.record.portable_text import to_html
from articles.record.reading_time import reading_minutes
from articles.record.sections import section_html
from articles.record.state import ComponentState, Json, State
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
        "components": [_component(component) for component in state.components.values()],
        "review": {"status": "", **_whole_seconds(state.review)},
        "notices": state.notices,
        "omitted": _omitted(state),
        "content": content,
        "links": _links(state, content["sections"]),
    }


def _content(state: State) -> Json:
    medical, presentation = state.medical, state.presentation
    references = medical["references"]
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
        "hero": _image(presentation["hero"], state),
        "sections": sections,
        "references": references,
        "disclaimers": [_disclaimer(row["id"], state) for row in presentation["disclaimers"]],
        "related": [_related(row["id"], state) for row in presentation["related"] if row["id"] in state.targets],
        "seo": {**presentation["seo"], "image": _image(presentation["seo"]["image"], state)},
    }


def _section(section: Json, state: State, references: list[Json]) -> Json:
    address = _address_in(state.targets)
    section = _resolved(section, address)
    if section["kind"] == SectionKind.CTA:
        section["offer"] = _offer(section["id"], state)
    if section.get("figure"):
        section["figure"] = section["figure"] | {"renditions": state.renditions.get(section["figure"]["sha256"], [])}
    html = section_html(section, address=address, references=references)
    head = {key: section.pop(key) for key in ("id", "kind", "importance", "heading", "text")}
    return head | {"html": html} | section


def _offer(section: str, state: State) -> Json | None:
    chosen = (row["offer"] for row in state.presentation["offers"] if row["section"] == section)
    component = state.components.get(next(chosen, ""))
    if component is None:
        return None
    shown = {key: component.value[key] for key in ("purpose", "label", "text", "disclosure", "target")}
    return {"id": component.id} | shown


def _omitted(state: State) -> list[Json]:
    return [
        omission(row["offer"], row["section"], "not-published")
        for row in state.presentation["offers"]
        if row["offer"] not in state.components
    ]


def omission(offer: str, section: str, reason: str) -> Json:
    return {"kind": "offer", "id": offer, "section": section, "reason": reason}


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


def _image(image: Json | None, state: State) -> Json | None:
    if image is None:
        return None
    point = {axis: float(share) for axis, share in image["focal_point"].items()}
    shown = {key: image[key] for key in ("alt", "credit", "sha256")}
    return shown | {"focal_point": point, "renditions": state.renditions.get(image["sha256"], [])}


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
    """Each `article` mark with the address of its target, as `href`; null where it has no publication."""
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

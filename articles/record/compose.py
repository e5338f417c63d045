"""What readers get: (edition, component editions, state) -> bytes. Pure: the clock comes in as `now`.

It may leave out an offer (and says so in `omitted`); it never alters a word.
"""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from articles.record import notices
from articles.record.due import Grace, is_withheld, next_change, status_on
from articles.record.portable_text import to_html
from articles.record.reading_time import reading_minutes
from articles.record.sections import section_html
from articles.record.vocabulary import AfterGrace, NoticeKind, ReviewStatus, SectionKind

CARD_CONTENT = ("title", "summary", "language", "audience", "reading_minutes", "hero")

Json = dict[str, Any]
Address = Callable[[str], str | None]


@dataclass(frozen=True)
class ComponentState:
    """A component's current edition: what it says and how it is named."""

    id: str
    kind: str
    edition: int
    digest: str
    value: Json


@dataclass(frozen=True)
class State:
    """All that `compose` needs, loaded beforehand.

    filing        {slug, locale, translation_key, topics: [{slug, name}]}
    edition       {number, digests, published_at, first_published_at, updated_at, change}
    review        {last_reviewed_on, next_review_on, reviewed_by: [...]}
    components    by id; one that is not published is not here
    renditions    {image digest: [{url, width, height, type, sha256}]}
    targets       {article id: {slug, title, url, web_url}} of published articles
    translations  [{locale, url, outdated}]
    notices       what stands above it, as served; the clock adds that the review is overdue
    grace         from when on the clock does what the policy said; None for a draft
    """

    article: str
    filing: Json
    edition: Json
    review: Json
    medical: Json
    presentation: Json
    components: dict[str, ComponentState]
    renditions: dict[str, list[Json]]
    targets: dict[str, Json]
    translations: list[Json]
    api_url: str
    url: str
    web_url: str | None
    notices: list[Json] = field(default_factory=list)
    grace: Grace | None = None


@dataclass(frozen=True)
class Composed:
    """The bytes that delivery serves, and until when they are right. `is_withheld`: none of it is served now."""

    article: Json
    body: bytes
    portable: bytes
    card: bytes
    etag: str
    fresh_until: datetime | None
    grace: Grace | None = None
    is_withheld: bool = False

    @property
    def body_gzip(self) -> bytes:
        return gzip.compress(self.body, compresslevel=6, mtime=0)


def compose(state: State, *, now: datetime) -> Composed:
    """The article as readers get it at `now`."""
    return _finish(_article(state), state.grace, now)


def refresh(publication: Any, now: datetime) -> Composed:
    """A stored article at a later moment than it was composed for; reads `portable`, `grace_ends_at`, `after_grace`."""
    grace = Grace(publication.grace_ends_at, publication.after_grace) if publication.grace_ends_at else None
    return _finish(json.loads(bytes(publication.portable)), grace, now)


def _finish(article: Json, grace: Grace | None, now: datetime) -> Composed:
    review = article["review"]
    if review["status"] != ReviewStatus.EMERGENCY:
        review["status"] = status_on(review["next_review_on"], now.astimezone(UTC).date())
    if grace and grace.is_over(now):
        article = _after_grace(article, grace)
    body = encode(_with_html(article))
    return Composed(
        article=article,
        body=body,
        portable=encode(article),
        card=encode(_card(article)),
        etag=hashlib.sha256(body).hexdigest()[:32],
        fresh_until=next_change(review["next_review_on"], now, grace),
        grace=grace,
        is_withheld=grace is not None and is_withheld(grace, now),
    )


def _after_grace(article: Json, grace: Grace) -> Json:
    """Says that the review is overdue, and leaves out the offers where the policy wants it. May run twice."""
    if not any(notice["kind"] == NoticeKind.REVIEW_OVERDUE for notice in article["notices"]):
        said = notices.overdue(article["content"]["language"], grace.ends_at)
        article = article | {"notices": [*article["notices"], said]}
    return article if grace.after == AfterGrace.BANNER else _without_offers(article)


def _without_offers(article: Json) -> Json:
    content = article["content"]
    dropped = {section["id"]: section["offer"]["id"] for section in content["sections"] if section.get("offer")}
    address = _addresses(article).get

    def emptied(section: Json) -> Json:
        if section["id"] not in dropped:
            return section
        section = section | {"offer": None}
        return section | {"html": section_html(section, address=address, references=content["references"])}

    omitted = [_omission(offer, section, "review-overdue") for section, offer in dropped.items()]
    kept = [component for component in article["components"] if component["id"] not in dropped.values()]
    sections = [emptied(section) for section in content["sections"]]
    return article | {
        "components": kept,
        "omitted": [*article["omitted"], *omitted],
        "content": content | {"sections": sections},
    }


def encode(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _article(state: State) -> Json:
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
    address = address_in(state.targets)
    section = _resolved(section, address)
    if section["kind"] == SectionKind.CTA:
        section["offer"] = _offer(section["id"], state)
    if section.get("figure"):
        section["figure"] = section["figure"] | {"renditions": state.renditions.get(section["figure"]["sha256"], [])}
    html = section_html(section, address=address, references=references)
    head = {key: section.pop(key) for key in ("id", "kind", "importance", "heading", "text")}
    return head | {"html": html} | section


def address_in(targets: dict[str, Json]) -> Address:
    """Article id -> its address for readers: the web page, else the API; None without a publication."""
    return {article: target["web_url"] or target["url"] for article, target in targets.items()}.get


def _offer(section: str, state: State) -> Json | None:
    chosen = (row["offer"] for row in state.presentation["offers"] if row["section"] == section)
    component = state.components.get(next(chosen, ""))
    if component is None:
        return None
    shown = {key: component.value[key] for key in ("purpose", "label", "text", "disclosure", "target")}
    return {"id": component.id} | shown


def _omitted(state: State) -> list[Json]:
    return [
        _omission(row["offer"], row["section"], "not-published")
        for row in state.presentation["offers"]
        if row["offer"] not in state.components
    ]


def _omission(offer: str, section: str, reason: str) -> Json:
    return {"kind": "offer", "id": offer, "section": section, "reason": reason}


def _disclaimer(component: str, state: State) -> Json:
    address = address_in(state.targets)
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


def _card(article: Json) -> Json:
    content = {key: article["content"][key] for key in CARD_CONTENT}
    return article | {"content": content}


def _with_html(article: Json) -> Json:
    """The same article with rich text as HTML in place of Portable Text."""
    address = _addresses(article).get
    content = dict(article["content"])
    content["sections"] = [_section_in_html(section, address) for section in content["sections"]]
    content["disclaimers"] = [{"id": row["id"], "html": row["html"]} for row in content["disclaimers"]]
    return article | {"content": content}


def _section_in_html(section: Json, address: Address) -> Json:
    section = section | {"text": to_html(section["text"], address=address)}
    if section["kind"] == SectionKind.FAQ:
        section["items"] = [item | {"answer": to_html(item["answer"], address=address)} for item in section["items"]]
    return section


def _resolved(value: Any, address: Address) -> Any:
    """Each `article` mark with the address of its target, as `href`; null where it has no publication."""
    if isinstance(value, list):
        return [_resolved(item, address) for item in value]
    if isinstance(value, dict):
        made = {key: _resolved(item, address) for key, item in value.items()}
        return made | {"href": address(value["article"])} if value.get("_type") == "article" else made
    return value


def _addresses(value: Any) -> dict[str, str]:
    """{article id: address} of every resolved mark in a composed article."""
    if isinstance(value, list):
        return {key: href for item in value for key, href in _addresses(item).items()}
    if isinstance(value, dict):
        inside = {key: href for item in value.values() for key, href in _addresses(item).items()}
        is_mark = value.get("_type") == "article" and value.get("href")
        return inside | ({value["article"]: value["href"]} if is_mark else {})
    return {}

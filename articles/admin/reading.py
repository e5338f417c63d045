"""A draft as readers would get it: composed like an edition, with the working copies of unsigned components.

Used by the sign-off page, by Wagtail's preview and by the block picker's previews.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.document.components import render_component
from articles.document.documents import Document
from articles.document.draft import Draft
from articles.record.delivery.article_state import components_of, state_of
from articles.record.delivery.compose import compose
from articles.record.delivery.content.mentions import components_named, image_digests
from articles.record.delivery.content.portable_text import Shown
from articles.record.delivery.content.section_media import limited_offer_html
from articles.record.delivery.loading import load_beside
from articles.record.delivery.state import ComponentState
from articles.record.event_data import Filing, Topic
from articles.record.site import this_site

Json = dict[str, Any]
WIDTH = 1200


@dataclass(frozen=True)
class Reading:
    """`article` as the API would serve it; `unsigned` names the components that readers cannot get yet."""

    article: Json
    unsigned: tuple[str, ...]


def read_draft(draft: Draft, documents: Mapping[str, Document], *, now: datetime | None = None) -> Reading:
    """Compose the documents as if they were published now. Writes nothing but the admin's own renditions."""
    now = now or timezone.now()
    medical, presentation = documents["medical"].value, documents["presentation"].value
    filing, copies = _filing(draft), _working_copies(presentation)
    values = [medical, presentation, *(made.value for _, made in copies.values())]
    record = load_beside(*values, translation_key=UUID(filing["translation_key"]))
    components = components_of(record, presentation)
    unsigned = {key: made for key, made in copies.items() if key not in components}
    state = state_of(
        record,
        draft.article,
        filing=filing,
        site=this_site(),
        now=now,
        edition={"number": None, "digests": {part: document.digest for part, document in documents.items()}},
        review=_review(now),
        medical=medical,
        presentation=presentation,
        components=components | {key: made for key, (_, made) in unsigned.items()},
        renditions=_renditions(image_digests(medical, presentation)),
    )
    article = json.loads(compose(state, now=now).body)
    return Reading(with_limited_offers(article), tuple(name for name, _ in unsigned.values()))


def with_limited_offers(article: Json) -> Json:
    """The article as its editors and reviewers see it: with the offers that only readers in some markets get, which
    `html` leaves out."""
    language, content = article["content"]["language"], article["content"]
    for section in content["sections"]:
        if section.get("offer") and section["offer"]["markets"]:
            section["html"] += limited_offer_html(section["offer"], Shown(language))
    return article


def _filing(draft: Draft) -> Filing:
    topics: list[Topic] = [{"slug": slug, "name": name} for slug, name in draft.topics]
    key = str(draft.translation_key or uuid4())
    return {"slug": draft.slug or "draft", "locale": draft.locale, "translation_key": key, "topics": topics}


def _review(now: datetime) -> Json:
    today = now.astimezone(UTC).date().isoformat()
    return {"last_reviewed_on": today, "next_review_on": today, "reviewed_by": []}


def _working_copies(presentation: Json) -> dict[str, tuple[str, ComponentState]]:
    """{id: (name, state)} of the components that it names, as they say now."""
    waiting = [UUID(key) for key in components_named(presentation)]
    rows = [row for model in (Offer, Disclaimer) for row in model.objects.filter(component_id__in=waiting)]
    return {str(row.component_id): (row.name, _state(row)) for row in rows}


def _state(component: Offer | Disclaimer) -> ComponentState:
    document = render_component(component)
    return ComponentState(str(component.component_id), component.subject_kind, 0, document.digest, document.value)


def _renditions(digests: set[str]) -> dict[str, list[Json]]:
    """The admin's own pictures: readers' files are made when somebody signs."""
    rows = {row.sha256: row for row in Image.objects.filter(sha256__in=digests)}
    return {digest: made for digest, row in rows.items() if (made := _shown(row))}


def _shown(image: Image) -> list[Json]:
    try:
        made = image.get_rendition(f"width-{WIDTH}")
    except (SourceImageIOError, InvalidFilterSpecError, OSError):
        return []
    return [{"url": made.url, "width": made.width, "height": made.height, "type": "image/png", "sha256": ""}]

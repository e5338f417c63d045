"""The reading page as readers got it at a moment, whole in one file: for `article.html` and `print.html` of a pack.

Composed anew from the signed documents, by the code that serves readers, for that moment.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from articles.admin.evidence.moment import Live
from articles.errors import DomainError
from articles.record.delivery.compose import compose
from articles.record.delivery.loading import image_digests, linked_articles, state_of
from articles.record.delivery.notices import notices_of, standing_notices
from articles.record.delivery.section_media import WEBP
from articles.record.delivery.state import ComponentState, State
from articles.record.events import instant
from articles.record.ledger import related_events
from articles.record.models import Edition, Event, Rendition
from articles.record.site import Site, this_site
from articles.record.vocabulary import ChangeKind, EventKind, ReviewStatus

Json = dict[str, Any]
WIDEST = 1200
STYLES = ("articles/reading.css",)


class TextErased(DomainError):
    """A text of that moment was erased by law since, so the page cannot be composed."""

    code = "text-erased"
    title = "A text was erased."


def read_at(live: Live) -> Json:
    """The article as the API would have served it. Raises TextErased where a text is no longer there."""
    values = related_events.documents([*live.edition.digests.values(), *_component_digests(live)])
    medical, presentation = (
        _value(values, live.edition.digests[part], f"the {part} part") for part in ("medical", "presentation")
    )
    site = this_site()
    state = state_of(
        live.article,
        filing=live.filing,
        site=site,
        edition=_edition(live),
        review=_review(live),
        medical=medical,
        presentation=presentation,
        components=_components(live, values),
        renditions=_pictures(medical, presentation),
        notices=notices_of(live.past, live.standing, medical, _notice_texts(live)),
        grace=live.grace,
    )
    return json.loads(compose(_with_targets(state, live, site), now=live.at).body)


def page_of(template: str, context: Json) -> str:
    """A page with its styles inside: nothing is loaded from elsewhere."""
    return render_to_string(template, context | {"styles": styles()})


def styles() -> str:
    found = [finders.find(name) for name in STYLES]
    return "\n".join(Path(str(path)).read_text() for path in found if path)


def _value(values: dict[str, Json], digest: str, part: str) -> Json:
    if digest not in values:
        raise TextErased(f"The page cannot be shown: {part} was erased by law, or its bytes cannot be read.")
    return values[digest]


def _edition(live: Live) -> Json:
    row, editions = live.edition, list(live.past.editions)
    material = [edition for edition in editions if edition.change_kind != ChangeKind.EDITORIAL]
    return {
        "number": row.number,
        "digests": row.digests,
        "published_at": instant(row.published_at),
        "first_published_at": instant(editions[0].published_at),
        "updated_at": instant((material or editions)[-1].published_at),
        "change": {"kind": row.change_kind, "note": row.change_note} if row.number > 1 else None,
    }


def _review(live: Live) -> Json:
    standing = live.standing
    copied = ("name", "credentials", "specialty", "role")
    reviewers = [
        {key: getattr(row, key) for key in copied} | {"signed_at": instant(row.signed_at)} for row in standing.reviewers
    ]
    return {
        "status": ReviewStatus.EMERGENCY.value if standing.emergency_since else "",
        "last_reviewed_on": standing.reviewed_on.isoformat(),
        "next_review_on": standing.next_review_on.isoformat(),
        "reviewed_by": reviewers,
    }


def _component_digests(live: Live) -> list[str]:
    return [_digest(row) for row in live.components.values()]


def _digest(row: Edition) -> str:
    return str(row.digests.get(row.subject_kind, ""))


def _components(live: Live, values: dict[str, Json]) -> dict[str, ComponentState]:
    found = {}
    for key, row in live.components.items():
        value = _value(values, _digest(row), f"the {row.subject_kind} {key}")
        found[key] = ComponentState(key, row.subject_kind, row.number, _digest(row), value)
    return found


def _notice_texts(live: Live) -> dict[str, str]:
    values = related_events.documents(line.data.get("digest", "") for line in standing_notices(live.past))
    return {digest: value.get("text", "") for digest, value in values.items()}


def _with_targets(state: State, live: Live, site: Site) -> State:
    """Links lead where they led then; those to articles that readers could not get are plain text."""
    targets = {key: found for key in linked_articles(state) if (found := _target(UUID(key), live, site))}
    return replace(state, targets=targets, translations=[])


def _target(article: UUID, live: Live, site: Site) -> Json | None:
    known = Event.objects.filter(subject=article, at__lte=live.at).order_by("number")
    decisive = [line for line in known if line.kind in (EventKind.PUBLISHED, EventKind.WITHDRAWN)]
    if not decisive or decisive[-1].kind == EventKind.WITHDRAWN:
        return None
    filing = [line.data["filing"] for line in known if line.data.get("filing")][-1]
    values = related_events.documents([decisive[-1].data["digests"]["medical"]])
    title = next((value["title"] for value in values.values()), filing["slug"])
    return {
        "slug": filing["slug"],
        "title": title,
        "url": site.article_url(filing["slug"], filing["locale"]),
        "web_url": site.page_url(filing["slug"], filing["locale"]),
    }


def _pictures(*documents: Json) -> dict[str, list[Json]]:
    """One file of each image, inside the page: what every reader program shows, at most 1200 pixels wide."""
    rows = Rendition.objects.filter(image__in=image_digests(*documents)).exclude(type=WEBP).order_by("image", "width")
    chosen: dict[str, Rendition] = {}
    for row in rows:
        if row.width <= WIDEST or row.image not in chosen:
            chosen[row.image] = row
    return {image: made for image, row in chosen.items() if (made := _embedded(row))}


def _embedded(row: Rendition) -> list[Json]:
    try:
        content = (Path(settings.EDITION_FILES_ROOT) / row.path).read_bytes()
    except OSError:
        return []
    url = f"data:{row.type};base64,{base64.b64encode(content).decode()}"
    return [{"url": url, "width": row.width, "height": row.height, "type": row.type, "sha256": row.sha256}]


def missing_pictures(article: Json) -> Iterable[str]:
    """Images whose files are gone: said in the pack, since the page shows their words alone."""
    found = [article["content"]["hero"], *(section.get("figure") for section in article["content"]["sections"])]
    return [image["sha256"] for image in found if image and not image.get("renditions")]

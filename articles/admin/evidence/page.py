"""`article.html` of an evidence pack: the signed texts as readers got them, in one file, with who signed them.

The page is composed from the signed documents. Links to other articles are plain text in it, and it loads nothing.
"""

import base64
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

from articles.admin.evidence.moment import Live
from articles.errors import DomainError
from articles.record.delivery.article_state import state_of
from articles.record.delivery.compose import compose
from articles.record.delivery.loading import Record
from articles.record.delivery.mentions import image_digests
from articles.record.delivery.notices import notices_of, standing_notices
from articles.record.delivery.section_media import WEBP
from articles.record.delivery.state import ComponentState
from articles.record.events import instant
from articles.record.ledger import related_events
from articles.record.models import Rendition
from articles.record.site import this_site
from articles.record.vocabulary import ChangeKind, ReviewStatus

Json = dict[str, Any]
WIDEST = 1200  # pixels
STYLES = "articles/reading.css"


class TextErased(DomainError):
    """A text of that moment was erased by law since, so the page cannot be composed."""

    code = "text-erased"
    title = "A text was erased."


def read_at(live: Live) -> Json:
    """The article as the API served it then. Raises TextErased."""
    beside = {key: row.digests[row.subject_kind] for key, row in live.components.items()}
    notices = [line.data["digest"] for line in standing_notices(live.past)]
    values = related_events.documents([*live.edition.digests.values(), *beside.values(), *notices])
    if missing := {*live.edition.digests.values(), *beside.values()} - set(values):
        raise TextErased(f"The page cannot be shown, because a text of it was erased by law: {', '.join(missing)}.")
    medical, presentation = values[live.edition.digests["medical"]], values[live.edition.digests["presentation"]]
    state = state_of(
        Record(),  # nothing was read of other articles, so no link leads anywhere
        live.article,
        filing=live.filing,
        site=this_site(),
        now=live.at,
        edition=_edition(live),
        review=_review(live),
        medical=medical,
        presentation=presentation,
        components={
            key: ComponentState(key, row.subject_kind, row.number, beside[key], values[beside[key]])
            for key, row in live.components.items()
        },
        renditions=_pictures(medical, presentation),
        notices=notices_of(live.past, live.standing, medical, {digest: values[digest]["text"] for digest in notices}),
        grace=live.grace,
    )
    return json.loads(compose(state, now=live.at).body)


def styles() -> str:
    return Path(str(finders.find(STYLES))).read_text()


def _edition(live: Live) -> Json:
    row, editions = live.edition, live.past.editions
    material = [edition for edition in editions if edition.change_kind != ChangeKind.EDITORIAL]
    return {
        "number": row.number,
        "digests": row.digests,
        "published_at": instant(row.published_at),
        "first_published_at": instant(editions[0].published_at),
        "updated_at": instant(material[-1].published_at),
        "change": {"kind": row.change_kind, "note": row.change_note} if row.number > 1 else None,
    }


def _review(live: Live) -> Json:
    standing, copied = live.standing, ("name", "credentials", "specialty", "role")
    return {
        "status": ReviewStatus.EMERGENCY.value if standing.emergency_since else "",
        "last_reviewed_on": standing.reviewed_on.isoformat(),
        "next_review_on": standing.next_review_on.isoformat(),
        "reviewed_by": [
            {key: getattr(row, key) for key in copied} | {"signed_at": instant(row.signed_at)}
            for row in standing.reviewers
        ],
    }


def _pictures(*documents: Json) -> dict[str, list[Json]]:
    """{image: [one file of it, inside the page]}: the smallest, or the largest that is at most 1200 pixels wide.

    A picture whose file is gone is left out, so that the pack can still be made; `ledger verify` names it.
    """
    rows = Rendition.objects.filter(image__in=image_digests(*documents)).exclude(type=WEBP).order_by("width")
    chosen: dict[str, Rendition] = {}
    for row in rows:
        if row.width <= WIDEST or row.image not in chosen:
            chosen[row.image] = row
    root = Path(settings.EDITION_FILES_ROOT)
    return {image: [_embedded(row, root / row.path)] for image, row in chosen.items() if (root / row.path).is_file()}


def _embedded(row: Rendition, path: Path) -> Json:
    url = f"data:{row.type};base64,{base64.b64encode(path.read_bytes()).decode()}"
    return {"url": url, "width": row.width, "height": row.height, "type": row.type, "sha256": row.sha256}

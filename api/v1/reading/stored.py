"""A published article as stored, in the requested form and up to date. Detail and sections use it.

The stored bytes are served as they are. Only when the clock has passed `fresh_until` is the article composed in
memory, until `publish_due` has stored it.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace

from api.protocol import database
from api.v1.reading import lookup
from articles.record.delivery import compose
from articles.record.delivery.clock import next_change
from articles.record.delivery.forms import HTML, MARKDOWN, PORTABLE, in_form

COLUMNS = (
    "p.etag, p.composed_at, p.fresh_until, p.components, p.grace_ends_at, p.after_grace, "
    "CASE WHEN p.state <> 'published' THEN NULL WHEN p.fresh_until <= %s THEN p.portable ELSE p.{column} END"
)
COLUMN = {
    (HTML, False): "body",
    (HTML, True): "body_gzip",
    (PORTABLE, False): "portable",
    (MARKDOWN, False): "portable",
}
SELECTED = {key: COLUMNS.format(column=column) for key, column in COLUMN.items()}


@dataclass(frozen=True, slots=True)
class Stored:
    """`etag` is that of the content, whatever the form; `modified_at` is when the content last changed."""

    article: str
    components: tuple[str, ...]
    content: bytes
    etag: str
    modified_at: datetime
    fresh_until: datetime | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys by which a CDN purges it: the article and the components that it shows."""
        return (self.article, *self.components)


def load(name: str, *, locale: str | None, form: str, gzip: bool = False, now: datetime) -> Stored:
    """Raises what lookup raises. With `gzip` the content is compressed; only HTML is stored compressed."""
    row = lookup.find(name, locale=locale, columns=SELECTED[form, gzip], parameters=(database.instant_parameter(now),))
    etag, composed_at, fresh_until, components, grace_ends_at, after_grace, content = row[lookup.OWN :]
    grace_ends_at = database.read_instant(grace_ends_at) if grace_ends_at else None
    stored = Stored(
        article=database.read_uuid(row[lookup.ARTICLE]),
        components=tuple(component["id"] for component in json.loads(components)),
        content=bytes(content),
        etag=etag,
        modified_at=database.read_instant(composed_at),
        fresh_until=database.read_instant(fresh_until) if fresh_until else None,
    )
    if stored.fresh_until and stored.fresh_until <= now:
        late = SimpleNamespace(portable=stored.content, grace_ends_at=grace_ends_at, after_grace=after_grace)
        stored = _refreshed(stored, late, form, gzip, now)
    return stored if form != MARKDOWN else replace(stored, content=_markdown(stored.content))


def _refreshed(stored: Stored, late: SimpleNamespace, form: str, gzip: bool, now: datetime) -> Stored:
    composed = compose.refresh(late, now)
    due, changed_at = composed.article["review"]["next_review_on"], stored.fresh_until or now
    while (later := next_change(due, changed_at, composed.grace)) and later <= now:
        changed_at = later
    html = composed.body_gzip if gzip else composed.body
    return replace(
        stored,
        components=tuple(component["id"] for component in composed.article["components"]),
        content=html if form == HTML else composed.portable,
        etag=composed.etag,
        modified_at=changed_at,
        fresh_until=composed.fresh_until,
    )


def _markdown(portable: bytes) -> bytes:
    return compose.encode(in_form(json.loads(portable), MARKDOWN))

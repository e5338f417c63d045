"""A published article as it is stored, in the form that was asked for and as it is now. Detail and sections use it.

The stored bytes are served as they are. Only when the clock has passed `fresh_until` is the article composed in
memory, until `publish_due` has done it for everybody.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace

from api.protocol import database
from api.v1 import lookup
from api.v1.rich_text import HTML, MARKDOWN, PORTABLE, in_markdown
from articles.record import compose

COLUMNS = (
    "p.etag, p.composed_at, p.fresh_until, p.components, "
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
        """What an edge purges it by: the article and the components that it shows."""
        return (self.article, *self.components)


def load(name: str, *, locale: str | None, form: str, gzip: bool = False, now: datetime) -> Stored:
    """Raises what lookup raises. With `gzip` the content is compressed; only HTML is stored so."""
    row = lookup.find(name, locale=locale, columns=SELECTED[form, gzip], parameters=(database.instant_parameter(now),))
    etag, composed_at, fresh_until, components, content = row[lookup.OWN :]
    stored = Stored(
        article=database.read_uuid(row[lookup.ARTICLE]),
        components=tuple(component["id"] for component in json.loads(components)),
        content=bytes(content),
        etag=etag,
        modified_at=database.read_instant(composed_at),
        fresh_until=database.read_instant(fresh_until) if fresh_until else None,
    )
    if stored.fresh_until and stored.fresh_until <= now:
        stored = _refreshed(stored, stored.fresh_until, form, gzip, now)
    return stored if form != MARKDOWN else replace(stored, content=_markdown(stored.content))


def _refreshed(stored: Stored, changed_at: datetime, form: str, gzip: bool, now: datetime) -> Stored:
    composed = compose.refresh(SimpleNamespace(portable=stored.content), now)
    due = composed.article["review"]["next_review_on"]
    while (later := compose.next_change(due, changed_at)) and later <= now:
        changed_at = later
    html = composed.body_gzip if gzip else composed.body
    return replace(
        stored,
        content=html if form == HTML else composed.portable,
        etag=composed.etag,
        modified_at=changed_at,
        fresh_until=composed.fresh_until,
    )


def _markdown(portable: bytes) -> bytes:
    return compose.encode(in_markdown(json.loads(portable)))

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
from articles.record.delivery.compose import Composed
from articles.record.delivery.forms import HTML, MARKDOWN, in_form

COLUMNS = (
    "p.etag, p.composed_at, p.fresh_until, p.components, p.grace_ends_at, p.after_grace, "
    "CASE WHEN p.state <> 'published' THEN NULL WHEN p.fresh_until <= %s THEN p.portable ELSE p.{column} END"
)
SELECTED = {name: COLUMNS.format(column=name) for name in ("body", "body_gzip", "portable")}


def column(form: str, *, gzip: bool = False) -> str:
    """Where a form is stored; Markdown is made from Portable Text, and only HTML is stored compressed."""
    return ("body_gzip" if gzip else "body") if form == HTML else "portable"


@dataclass(frozen=True, slots=True)
class Stored:
    """`etag` is that of the content, whatever the form; `modified_at` is when the content last changed."""

    article: str
    locale: str
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
    row = lookup.find(
        name, locale=locale, columns=SELECTED[column(form, gzip=gzip)], parameters=(database.instant_parameter(now),)
    )
    etag, composed_at, fresh_until, components, grace_ends_at, after_grace, content = row[lookup.OWN :]
    grace_ends_at = database.read_instant(grace_ends_at) if grace_ends_at else None
    stored = Stored(
        article=database.read_uuid(row[lookup.ARTICLE]),
        locale=row[lookup.LOCALE],
        components=tuple(component["id"] for component in json.loads(components)),
        content=bytes(content),
        etag=etag,
        modified_at=database.read_instant(composed_at),
        fresh_until=database.read_instant(fresh_until) if fresh_until else None,
    )
    if stored.fresh_until and stored.fresh_until <= now:
        composed = _refreshed(stored.content, grace_ends_at, after_grace, now)
        stored = _later(stored, composed, form, gzip, now)
    return stored if form != MARKDOWN else replace(stored, content=_markdown(stored.content))


def current(content: bytes, clock: tuple[datetime | None, datetime | None, str], *, form: str, now: datetime) -> bytes:
    """Stored bytes of `column(form)` as they are to be served; portable ones if they are late. `clock`: (fresh_until,
    grace_ends_at, after_grace)."""
    fresh_until, grace_ends_at, after_grace = clock
    if fresh_until and fresh_until <= now:
        composed = _refreshed(content, grace_ends_at, after_grace, now)
        content = composed.body if form == HTML else composed.portable
    return _markdown(content) if form == MARKDOWN else content


def _refreshed(portable: bytes, grace_ends_at: datetime | None, after_grace: str, now: datetime) -> Composed:
    late = SimpleNamespace(portable=portable, grace_ends_at=grace_ends_at, after_grace=after_grace)
    return compose.refresh(late, now)


def _later(stored: Stored, composed: Composed, form: str, gzip: bool, now: datetime) -> Stored:
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

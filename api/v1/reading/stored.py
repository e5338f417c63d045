"""A published article as stored, in the requested form and up to date. Detail and sections use it.

The stored bytes are served as they are. Only when the clock has passed `fresh_until` is the article composed in
memory, until `publish_due` has stored it.
"""

import json
from datetime import datetime
from typing import Any, NamedTuple

from api.protocol import database
from api.protocol.caching import Caching, Representation
from api.v1.reading import lookup
from articles.record.delivery import compose
from articles.record.delivery.clock import grace_of, next_change
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


class Clock(NamedTuple):
    """What changes a stored article without anybody's act: the columns of these names."""

    fresh_until: datetime | None
    grace_ends_at: datetime | None
    after_grace: str

    @classmethod
    def of(cls, fresh_until: Any, grace_ends_at: Any, after_grace: str) -> "Clock":
        return cls(database.read_moment(fresh_until), database.read_moment(grace_ends_at), after_grace)

    def composed_anew(self, portable: bytes, now: datetime) -> Composed | None:
        """The article as it is now; None if it is as it was stored, and only then may `portable` be something else."""
        if self.fresh_until is None or self.fresh_until > now:
            return None
        return compose.refresh(portable, grace_of(self.grace_ends_at, self.after_grace), now)


class Stored(NamedTuple):
    """`etag` is that of the content in its form; `modified_at` is when the content last changed."""

    article: str
    locale: str
    components: tuple[str, ...]
    content: bytes
    etag: str
    modified_at: datetime
    fresh_until: datetime | None
    is_compressed: bool

    def shown(
        self, content: bytes | None = None, *, content_type: str = "application/json", vary: str = ""
    ) -> Representation:
        """Its bytes, or what was made from them: in its language, as long valid, and purged with it and with the
        components that it shows."""
        is_stored = content is None
        headers = {"Content-Language": self.locale}
        return Representation(
            content=self.content if content is None else content,
            etag=self.etag if is_stored else "",
            modified_at=self.modified_at,
            content_type=content_type,
            headers=headers | {"Vary": vary} if vary else headers,
            caching=Caching(fresh_until=self.fresh_until, surrogate_keys=(self.article, *self.components)),
            is_compressed=is_stored and self.is_compressed,
        )


def load(name: str, *, locale: str | None, form: str, gzip: bool = False, now: datetime) -> Stored:
    """Raises what lookup raises. With `gzip` the content is compressed if it is stored so: only HTML is."""
    is_html = form == HTML
    gzip = gzip and is_html
    moment = database.instant_parameter(now)
    columns = SELECTED[column(form, gzip=gzip)]
    row = lookup.find(name, locale=locale, columns=columns, parameters=(moment,), moment=moment)
    etag, composed_at, fresh_until, components, grace_ends_at, after_grace, content = row[lookup.OWN :]
    clock = Clock.of(fresh_until, grace_ends_at, after_grace)
    stored = Stored(
        article=database.read_uuid(row[lookup.ARTICLE]),
        locale=row[lookup.LOCALE],
        components=tuple(component["id"] for component in json.loads(components)),
        content=bytes(content),
        etag=etag,
        modified_at=database.read_instant(composed_at),
        fresh_until=clock.fresh_until,
        is_compressed=gzip,
    )
    if composed := clock.composed_anew(stored.content, now):
        stored = _later(stored, composed, form, now)
    if form == MARKDOWN:
        stored = stored._replace(content=_markdown(stored.content))
    return stored if is_html else stored._replace(etag=f"{stored.etag}-{form}")


def current(content: bytes, clock: Clock, *, form: str, now: datetime) -> bytes:
    """Stored bytes of `column(form)` as they are to be served; portable ones if they are late."""
    if composed := clock.composed_anew(content, now):
        content = composed.body if form == HTML else composed.portable
    return _markdown(content) if form == MARKDOWN else content


def _later(stored: Stored, composed: Composed, form: str, now: datetime) -> Stored:
    due, changed_at = composed.article["review"]["next_review_on"], stored.fresh_until or now
    while (later := next_change(due, changed_at, composed.grace)) and later <= now:
        changed_at = later
    html = composed.body_gzip if stored.is_compressed else composed.body
    return stored._replace(
        components=tuple(component["id"] for component in composed.article["components"]),
        content=html if form == HTML else composed.portable,
        etag=composed.etag,
        modified_at=changed_at,
        fresh_until=composed.fresh_until,
    )


def _markdown(portable: bytes) -> bytes:
    return compose.encode(in_form(json.loads(portable), MARKDOWN))

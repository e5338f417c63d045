"""The sync feed: where its cursors stand, and what changed since. Two queries; one if nothing is new.

A publication keeps the number of the last event that may have changed it, and an event changes one publication. So the
publications in the order of these numbers are a feed in which each stands once, at its latest change: whoever has read
up to a number and goes on from there converges to the whole set. Numbers are gapless and in commit order
(articles.record.events), so nothing appears behind a reader.
"""

from datetime import datetime
from typing import Any, NamedTuple

from api.protocol import cursors, database
from api.protocol.problems import Problem, Unavailable
from api.v1.reading.lookup import NEW, STATE_NOW, New
from api.v1.reading.stored import Clock

SALT = "api.v1.reading.feed"
HASH = 16  # so many characters of a line's hash tell one history from another
# What was signed of the set counts until a publication changes: then the worker signs it again, within a second. The
# largest event is one look into the index; a publication that is later would be looked for in all of them.
SIGNED = (
    "CASE WHEN f.epoch = e.hash AND f.valid_until > %s "
    "AND f.event >= COALESCE((SELECT MAX(p.event) FROM record_publication p), 0) "
    "AND NOT EXISTS (SELECT 1 FROM record_keyrevocation r WHERE r.key = f.key) THEN f.signed END"
)
HEAD = (
    f"SELECT e.hash, c.value, c.hash, l.hash, {SIGNED}, f.valid_until FROM record_counter e "
    "LEFT JOIN record_counter c ON c.name = 'events' LEFT JOIN record_event l ON l.number = %s "
    "LEFT JOIN record_feedstate f ON f.locale = %s WHERE e.name = 'epoch'"
)
CHANGED = (
    "SELECT p.event, l.hash, p.article, p.locale, p.slug, p.edition, p.notice, {new}, {state}, "
    "p.composed_at, p.fresh_until, p.grace_ends_at, p.after_grace, {content} FROM record_publication p "
    "JOIN record_event l ON l.number = p.event "
    "LEFT JOIN record_publication n ON n.article = {replacement} AND n.state = 'published' "
    "WHERE p.event > %s AND (p.event > %s OR p.state = 'published'){locale} ORDER BY p.event LIMIT {limit:d}"
)


class Place(NamedTuple):
    """Where a client stands: what its cursor holds.

    epoch   which life of the database the numbers belong to (articles.record.epoch)
    number  everything up to this event was read
    hash    the beginning of that line's hash
    first   the last event when the client began: what was withdrawn until then it never had
    locale  the only language that it wants; "" for all
    """

    epoch: str
    number: int
    hash: str
    first: int
    locale: str


class Head(NamedTuple):
    """Where the client stands, the end of the ledger, and what was signed of the set there: None if nothing counts.
    `valid_until`: of what was signed last, whether it counts or not; None where nothing is ever signed."""

    place: Place
    end: Place
    signed: str | None
    valid_until: datetime | None


class Changed(NamedTuple):
    """An article that changed. `new`: the one to show instead of a withdrawn one. `content`: stored bytes, None unless
    they were asked for and it is served."""

    event: int
    hash: str
    article: str
    locale: str
    slug: str
    edition: int
    notice: str | None
    new: New
    state: str
    changed_at: datetime
    clock: Clock
    content: bytes | None


def place_of(cursor: str | None, *, locale: str) -> Place | None:
    """Raises InvalidParameter for a cursor that is not ours, or was given for another language."""
    place = Place(*cursors.read(cursor, salt=SALT)) if cursor else None
    if place and place.locale != locale:
        said = f"locale={place.locale}" if place.locale else "all languages"
        raise cursors.invalid(f"The cursor was given for {said}; keep the parameter, or start without a cursor.")
    return place


def cursor_of(place: Place) -> str:
    return cursors.write(list(place), salt=SALT)


def head(place: Place | None, *, locale: str, now: datetime) -> Head:
    """Raises the problem `cursor-expired` for a cursor of another history, and Unavailable where this database lacks
    what the client has already."""
    row = database.fetch_one(HEAD, (database.instant_parameter(now), place.number if place else 0, locale))
    if row is None:
        raise Unavailable("The database is not ready; run `manage.py migrate`.")
    epoch, number, line, known = row[0], row[1] or 0, row[2] or "", row[3] or ""
    place = place or Place(epoch, 0, "", number, locale)
    if place.epoch == epoch and place.number > number:
        raise Unavailable("This server lacks changes that you have already; try again in a moment.")
    if (place.epoch, place.hash) != (epoch, known[:HASH]):
        raise Problem(
            "cursor-expired",
            "The server was restored from a backup, so this cursor has no meaning any more. Start again without a "
            "cursor, and replace your whole copy.",
        )
    signed, valid_until = row[4], database.read_moment(row[5])
    return Head(place, place._replace(number=number, hash=line[:HASH]), signed, valid_until)


def changed(place: Place, *, column: str | None, limit: int, now: datetime) -> list[Changed]:
    """The articles that changed after `place`, the earliest change first; with the bytes of `column` (portable ones
    where the clock has outdated them)."""
    moment = database.instant_parameter(now)
    content = f"CASE WHEN p.fresh_until <= %s THEN p.portable ELSE p.{column} END" if column else "NULL"
    sql = CHANGED.format(
        new=NEW,
        state=STATE_NOW,
        content=content,
        replacement=database.as_uuid("p.notice ->> 'replacement'"),
        locale=" AND p.locale = %s" if place.locale else "",
        limit=limit,
    )
    given: list[Any] = [moment, moment, *([moment] if column else []), place.number, place.first]
    return [_changed(row) for row in database.fetch(sql, [*given, *filter(None, [place.locale])])]


def _changed(row: database.Row) -> Changed:
    event, line, article, locale, slug, edition, notice, *new, state, at, fresh, ends, after, content = row
    served = bytes(content) if content is not None and state == "published" else None
    return Changed(
        *(event, line[:HASH], database.read_uuid(article), locale, slug, edition, notice, tuple(new)),
        *(state, database.read_instant(at), Clock.of(fresh, ends, after), served),
    )

"""Finds the article of a request, by id, or by slug and locale. Every route under `articles/{id or slug}/` starts here.

Raises NotFound if it was never published, Moved for an old slug or another form of one, a `withdrawn` problem if it was
withdrawn.
"""

import json
import re
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from api.protocol import database
from api.protocol.caching import Caching
from api.protocol.parameters import Parameter
from api.protocol.problems import NotFound, Problem
from api.v1.schemas.fields import LANGUAGE_TAG
from articles.record import words
from articles.record.delivery.article_json import to_the_second
from articles.record.site import this_site
from articles.record.slugs import one_form
from articles.record.vocabulary import PublicationState

MAX_SLUG = 255
UUID_FORM = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
# Columns of every look-up; a view's own follow.
ARTICLE, SLUG, LOCALE, STATE, NOTICE = range(5)
OWN = 5

Selection = tuple[str, str]
New = tuple[str | None, str | None, str | None]
# What the policy withholds once its grace is over is withheld at that moment, whether or not a job has run.
WITHHELD_NOW = "p.state = 'published' AND p.after_grace = 'withhold' AND p.grace_ends_at <= %s"
SERVED_NOW = "p.state = 'published' AND NOT (p.after_grace = 'withhold' AND p.grace_ends_at <= %s)"
STATE_NOW = f"CASE WHEN {WITHHELD_NOW} THEN 'withheld' ELSE p.state END"
# The article to show instead of a withdrawn one: (slug, locale, title), without a slug where readers do not get it.
NEW = "CASE WHEN n.after_grace = 'withhold' AND n.grace_ends_at <= %s THEN NULL ELSE n.slug END, n.locale, n.title"
NEW_SQL = f"SELECT {NEW} FROM record_publication n WHERE n.article = %s AND n.state = 'published'"
NOTHING_NEW: New = (None, None, None)


def read_locale(text: str) -> str:
    if not re.fullmatch(str(LANGUAGE_TAG["pattern"]), text):
        raise ValueError("locale must be a language tag, for example en or pt-BR.")
    return text.lower()


LOCALE_PARAMETER = Parameter(
    "locale",
    "The language of the slug; without it, the site's default language. An id names an article in one language, and "
    "needs none.",
    max_length=16,
    read=read_locale,
    schema=LANGUAGE_TAG,
)


class Moved(Exception):
    """The slug is an old one, or in another form; `slug` and `locale` are the article's current ones."""

    def __init__(self, article: str, slug: str, locale: str) -> None:
        super().__init__(slug)
        self.article, self.slug, self.locale = article, slug, locale


def find(
    name: str,
    *,
    locale: str | None,
    columns: str,
    joins: str = "",
    parameters: tuple = (),
    moment: Any = None,
    withdrawn_too: bool = False,
) -> database.Row:
    """The row of the published article: the columns above, then `columns`. One query.

    `parameters` are those of `columns`, then those of `joins`. `moment` is now, as `database.instant_parameter` has it.
    With `withdrawn_too` a withdrawn article is found as others are.
    """
    selections = ((columns, joins),)
    return find_all(
        name, locale=locale, selections=selections, parameters=parameters, moment=moment, withdrawn_too=withdrawn_too
    )[0]


def find_all(
    name: str,
    *,
    locale: str | None,
    selections: tuple[Selection, ...],
    parameters: tuple = (),
    moment: Any = None,
    withdrawn_too: bool = False,
) -> list[database.Row]:
    """Like `find`, but several rows: those of each (columns, joins), in one query. What `en-GB` lacks is looked for in
    `en`."""
    where, named = _where(name, locale)
    now = moment or database.instant_parameter(timezone.now())
    values = (now, *parameters, *named) * len(selections)
    rows = database.fetch(statement(selections, where), values, is_planned_once=True)
    wider = words.base(locale) if locale else None
    if not rows and where is SLUG_WHERE and wider != locale:
        return find_all(
            name,
            locale=wider,
            selections=selections,
            parameters=parameters,
            moment=now,
            withdrawn_too=withdrawn_too,
        )
    if not rows:
        raise _not_found(name, locale=locale, is_slug=where is SLUG_WHERE)
    if not withdrawn_too and rows[0][STATE] != PublicationState.PUBLISHED:
        raise withdrawn(rows[0])
    _require_here(rows[0], name, locale=locale, is_slug=where is SLUG_WHERE)
    return rows


SLUG_WHERE = ("record_path a JOIN record_publication p ON p.article = a.article", "a.locale = %s AND a.slug = %s")
ID_WHERE = ("record_publication p", "p.article = %s")


def _not_found(name: str, *, locale: str | None, is_slug: bool) -> NotFound:
    """Names the languages in which readers get an article at this slug."""
    said = f"No article was published as “{name[:80]}”"
    if not is_slug:
        return NotFound(f"{said}.")
    rows = database.fetch(ELSEWHERE, (database.instant_parameter(timezone.now()), one_form(name)))
    locales = [locale for (locale,) in rows]
    if not locales:
        return NotFound(f"{said}.")
    where = (
        f" in {locale or settings.LANGUAGE_CODE}. It exists in: {', '.join(locales)}. Ask with ?locale={locales[0]}."
    )
    return NotFound(said + where, more={"locales": locales})


ELSEWHERE = (
    f"SELECT p.locale FROM record_path a JOIN record_publication p ON p.article = a.article AND {SERVED_NOW} "
    "WHERE a.slug = %s ORDER BY p.locale"
)


@cache
def statement(selections: tuple[Selection, ...], where: tuple[str, str]) -> str:
    return " UNION ALL ".join(_select(columns, joins, where) for columns, joins in selections)


def _select(columns: str, joins: str, where: tuple[str, str]) -> str:
    return (
        f"SELECT p.article, p.slug, p.locale, {STATE_NOW}, p.notice, {columns} FROM {where[0]} {joins} WHERE {where[1]}"
    )


def _where(name: str, locale: str | None) -> tuple[tuple[str, str], tuple[Any, ...]]:
    if UUID_FORM.fullmatch(name):
        return ID_WHERE, (database.uuid_parameter(UUID(name)),)
    if len(name) > MAX_SLUG or "\x00" in name:
        raise NotFound("No article has this address.")
    return SLUG_WHERE, (locale or settings.LANGUAGE_CODE, one_form(name))


def _require_here(row: database.Row, name: str, *, locale: str | None, is_slug: bool) -> None:
    if is_slug and row[SLUG] != name:
        raise Moved(database.read_uuid(row[ARTICLE]), row[SLUG], row[LOCALE])
    if not is_slug and locale and row[LOCALE] not in (locale, words.base(locale)):
        said = f"This id names an article in {row[LOCALE]}, not in {locale}. Leave out locale, or see its translations."
        raise NotFound(said, more={"locales": [row[LOCALE]]})


def withdrawn(row: database.Row) -> Problem:
    """410 with id, locale, reason, explanation, replacement (or null), withdrawn_at, temporary."""
    notice = reason(row[NOTICE], locale=row[LOCALE], new=_new(row[NOTICE]))
    return gone(notice, what="article", key=database.read_uuid(row[ARTICLE]), locale=row[LOCALE])


def _new(stored: str | None) -> New:
    """What NEW gives: only a withdrawn article asks for it."""
    key = json.loads(stored)["replacement"] if stored else None
    if not key:
        return NOTHING_NEW
    now = database.instant_parameter(timezone.now())
    return database.fetch_one(NEW_SQL, (now, database.uuid_parameter(UUID(key)))) or NOTHING_NEW


def reason(stored: str | None, *, locale: str, new: New) -> dict[str, Any]:
    """Why readers do not get an article. `stored`: its notice, None if it is withheld; `new`: what NEW gives."""
    said = words.sentence("withheld-review-overdue", locale)
    notice = json.loads(stored) if stored else WITHHELD | {"explanation": said.text, "lang": said.lang}
    at, key = notice["withdrawn_at"], notice["replacement"]
    return notice | {"replacement": _replacement(key, *new) if key else None, "withdrawn_at": at and to_the_second(at)}


def _replacement(key: str, slug: str | None, locale: str | None, title: str | None) -> dict[str, Any]:
    """All but the id is null while readers do not get it."""
    if not (slug and locale):
        return {"id": key, "title": None, "url": None, "web_url": None}
    site = this_site()
    return {
        "id": key,
        "title": title,
        "url": site.article_url(slug, locale),
        "web_url": site.page_url(slug, locale),
    }


def gone(notice: dict[str, Any], *, what: str, key: str, locale: str | None = None) -> Problem:
    """The problem for an article or a component that was withdrawn or is withheld."""
    detail = WITHHELD_DETAIL if notice["temporary"] else WITHDRAWN_DETAIL
    new = notice["replacement"]
    return Problem(
        "withdrawn",
        str(notice["explanation"]) or detail.format(what=what),
        more={"id": key, "locale": locale} | notice,
        caching=Caching(surrogate_keys=(key, new["id"]) if new else (key,)),
    )


WITHDRAWN_DETAIL = "This {what} was withdrawn; remove your copy."
WITHHELD_DETAIL = (
    "The review of this {what} is overdue. The {what} is withheld until it has been reviewed; try again later."
)
WITHHELD: dict[str, Any] = {
    "reason": "review-overdue",
    "explanation": "",
    "replacement": None,
    "withdrawn_at": None,
    "temporary": True,
    "lang": words.DEFAULT,
}

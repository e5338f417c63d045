"""The filters of the list of articles: their parameters, and the SQL for them. Each may be given several times."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from api.protocol import database
from api.protocol.parameters import Parameter
from api.v1.reading.lookup import SERVED_NOW, read_locale
from api.v1.schemas.fields import LANGUAGE_TAG
from articles.record.search import codes
from articles.record.slugs import one_form
from articles.record.vocabulary import ArticleType, Aspect, Audience, Certainty, CodeSystem, SectionKind

Conditions = tuple[list[str], list[Any]]
INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)([Zz]|[+ -]\d\d:\d\d))?", re.ASCII)


def _code(text: str) -> str:
    name, bar, code = text.rpartition("|")
    system = codes.system_of(name)
    if not bar or not code.strip() or not system:
        raise ValueError(
            f"code must be system|code. The system is one of {', '.join(CodeSystem.values)}, its URI in FHIR, or its "
            "OID as urn:oid:…."
        )
    return codes.one_form(system, code)


def read_moment(name: str, text: str) -> datetime:
    """A day begins at midnight in UTC. `name`: of the parameter."""
    found = INSTANT.fullmatch(text)
    if found is None:
        raise ValueError(f"{name} must be a day such as 2026-01-31, or an instant such as 2026-01-31T08:00:00Z.")
    day, time, zone = found.groups()
    zone = "+00:00" if zone is None or zone in "Zz" else zone.replace(" ", "+")  # an unencoded + is a space
    try:
        return datetime.fromisoformat(f"{day}T{time or '00:00'}{zone}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name} is {text}: this day or time does not exist.") from error


# Named as the facet that each reads; `code` reads several.
FACETS = (
    Parameter("topic", "The slug of a topic, as `topics/` lists it.", read=one_form, repeats=True),
    Parameter(
        "code",
        "A code that the article, one of its substances or one of its causes has, as `system|code`: `icd-10-cm|L65.9`. "
        f"Systems: {', '.join(CodeSystem.values)}, or their URIs in FHIR, or `urn:oid:…`. Case does not matter. A code "
        "finds what is on it, on a code below it, and on a category above it (ICD-10-CM).",
        max_length=128,
        read=_code,
        schema={"type": "string", "pattern": r"^.+\|.+$", "maxLength": 128},
        repeats=True,
    ),
    Parameter("audience", "The readers for whom the article is written.", tuple(Audience.values), repeats=True),
    Parameter("article_type", "What the article is about.", tuple(ArticleType.values), repeats=True),
    Parameter("kind", "Articles with a section of this kind.", tuple(SectionKind.values), repeats=True),
    Parameter("aspect", "Articles with a prose section on this aspect.", tuple(Aspect.values), repeats=True),
    Parameter("certainty", "Articles with a finding of this certainty (GRADE).", tuple(Certainty.values), repeats=True),
)
LOCALE = Parameter(
    "locale",
    "Articles in this language; default: all languages.",
    max_length=16,
    read=read_locale,
    schema=LANGUAGE_TAG,
)
MOMENT = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
REVIEWED_AFTER = Parameter(
    "reviewed_after",
    "Articles whose whole text was reviewed on this day or later (`review.last_reviewed_on`): a day, or an instant, "
    "whose day in UTC counts.",
    max_length=32,
    read=partial(read_moment, "reviewed_after"),
    schema=MOMENT,
)
UPDATED_AFTER = Parameter(
    "updated_after",
    "Articles whose last material change was published at this instant or later (`edition.updated_at`): an instant, "
    "or a day, which begins at midnight in UTC.",
    max_length=32,
    read=partial(read_moment, "updated_after"),
    schema=MOMENT,
)
FILTERS = (*FACETS, replace(LOCALE, repeats=True), REVIEWED_AFTER, UPDATED_AFTER)


def _sought(name: str, values: Iterable[str]) -> dict[str, list[str]]:
    """{facet: values} of which an article must have one."""
    found: dict[str, list[str]] = {}
    for value in values:
        for facet, each in codes.found_by(value) if name == "code" else [(name, value)]:
            found.setdefault(facet, []).append(each)
    return found


def where(asked: dict[str, Any], *, now: datetime, without: str = "") -> Conditions:
    """(conditions, their parameters) of the filters that were given. `without`: the name of one that is left out."""
    conditions: list[str] = [SERVED_NOW]
    parameters: list[Any] = [database.instant_parameter(now)]
    for name in (facet.name for facet in FACETS if facet.name != without and asked[facet.name]):
        sought = _sought(name, asked[name])
        either = " OR ".join(f"(f.name = %s AND f.value IN ({database.places(values)}))" for values in sought.values())
        conditions.append(f"p.article IN (SELECT f.article FROM record_facet f WHERE {either})")
        parameters += [text for facet, values in sought.items() for text in (facet, *values)]
    if asked["locale"]:
        conditions.append(f"p.locale IN ({database.places(asked['locale'])})")
        parameters += asked["locale"]
    if asked["reviewed_after"]:
        conditions.append("p.reviewed_on >= %s")
        parameters.append(asked["reviewed_after"].date().isoformat())
    if asked["updated_after"]:
        conditions.append("p.updated_at >= %s")
        parameters.append(database.instant_parameter(asked["updated_after"]))
    return conditions, parameters

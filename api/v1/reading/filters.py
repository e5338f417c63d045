"""The filters of the list of articles: their parameters, and the SQL for them."""

from datetime import datetime
from typing import Any

from api.protocol import database
from api.protocol.parameters import Parameter
from api.v1.reading.lookup import SERVED_NOW, read_locale
from articles.record.slugs import one_form
from articles.record.vocabulary import ArticleType, Aspect, Audience, Certainty, CodeSystem, SectionKind

FACET = "p.article IN (SELECT f.article FROM record_facet f WHERE f.name = %s AND f.value = %s)"


def _code(text: str) -> str:
    system, bar, code = text.partition("|")
    if not bar or not code or system not in CodeSystem.values:
        raise ValueError(f"code must be system|code, with a system of {', '.join(CodeSystem.values)}.")
    return text


# Named as the facet that each reads.
FACETS = (
    Parameter("topic", "The slug of a topic, as `topics/` lists it.", read=one_form),
    Parameter(
        "code",
        "A code that the article is about, as `system|code`: `icd-10-cm|L65.9`. Systems: "
        f"{', '.join(CodeSystem.values)}.",
        max_length=64,
        read=_code,
        schema={"type": "string", "pattern": rf"^({'|'.join(CodeSystem.values)})\|.+$", "maxLength": 64},
    ),
    Parameter("audience", "The readers for whom the article is written.", tuple(Audience.values)),
    Parameter("article_type", "What the article is about.", tuple(ArticleType.values)),
    Parameter("kind", "Articles with a section of this kind.", tuple(SectionKind.values)),
    Parameter("aspect", "Articles with a prose section on this aspect.", tuple(Aspect.values)),
    Parameter("certainty", "Articles with a finding of this certainty (GRADE).", tuple(Certainty.values)),
)
LOCALE = Parameter("locale", "Articles in this language; default: all languages.", max_length=16, read=read_locale)
FILTERS = (*FACETS, LOCALE)


def where(asked: dict[str, Any], *, now: datetime) -> tuple[list[str], list[Any]]:
    """(conditions, their parameters) of the filters that were given."""
    conditions: list[str] = [SERVED_NOW]
    parameters: list[Any] = [database.instant_parameter(now)]
    for facet in FACETS:
        if asked[facet.name] is not None:
            conditions.append(FACET)
            parameters += [facet.name, asked[facet.name]]
    if asked["locale"] is not None:
        conditions.append("p.locale = %s")
        parameters.append(asked["locale"])
    return conditions, parameters

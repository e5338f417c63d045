"""An HL7 Infobutton request: its parameters, and the articles that answer it, in one query.

Source: HL7 Context-Aware Knowledge Retrieval (Infobutton), URL-Based Implementations of the Context-Aware Information
Retrieval Domain. Parameters of the standard that we have no use for are accepted; others are refused.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest

from api.protocol import database
from api.protocol.parameters import pairs, require_none, tried
from api.protocol.problems import InvalidParameter
from api.v1.reading.lookup import SERVED_NOW, read_locale
from api.v1.reading.stored import Clock
from articles.record.search import codes
from articles.record.vocabulary import Audience

CODED = "(c|cs|csn|dn|ot)[0-9]{0,2}"
STANDARD = re.compile(
    rf"(mainSearchCriteria|subTopic)\.[vc]\.{CODED}|taskContext\.c\.{CODED}|encounter\.c\.{CODED}|ageGroup\.v\.{CODED}"
    r"|knowledgeRequestNotification\.effectiveTime\.v|holder\.assignedEntity\.(n|certificateText)"
    r"|assignedAuthorizedPerson\.id\.root|representedOrganization\.id\.root|assignedEntity\.representedOrganization\.n"
    rf"|patientPerson\.administrativeGenderCode\.{CODED}|age\.v\.[vu]|severityObservation\.interpretationCode\.{CODED}"
    rf"|(informationRecipient|performer)(\.(healthCareProvider\.c|languageCode)\.{CODED})?"
    rf"|observation\.(c\.{CODED}|v\.({CODED}|[vu][0-9]{{0,2}}))|locationOfInterest\.addr\.(postalCode|city|state)"
    r"|serviceDeliveryLocation\.id\.root|knowledgeResponseType|executionMode|xsltTransform",
    re.ASCII,
)
CODE = re.compile(r"mainSearchCriteria\.v\.c([0-9]{0,2})", re.ASCII)
TOPIC = re.compile(r"subTopic\.v\.c[0-9]{0,2}", re.ASCII)
COUNTED = re.compile(r"(mainSearchCriteria|subTopic)\..+|informationRecipient(\.languageCode\.c)?", re.ASCII)
LANGUAGE, RECIPIENT, RESPONSE = "informationRecipient.languageCode.c", "informationRecipient", "knowledgeResponseType"
RECIPIENTS = {"PAT": Audience.PATIENT.value, "PROV": Audience.CLINICIAN.value, "PAYOR": None}
RESPONSES = {"application/json": True, "text/xml": False, "application/xml": False, "application/atom+xml": False}
LONGEST = 255
MOST_CRITERIA, MOST_ARTICLES = 20, 20


@dataclass(frozen=True, slots=True)
class Question:
    """`codes`: (system, code) in our systems. `is_json`: None where the request leaves it to Accept. `asked`: what the
    answer repeats: the parameters that it goes by, and nothing of the patient."""

    codes: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    audience: str | None
    language: str | None
    is_json: bool | None
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    article: dict[str, Any]
    composed_at: datetime
    fresh_until: datetime | None


def read(request: HttpRequest) -> Question:
    """Raises InvalidParameter, or a problem that names all parameters that are wrong."""
    wrong: list[InvalidParameter] = []
    given = _given(request, wrong)
    numbers = [(name, CODE.fullmatch(name)) for name in given]
    criteria = [(name, found[1]) for name, found in numbers if found]
    if not criteria and not any(CODE.fullmatch(error["parameter"]) for each in wrong for error in each.errors):
        wrong.append(InvalidParameter("mainSearchCriteria.v.c", "required", "Give a code in mainSearchCriteria.v.c."))
    if len(criteria) > MOST_CRITERIA:
        wrong.append(InvalidParameter("mainSearchCriteria.v.c", "count", f"Give at most {MOST_CRITERIA} codes."))
    asked = [tried(wrong, partial(_code, given, name, number)) for name, number in criteria]
    audience = tried(wrong, lambda: _chosen(given, RECIPIENT, RECIPIENTS))
    language = tried(wrong, lambda: _language(given))
    is_json = tried(wrong, lambda: _chosen(given, RESPONSE, RESPONSES))
    require_none(wrong)
    return Question(
        codes=tuple(filter(None, asked)),
        topics=tuple(text.upper() for name, text in given.items() if TOPIC.fullmatch(name)),
        audience=audience,
        language=language,
        is_json=is_json,
        asked=tuple(item for item in given.items() if COUNTED.fullmatch(item[0])),
    )


def _given(request: HttpRequest, wrong: list[InvalidParameter]) -> dict[str, str]:
    """{name: text} of what says something: many clients send empty parameters."""
    found: dict[str, str] = {}
    for name, text in pairs(request):
        shown = re.sub(r"[\x00-\x1f\x7f]", "�", name)[:80]
        if not STANDARD.fullmatch(name):
            detail = f"{shown} is not a parameter of an Infobutton request."
            wrong.append(InvalidParameter(shown, "unknown", detail, code="not-a-parameter"))
        elif name in found:
            wrong.append(InvalidParameter(shown, "repeated", f"Give {shown} only once; number further ones."))
        elif len(text) > LONGEST or "\x00" in text:
            detail = f"{shown} must have at most {LONGEST} characters, and no NUL."
            wrong.append(InvalidParameter(shown, "length", detail))
        elif text.strip():
            found[name] = text.strip()
    return found


def _code(given: dict[str, str], name: str, number: str) -> tuple[str, str] | None:
    """None for a terminology that no article uses: that finds nothing, and is no error."""
    system = given.get(f"mainSearchCriteria.v.cs{number}")
    if system is None:
        detail = f"Give the terminology of {name} in mainSearchCriteria.v.cs{number}: its OID, for example."
        raise InvalidParameter(f"mainSearchCriteria.v.cs{number}", "required", detail)
    ours = codes.system_of(system)
    return (ours, given[name]) if ours else None


def _chosen(given: dict[str, str], name: str, values: dict[str, Any]) -> Any:
    if name not in given:
        return None
    if given[name] not in values:
        raise InvalidParameter(name, "choice", f"{name} must be one of {', '.join(values)}.")
    return values[given[name]]


def _language(given: dict[str, str]) -> str | None:
    try:
        return read_locale(given[LANGUAGE]) if LANGUAGE in given else None
    except ValueError as error:
        detail = f"{LANGUAGE} must be a language tag, for example en or es."
        raise InvalidParameter(LANGUAGE, "value", detail) from error


def facets_of(system: str, code: str) -> list[tuple[str, str]]:
    """(facet, value) of the articles that a code asks for: those on it, and those on a category above it, since what
    is said of L65 holds for L65.9. Not those on what is below it, nor those that only name it as a cause."""
    found = codes.found_by(codes.one_form(system, code))
    return [(name, each) for name, each in found if name in (codes.ARTICLE, codes.SUBSTANCE)]


def find(question: Question, *, now: datetime) -> list[Found]:
    """The published articles with one of the codes, the newest first, at most 20."""
    facets = [facet for system, code in question.codes for facet in facets_of(system, code)]
    if not facets:
        return []
    listed = ", ".join(["(%s, %s)"] * len(facets))
    conditions = [
        SERVED_NOW,
        "p.article IN (SELECT f.article FROM record_facet f JOIN "
        f"(VALUES {listed}) AS v ON f.name = v.column1 AND f.value = v.column2)",
    ]
    parameters: list[Any] = [database.instant_parameter(now), *(text for facet in facets for text in facet)]
    if question.audience:
        conditions.append(
            "p.article IN (SELECT f.article FROM record_facet f WHERE f.name = 'audience' AND f.value = %s)"
        )
        parameters.append(question.audience)
    if question.language:
        conditions.append("p.locale IN (%s, %s)")
        parameters += [question.language, question.language.partition("-")[0]]
    sql = (
        "SELECT p.portable, p.composed_at, p.fresh_until, p.grace_ends_at, p.after_grace FROM record_publication p "
        f"WHERE {' AND '.join(conditions)} ORDER BY p.first_published_at DESC, p.article DESC LIMIT {MOST_ARTICLES:d}"
    )
    return [_found(row, now) for row in database.fetch(sql, parameters)]


def _found(row: database.Row, now: datetime) -> Found:
    """As it is to be served now, whether or not a job has composed it anew."""
    portable, composed_at, *columns = row
    clock = Clock.of(*columns)
    if clock.fresh_until and (composed := clock.composed_anew(bytes(portable), now)):
        return Found(composed.article, clock.fresh_until, composed.fresh_until)
    return Found(json.loads(bytes(portable)), database.read_instant(composed_at), clock.fresh_until)

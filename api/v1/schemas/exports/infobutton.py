"""The Infobutton request and its answer, as the documentation describes them."""

from typing import Any

from api.v1.schemas.fields import LANGUAGE_TAG
from articles.record.delivery.exports.knowledge import SUB_TOPICS


def _said(help: str, **more: Any) -> dict[str, Any]:
    """A text as MedlinePlus Connect writes it: `{"_value": …}`."""
    value = {"type": "string", "description": help} | more
    typed = {"_value": value, "type": {"type": "string", "enum": ["text", "html"]}}
    return {"type": "object", "required": ["_value"], "properties": typed}


def _list(item: dict[str, Any], help: str) -> dict[str, Any]:
    return {"type": "array", "items": item, "description": help}


PERSON = {"type": "object", "required": ["name"], "properties": {"name": _said("With credentials.")}}
LINK = {
    "type": "object",
    "required": ["rel", "type", "href"],
    "properties": {
        "title": {"type": "string"},
        "rel": {"type": "string"},
        "type": {"type": "string"},
        "href": {"type": "string", "format": "uri"},
        "hreflang": {"type": "string", "description": "The language of what it leads to."},
    },
}
ENTRY = {
    "type": "object",
    "required": ["lang", "base", "title", "link", "id", "updated", "author", "contributor", "summary"],
    "properties": {
        "lang": {"type": "string"},
        "base": {"type": "string", "format": "uri", "description": "What links in the summary are relative to."},
        "title": _said("The article's title; for a section, followed by its heading."),
        "link": _list(LINK, "The page for readers (of a section: its place there), then the article as JSON."),
        "id": _said("The same for each edition.", pattern="^urn:uuid:"),
        "updated": _said("When the article, its notices or its review last changed.", format="date-time"),
        "author": _list(PERSON, "Who wrote it."),
        "contributor": _list(PERSON, "The clinicians who reviewed it."),
        "summary": _said("HTML, safe to show: what readers must see, then the summary or the section. Show all of it."),
    },
}
FEED: dict[str, Any] = {
    "type": "object",
    "required": ["feed"],
    "properties": {
        "feed": {
            "type": "object",
            "required": ["base", "title", "author", "updated", "category", "id", "link", "entry"],
            "properties": {
                "base": {"type": "string", "format": "uri"},
                "title": _said("The name of this service."),
                "author": PERSON,
                "updated": _said("When an entry last changed.", format="date-time"),
                "category": _list(
                    {
                        "type": "object",
                        "required": ["scheme", "term"],
                        "properties": {"scheme": {"type": "string"}, "term": {"type": "string"}},
                    },
                    "The request's parameters that the answer goes by, with their values.",
                ),
                "id": _said("The same for each answer to this request.", pattern="^urn:uuid:"),
                "link": _list(LINK, "This request."),
                "entry": _list(ENTRY, "Empty if nothing was found."),
            },
        }
    },
}
ATOM_FEED = {"type": "string", "description": "An Atom feed (RFC 4287)."}


def _parameter(name: str, help: str, schema: dict[str, Any] | None = None, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "type": schema or {"type": "string", "maxLength": 255},
        "description": help,
        "required": required,
    }


SAID = {"type": "string", "pattern": r"\S", "maxLength": 255}
PARAMETERS = (
    _parameter(
        "mainSearchCriteria.v.c",
        "A code, for example L65.9; words alone are refused. Further ones are numbered: `mainSearchCriteria.v.c1` with "
        "`mainSearchCriteria.v.cs1`, and so on; at most 20.",
        SAID,
        required=True,
    ),
    _parameter(
        "mainSearchCriteria.v.cs",
        "The code's terminology: its OID (2.16.840.1.113883.6.90 is ICD-10-CM), its FHIR URI, or our name for it. "
        "A terminology that no article uses finds nothing: the feed has no entries.",
        SAID,
        required=True,
    ),
    _parameter("mainSearchCriteria.v.dn", "The code in words. The answer repeats it."),
    _parameter(
        "subTopic.v.c",
        f"What is asked about it; the answer then holds sections. We know {', '.join(SUB_TOPICS)}; others do not "
        "filter. Further ones are numbered.",
    ),
    _parameter("subTopic.v.cs", "The sub-topic's terminology."),
    _parameter(
        "informationRecipient",
        "Who reads the answer: articles for patients, or for clinicians. PAYOR or no value does not filter.",
        {"type": "string", "enum": ["PAT", "PROV", "PAYOR"]},
    ),
    _parameter(
        "informationRecipient.languageCode.c", "Articles in this language, for example en or es-US.", LANGUAGE_TAG
    ),
    _parameter(
        "knowledgeResponseType",
        "The form of the answer. Without it, Accept decides; by default it is Atom.",
        {"type": "string", "enum": ["application/json", "text/xml", "application/xml", "application/atom+xml"]},
    ),
)

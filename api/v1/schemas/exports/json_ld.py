"""JSON-LD as the documentation describes it: the members that every article has, and our own terms.

The vocabulary itself is schema.org's, so this schema is open.
"""

from typing import Any

from articles.record.vocabulary import AiUse, ArticleType, NoticeKind, ReviewStatus, SourceStatus


def _text(help: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": help} | more


NOTICE = {
    "type": "object",
    "required": ["vetted:kind", "vetted:since", "vetted:text"],
    "properties": {
        "vetted:kind": _text("New kinds may be added; show their text as well.", enum=NoticeKind.values),
        "vetted:since": _text("The date of the notice.", format="date"),
        "vetted:text": {
            "type": "object",
            "required": ["@value", "@language"],
            "properties": {"@value": _text("Show it above the article."), "@language": _text("The text's language.")},
        },
    },
}
CITATION = {
    "type": "object",
    "required": ["@type", "@id", "position", "name"],
    "properties": {
        "position": {"type": "integer", "minimum": 1, "description": "The number of the reference."},
        "creativeWorkStatus": _text("The source's status, in English; absent while it is in good standing."),
        "vetted:sourceStatus": _text("The status as a value.", enum=SourceStatus.values),
        "vetted:sourceStatusSince": _text("The date of the status.", format="date"),
    },
}
# With a member by name: a union of a text and a map of anything makes generators for Kotlin stumble.
TERMS = {"type": "object", "properties": {"vetted": _text("Where they are.", format="uri")}, "required": ["vetted"]}
JSON_LD: dict[str, Any] = {
    "type": "object",
    "description": "A schema.org `MedicalWebPage`. Terms of our own begin with `vetted:`.",
    "required": [
        *("@context", "@type", "@id", "url", "identifier", "name", "inLanguage", "datePublished", "dateModified"),
        *("lastReviewed", "reviewedBy", "vetted:nextReview", "vetted:reviewStatus", "vetted:digests"),
    ],
    "properties": {
        "@context": {
            "type": "array",
            "items": {"anyOf": [{"type": "string"}, TERMS]},
            "description": "schema.org, and the address of our own terms.",
        },
        "@type": {"type": "string", "const": "MedicalWebPage"},
        "@id": _text("The article's page for readers.", format="uri"),
        "lastReviewed": _text("The day on which clinicians last read the whole text.", format="date"),
        "reviewedBy": {"description": "The clinician who signed these bytes; a list if there are several."},
        "citation": {"type": "array", "items": CITATION},
        "vetted:articleType": _text("As `article_type`.", enum=ArticleType.values),
        "vetted:nextReview": _text("The date by which the article is due for its next review.", format="date"),
        "vetted:reviewStatus": _text("As `review.status`.", enum=ReviewStatus.values),
        "vetted:notices": {"type": "array", "items": NOTICE, "description": "As `notices`. Show them."},
        "vetted:sponsorship": _text("Who paid for the article. Show it."),
        "vetted:aiUse": _text("As `content.ai_use.use`. Show it.", enum=AiUse.values),
        "vetted:digests": {
            "type": "object",
            "properties": {
                "vetted:medical": _text("As `edition.digests.medical`."),
                "vetted:presentation": _text("As `edition.digests.presentation`."),
            },
        },
        "vetted:apiUrl": _text("The article's address in the API.", format="uri"),
    },
}

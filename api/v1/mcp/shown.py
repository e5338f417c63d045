"""What the tools give of an article: some of its sections, and what must be shown beside them. Pure.

The members are those of the API, in the same words; `markdown` and the text of a result are written by the one writer
of Markdown documents. Source: docs/json.md, *What you must show*.
"""

from collections.abc import Sequence
from typing import Any

from articles.record.delivery.exports.as_markdown import as_markdown, section_as_markdown
from articles.record.delivery.forms import MARKDOWN
from articles.record.delivery.passages import passages

Json = dict[str, Any]
TEXT, LIST, OBJECT = {"type": "string"}, {"type": "array"}, {"type": "object"}
NOT_GIVEN: Json = {"summary": "", "hero": None, "codes": [], "substances": [], "related": []}


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(item: Json, help: str) -> Json:
    return {"type": "array", "items": item, "description": help}


ARTICLE = _object(id=TEXT, title=TEXT, language=TEXT, audience=TEXT, article_type=TEXT, url=TEXT, web_url=TEXT) | {
    "description": "What the article is; link readers to web_url."
}
ENVELOPE: Json = {
    "article": ARTICLE,
    "edition": _object(number={"type": "integer"}, published_at=TEXT, digests=OBJECT)
    | {"description": "The edition in force, and the digests of what was signed."},
    "review": _object(status=TEXT, last_reviewed_on=TEXT, next_review_on=TEXT, reviewed_by=LIST)
    | {"description": "Show who reviewed it and when, and the status if it is overdue or emergency."},
    "notices": _list(_object(kind=TEXT, since=TEXT, text=TEXT), "Show all of them, above the text."),
    "sponsorship": {"type": ["string", "null"], "description": "Show who paid."},
    "disclaimers": _list(_object(id=TEXT, text=TEXT), "Show all of them."),
    "references": _list(
        _object(number={"type": "integer"}, text=TEXT, source_status=TEXT),
        "The sources that these sections cite; show the status of one that is retracted or questioned.",
    ),
}
SECTION = _object(id=TEXT, kind=TEXT, importance=TEXT, heading=TEXT, markdown=TEXT)
SECTIONS: Json = {"sections": _list(SECTION, "Complete sections; markdown holds the heading and all that it says.")}
ERROR: Json = _object(code=TEXT, title=TEXT, detail=TEXT) | {"description": "Only in a result that is an error."}
STATEMENT: Json = {"statement": TEXT | {"description": "What the result means, and what it does not mean."}}


def envelope(article: Json, sections: Sequence[Json]) -> Json:
    """What must be shown beside these sections. Raises NotRecomposed."""
    beside = passages(article, sections, form=MARKDOWN)
    said = {name: beside[name] for name in ("id", "article_type", "url", "web_url")}
    content = {name: beside["content"][name] for name in ("title", "language", "audience")}
    edition = {name: beside["edition"][name] for name in ("number", "published_at", "digests")}
    return {
        "article": said | content,
        "edition": edition,
        "review": beside["review"],
        "notices": beside["notices"],
        "sponsorship": beside["sponsorship"],
        "disclaimers": [{"id": row["id"], "text": row["text"]} for row in beside["disclaimers"]],
        "references": [_reference(row) for row in beside["references"]],
    }


def with_sections(article: Json, sections: Sequence[Json]) -> Json:
    """The sections in their envelope."""
    return envelope(article, sections) | {"sections": [_section(section, article) for section in sections]}


def document(article: Json, sections: Sequence[Json], *, beside: Json) -> str:
    """The same as Markdown. `beside`: the envelope of these sections."""
    cited = {row["number"] for row in beside["references"]}
    references = [row for row in article["content"]["references"] if row["number"] in cited]
    content = article["content"] | NOT_GIVEN | {"sections": list(sections), "references": references}
    return as_markdown(article | {"content": content})


def _section(section: Json, article: Json) -> Json:
    aspect = {"aspect": section["aspect"]} if section.get("aspect") else {}
    head = {name: section[name] for name in ("id", "kind", "importance", "heading")}
    return head | aspect | {"markdown": section_as_markdown(section, article)}


def _reference(row: Json) -> Json:
    kept = ("number", "doi", "pmid", "url", "design", "source_status", "source_status_since", "source_status_url")
    return {name: row[name] for name in kept} | {"text": row["text"]["ama"]}

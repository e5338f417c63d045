"""The forms of a composed article: its portable form, with HTML or Markdown in place of Portable Text. Pure."""

from collections.abc import Callable
from functools import partial
from typing import Any

from articles.errors import NotRecomposed
from articles.record.delivery.content.markdown import to_markdown
from articles.record.delivery.content.portable_text import Shown, Target, to_html
from articles.record.standing import MARKED_AT_CLAIMS
from articles.record.vocabulary import SectionKind

Json = dict[str, Any]
HTML, PORTABLE, MARKDOWN = "html", "portable", "markdown"
FORMS = (HTML, PORTABLE, MARKDOWN)
VERIFIABLE = ("signed", "derived")  # only the portable form holds the signed values unaltered
Write = Callable[[list[Json]], str]


def in_form(article: Json, form: str) -> Json:
    """A composed article, its portable form, in another one. Raises NotRecomposed."""
    if VERIFIABLE[0] not in article:
        raise NotRecomposed
    if form == PORTABLE:
        return article
    shown = shown_of(article)
    write = _writer(form, shown)
    content = article["content"]
    plain = {
        "hero": _picture(content["hero"]),
        "seo": _seo(content),
        "sections": [_section(section, write) for section in content["sections"]],
        "disclaimers": [_disclaimer(row, form, write) for row in content["disclaimers"] if row["html"]],
        "related": [{"id": row["id"]} | _at(row["resolved"]) for row in content["related"] if row["resolved"]],
    }
    kept = {key: value for key, value in content.items() if key != "offers"}
    kept_around = {key: value for key, value in article.items() if key not in VERIFIABLE}
    return kept_around | {"rich_text": form, "content": kept | plain}


def shown_of(article: Json) -> Shown:
    """What its HTML needs beside the text, as it was when the article was composed."""
    content = article["content"]
    statuses = {row["number"]: row["source_status"] for row in content["references"]}
    marked = {number: status for number, status in statuses.items() if status in MARKED_AT_CLAIMS}
    return Shown(content["language"], dict(_targets(content)), marked)


def _writer(form: str, shown: Shown) -> Write:
    return partial(to_markdown if form == MARKDOWN else to_html, shown=shown)


def _section(section: Json, write: Write) -> Json:
    section = section | {"text": write(section["text"])}
    if section["kind"] == SectionKind.FAQ:
        section["items"] = [item | {"answer": write(item["answer"])} for item in section["items"]]
    if section.get("offer"):
        offer = section["offer"]
        section["offer"] = {key: value for key, value in offer.items() if key != "scope"}
        section["offer"]["markets"] = offer["scope"]["markets"]
    return section


def _disclaimer(row: Json, form: str, write: Write) -> Json:
    said = {"id": row["id"], "html": row["html"]}
    return said | {"text": write(row["text"])} if form == MARKDOWN else said


def _picture(both: Json | None) -> Json | None:
    """What both parts say of a picture, in one object."""
    if both is None or both["presentation"] is None:
        return None
    return both["medical"] | both["presentation"] | {"renditions": both["renditions"]}


def _seo(content: Json) -> Json:
    """Title and description for search engines and social networks; by default those of the article."""
    both = content["seo"]
    said, image = both["medical"], both["medical"]["image"]
    picture = {"medical": image, "presentation": both["presentation"]["image"], "renditions": both["renditions"]}
    return {
        "title": said["title"] or content["title"],
        "description": said["description"] or content["summary"],
        "image": _picture(picture) if image else None,
    }


def _at(target: Json) -> Json:
    """Where a related article is read: `article` is its id, another than the signed one where a translation is."""
    return {"article": target["id"]} | {key: target[key] for key in ("locale", "slug", "title", "url", "web_url")}


def _targets(value: Any):
    """(article id, Target) of every resolved link."""
    if isinstance(value, list):
        for item in value:
            yield from _targets(item)
    elif isinstance(value, dict):
        if value.get("_type") == "article" and value.get("leads_to"):
            yield value["article"], Target(value["leads_to"]["href"], value["leads_to"]["article"])
        for item in value.values():
            yield from _targets(item)

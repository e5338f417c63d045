"""The three forms of rich text: HTML and Portable Text are stored, Markdown is made on request."""

from typing import Any

from api.protocol.parameters import Parameter
from articles.record.delivery.content.portable_text import to_markdown

Json = dict[str, Any]
HTML, PORTABLE, MARKDOWN = "html", "portable", "markdown"

RICH_TEXT_PARAMETER = Parameter(
    "rich_text",
    "The form of rich text: HTML, Portable Text (portabletext.org) or Markdown (CommonMark). `html` of a section "
    "is always HTML.",
    choices=(HTML, PORTABLE, MARKDOWN),
    default=HTML,
)


def in_markdown(article: Json) -> Json:
    """A composed article in its portable form, with Markdown in place of Portable Text."""
    addresses = dict(_addresses(article))
    content = article["content"]
    return article | {
        "content": content
        | {
            "sections": [_section(section, addresses) for section in content["sections"]],
            "disclaimers": [row | {"text": _markdown(row["text"], addresses)} for row in content["disclaimers"]],
        }
    }


def _section(section: Json, addresses: dict[str, str]) -> Json:
    section = section | {"text": _markdown(section["text"], addresses)}
    if section["kind"] == "faq":
        items = [item | {"answer": _markdown(item["answer"], addresses)} for item in section["items"]]
        section["items"] = items
    return section


def _markdown(blocks: list[Json], addresses: dict[str, str]) -> str:
    return to_markdown(blocks, address=addresses.get)


def _addresses(value: Any):
    """(article id, address) of every resolved `article` mark."""
    if isinstance(value, list):
        for item in value:
            yield from _addresses(item)
    elif isinstance(value, dict):
        if value.get("_type") == "article" and value.get("href"):
            yield value["article"], value["href"]
        for item in value.values():
            yield from _addresses(item)

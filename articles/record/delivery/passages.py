"""Some sections of an article by themselves, in the envelope without which no reader may see them. Pure."""

from collections.abc import Collection
from typing import Any

from articles.record.canonical import values_of
from articles.record.delivery.compose import card_of
from articles.record.delivery.forms import HTML, in_form
from articles.record.vocabulary import SectionKind

Json = dict[str, Any]


def passages(article: Json, sections: Collection[Json], *, form: str) -> Json:
    """The card of a composed article (portable form) with `results`, these sections, and beside them what must be
    shown: the review and the notices, who paid, the disclaimers, and the references that these sections cite."""
    cited = {number for section in sections for number in _cited(section)}
    content = in_form(_with(article, sections), form)["content"]
    return card_of(in_form(_with(article, ()), HTML)) | {
        "rich_text": form,
        "sponsorship": content["sponsorship"],
        "references": [row for row in content["references"] if row["number"] in cited],
        "disclaimers": content["disclaimers"],
        "results": content["sections"],
    }


def _with(article: Json, sections: Collection[Json]) -> Json:
    return article | {"content": article["content"] | {"sections": [*sections]}}


def _cited(section: Json) -> set[int]:
    """Numbers of the references that a section cites, in its text or in its items, or lists."""
    listed = section["references"] if section["kind"] == SectionKind.SOURCES else []
    return {*listed, *values_of(section, "reference")}

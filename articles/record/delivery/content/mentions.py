"""Finds the components, articles, sources and images that documents name. Pure."""

from collections.abc import Iterator
from typing import Any

from articles.record.delivery.state import Json
from articles.record.vocabulary import Support

BACKGROUND = Support.BACKGROUND.value


def components_named(presentation: Json) -> list[str]:
    """Ids of the offers and disclaimers that a presentation part names, in order."""
    offers, disclaimers = presentation.get("offers") or [], presentation.get("disclaimers") or []
    return [row["offer"] for row in offers] + [row["id"] for row in disclaimers]


def articles_named(*values: Json) -> set[str]:
    """Ids of the articles that texts link to, or that a presentation part names as related."""
    marks = {found["article"] for value in values for found in _dicts(value) if found.get("_type") == "article"}
    return marks | {row["id"] for value in values for row in value.get("related") or []}


def sources_named(medical: Json) -> list[str]:
    """Ids of the sources in the reference list."""
    return [row["source_id"] for row in medical.get("references") or []]


def claim_sources(medical: Json) -> set[str]:
    """Ids of the sources that are cited for a claim, and not only as background."""
    numbers = {
        found["reference"] for found in _dicts(medical) if "reference" in found and found.get("support") != BACKGROUND
    }
    return {row["source_id"] for row in medical.get("references") or [] if row["number"] in numbers}


def image_digests(*documents: Json) -> set[str]:
    """Digests of the images that documents show."""
    return {found["sha256"] for document in documents for found in _dicts(document) if "sha256" in found}


def _dicts(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _dicts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _dicts(item)

"""A work in a few words, for lists, for the editor and beside a claim."""

from typing import Any

from articles.record.citations.fields import read, read_year


def in_short(csl: dict[str, Any]) -> tuple[str, str]:
    """(“Doe 2024”, “Journal of Scalps”), with the title in place of a missing author, and "" for what is not known."""
    authors = csl.get("author") or []
    first = (read(authors[0], "family") or read(authors[0], "literal")) if authors else ""
    who = f"{first} et al." if first and len(authors) > 1 else first or read(csl, "title")
    return f"{who} {read_year(csl)}".strip(), read(csl, "container-title") or read(csl, "publisher")

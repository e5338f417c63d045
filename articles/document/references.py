"""Reference numbers by first appearance; one source is one reference, however often it is cited."""

from typing import Any

from articles.document.draft import Draft, SourceData


class Numbering:
    """Gives numbers while a draft is rendered from top to bottom."""

    def __init__(self, draft: Draft) -> None:
        self._sources = draft.sources
        self._numbers: dict[str, tuple[int, SourceData]] = {}

    def number(self, key: int) -> int | None:
        """The source's number, a new one at its first appearance; None for a source that is gone."""
        if (source := self._sources.get(key)) is None:
            return None
        return self._numbers.setdefault(source.id, (len(self._numbers) + 1, source))[0]

    def references(self) -> list[dict[str, Any]]:
        """The numbered lines, in order: {number, source_id, design, csl, doi, pmid, url}."""
        return [_reference(number, source) for number, source in self._numbers.values()]


def _reference(number: int, source: SourceData) -> dict[str, Any]:
    return {
        "number": number,
        "source_id": source.id,
        "design": source.design,
        "csl": source.csl,
        "doi": source.doi,
        "pmid": source.pmid,
        "url": source.url,
    }

"""Which sources of the library does a text name, by DOI, PMID, PMCID or address? Used where footnotes are pasted."""

from collections.abc import Iterable

from django.db.models import Q

from articles.sources.duplicates import LABELS
from articles.sources.identifiers import find_every
from articles.sources.models import Source

IDENTIFIERS = tuple(LABELS)
Named = dict[str, list[str]]


def sources_named_in(texts: list[str]) -> list[list[Source]]:
    """For each text the sources that it names, in one query; none unless the library has every work of the text."""
    named = [_by_one_kind(find_every(text)) for text in texts]
    rows = _look_up(named)
    return [_if_all_known(each, rows) for each in named]


def _by_one_kind(named: Named) -> Named:
    """Addresses count only where nothing identifies the work better."""
    identifiers = {kind: named[kind] for kind in IDENTIFIERS if named[kind]}
    return identifiers or {"url": [form for url in named["url"] for form in _forms(url)]}


def _forms(url: str) -> list[str]:
    """An address as people store it: with http or https, with or without the last slash."""
    rest = url.split("://", 1)[1].split("#")[0].rstrip("/")
    return [f"{scheme}://{rest}{end}" for scheme in ("https", "http") for end in ("", "/")]


def _look_up(named: Iterable[Named]) -> list[Source]:
    wanted: dict[str, set[str]] = {}
    for each in named:
        for kind, values in each.items():
            wanted.setdefault(kind, set()).update(values)
    query = Q()
    for kind, found in wanted.items():
        query |= Q(**{f"{kind}__in": found})
    rows = Source.objects.filter(query).select_related("merged_into").order_by("pk")
    return list(rows) if any(wanted.values()) else []


def _if_all_known(named: Named, rows: list[Source]) -> list[Source]:
    """Nothing where a work is unknown, has two records, or where one identifier contradicts another."""
    found = [row for row in rows if any(_matches(row, named))]
    sources = list(dict.fromkeys(row.kept for row in found))
    is_beyond_doubt = len(sources) == _works(named) and all(all(_matches(row, named)) for row in found)
    return sources if is_beyond_doubt else []


def _matches(source: Source, named: Named) -> list[bool]:
    """Of the identifiers that both the source and the text have."""
    return [getattr(source, kind) in values for kind, values in named.items() if values and getattr(source, kind)]


def _works(named: Named) -> int:
    most = max(len(values) for values in named.values())
    return most // len(_forms("https://")) if "url" in named else most

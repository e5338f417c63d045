"""Which record of the library is the same work? The one that has its DOI, PMID or PMCID. Used by sources."""

from typing import Any, TypeVar

from django.db.models import Model, Q

Source = TypeVar("Source", bound=Model)  # articles.sources.models.Source, which asks here

LABELS = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID"}


def find_same_work(source: Source, identifier: str) -> Source | None:
    """The record of another work with the source's DOI, PMID or PMCID; the oldest, if there are several."""
    value: str = getattr(source, identifier)
    if not value:
        return None
    has_it = Q(**{f"{identifier}__iexact": value})
    if identifier == "pmcid":
        has_it |= Q(pmcid=value.removeprefix("PMC"))  # as it may have been stored before
    others = type(source)._default_manager.filter(has_it).exclude(pk=source.pk).exclude(merged_into=source.pk or 0)
    found: Any = others.select_related("merged_into").order_by("pk").first()
    return found.kept if found else None


def find_known(source: Source) -> Source | None:
    """The record that has any of the source's identifiers."""
    return next(filter(None, (find_same_work(source, identifier) for identifier in LABELS)), None)


def refusals(source: Source, stored: Source | None) -> dict[str, str]:
    """{field: message} for each identifier that is new to this record and that another record has."""
    found = {}
    for identifier, label in LABELS.items():
        is_new = stored is None or getattr(stored, identifier) != getattr(source, identifier)
        if is_new and (other := find_same_work(source, identifier)):
            found[identifier] = (
                f"The library already has the work with this {label}: “{other}”. Cite that record in place of a second."
            )
    return found

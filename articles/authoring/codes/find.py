"""Codes in the lists that are loaded: by what somebody types, or by the code itself."""

from collections.abc import Iterable

from django.db.models import Case, FilteredRelation, Q, QuerySet, Value, When
from django.db.models.functions import Length

from articles.authoring.codes.models import Code, CodeList

MOST_FOUND = 12
MOST_WORDS = 8

# {terminology: {code: its names, the preferred one first}}; a terminology that is not loaded is not in it.
Listed = dict[str, dict[str, tuple[str, ...]]]


def find_codes(typed: str, system: str = "") -> list[Code]:
    """What somebody may mean who types this: a code by its beginning, or names that have all its words."""
    words = typed.replace("\0", "").split()[:MOST_WORDS]
    if not words:
        return []
    found = Code.objects.filter(list__system=system) if system else Code.objects.all()
    found = found.filter(_is_meant(words)).select_related("list")
    return list(_nearest_first(found, " ".join(words))[:MOST_FOUND])


def listed(codes: Iterable[tuple[str, str]]) -> Listed:
    """What the loaded lists say of these (terminology, code). One query, or none where there are no codes."""
    wanted = set(codes)
    if not wanted:
        return {}
    named = FilteredRelation("codes", condition=Q(codes__code__in={code for _, code in wanted}))
    lists = CodeList.objects.filter(system__in={system for system, _ in wanted}).annotate(named=named)
    found: Listed = {}
    for system, code, display, synonyms in lists.values_list(
        "system", "named__code", "named__display", "named__synonyms"
    ):
        of_system = found.setdefault(system, {})
        if code is not None:
            of_system[code] = (display, *synonyms.splitlines())
    return found


def _is_meant(words: list[str]) -> Q:
    by_name = Q()
    for word in words:
        by_name &= Q(display__icontains=word) | Q(synonyms__icontains=word)
    return by_name | Q(code__istartswith=" ".join(words))


def _nearest_first(found: QuerySet[Code], typed: str) -> QuerySet[Code]:
    """The code itself, names that begin so, names or codes that hold it, then other names; short names first."""
    nearness = Case(
        When(code__iexact=typed, then=Value(0)),
        When(display__istartswith=typed, then=Value(1)),
        When(Q(display__icontains=typed) | Q(code__istartswith=typed), then=Value(2)),
        default=Value(3),
    )
    return found.order_by(nearness, Length("display"), "code")

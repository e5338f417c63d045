"""Decides whether an offer may be shown in a slot. Pure.

Clinicians sign a slot with its purposes as part of the article; an offer is signed with its purpose and scope.
Composing leaves out offers that do not fit, and a check warns the author.
"""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def fits(offer: Json, slot: Json, medical: Json) -> bool:
    """Whether a signed offer may be shown in a slot of a signed medical part."""
    return offer["purpose"] in slot["purposes"] and fits_scope(
        offer["scope"], codes=medical["codes"], substances=medical["substances"]
    )


def fits_scope(scope: Json, *, codes: Iterable[Json], substances: Iterable[Json]) -> bool:
    """Whether an offer with this scope may be shown in an article with these codes and substances. An empty scope fits
    every article.

    codes     one of them is the article's, or one of its substances'
    markets   one of them is named by a substance, or no substance names a market
    statuses  every substance has one of them in each of these markets (or wherever its status is stated), so that an
              offer for a licensed medicine is never shown with an unlicensed one
    """
    substances = list(substances)
    return (
        _has_code(scope["codes"], [*codes, *substances])
        and _has_market(scope["markets"], substances)
        and _has_status(scope["statuses"], scope["markets"], substances)
    )


def _has_code(wanted: list[Json], codes: list[Json]) -> bool:
    known = {(row.get("system"), row.get("code")) for row in codes if row.get("code")}
    return not wanted or any((row["system"], row["code"]) in known for row in wanted)


def _has_market(wanted: list[str], substances: list[Json]) -> bool:
    stated = {market for substance in substances for market, _ in _stated(substance)}
    return not wanted or not stated or bool(stated & _markets(wanted))


def _has_status(wanted: list[str], markets: list[str], substances: list[Json]) -> bool:
    if not wanted:
        return True
    among = _markets(markets)
    by_substance = [
        [status for market, status in _stated(substance) if not among or market in among] for substance in substances
    ]
    return bool(by_substance) and all(found and set(found) <= set(wanted) for found in by_substance)


def _stated(substance: Json) -> list[tuple[str, Any]]:
    """[(market, regulatory status)]."""
    return [(_market(row.get("market")), row.get("status")) for row in substance.get("status") or []]


def _markets(names: list[str]) -> set[str]:
    return {_market(name) for name in names}


def _market(name: Any) -> str:
    return str(name or "").strip().upper()

"""May an offer stand in a slot? Clinicians sign a slot with its purposes and all that the article says; an editor signs
the offer with its purpose and scope. Composing leaves out what does not fit, and a check says so to the author. Pure.
"""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def fits(offer: Json, slot: Json, medical: Json) -> bool:
    """Whether a signed offer may stand in a slot of a signed medical part."""
    return offer["purpose"] in slot["purposes"] and fits_scope(
        offer["scope"], codes=medical["codes"], substances=medical["substances"]
    )


def fits_scope(scope: Json, *, codes: Iterable[Json], substances: Iterable[Json]) -> bool:
    """Whether an article with these codes and substances is one that an offer may stand beside; an empty scope is all.

    codes     one of them is the article's, or one of its substances'
    markets   one of them is named by a substance; where none names a market, the article speaks of no other
    statuses  every substance has one of them in each of these markets (or wherever its status is stated), so that an
              offer for a licensed medicine never stands beside an unlicensed one
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

"""What proves an evidence pack without us: whose key is whose, and that the log has the lines. pack.py packs it."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from articles.record.keys import told
from articles.record.keys.cards import ORGANISATION
from articles.record.models import Event, KeyCard, KeyRevocation, TreeHead
from articles.record.tree import growth, tiles
from articles.record.tree.leaves import entry_of
from articles.record.tree.proving import inclusion

Json = dict[str, Any]


def keys_file(number: int) -> Json:
    """{organisation, cards}, as of line `number` of the ledger and in the shapes of `vetted.json` and `keys/`."""
    rows = KeyCard.objects.filter(event__lte=number).order_by("event")
    revoked = {row.key: (row.since, row.reason, row.event) for row in KeyRevocation.objects.filter(event__lte=number)}
    ours = rows.filter(holder=ORGANISATION).values_list("event", "key", "spki", "card", "at")
    cards = [
        told.card(
            event=row.event, key=row.key, holder=row.holder, at=row.at, card=row.card, revoked=revoked.get(row.key)
        )
        for row in rows.exclude(holder=ORGANISATION)
    ]
    return {"organisation": told.organisation(ours), "cards": cards}


def events_of(keys: Json) -> set[int]:
    """The numbers of the lines that set, issued and revoked these keys."""
    cards = keys["cards"]
    return {row["event"] for row in [*keys["organisation"], *cards]} | {
        row["revoked"]["event"] for row in cards if row["revoked"]
    }


def log_file(numbers: Iterable[int]) -> Json:
    """{head, proofs}: that the log has these lines. The head is the last signed one that reaches so far, else the
    last."""
    wanted = sorted(numbers)
    growth.grow(now=timezone.now())
    heads = TreeHead.objects.order_by("size")
    reached = heads.filter(size__gte=wanted[-1])
    head = reached.exclude(signed="").last() or reached.last() or heads.latest("size")
    found = [number for number in wanted if number <= head.size]
    kept = growth.stored(tiles.keys_near(*[number - 1 for number in found], head.size))
    events = Event.objects.filter(number__in=found).order_by("number")
    return {
        "head": growth.said_by(head) | {"signed": head.signed or None},
        "proofs": [inclusion(entry_of(event), head.size, kept) for event in events],
    }

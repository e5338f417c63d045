"""Keeps the log up with the ledger. The worker calls `grow` each second, commands before they tell the head.

Acts write nothing here, so an event costs them nothing; until the next `grow` the log ends before it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from articles.record.canonical import exact_bytes
from articles.record.events import LEDGER, instant
from articles.record.models import ArticleState, Counter, Event, FeedState, TreeHead, TreeTile
from articles.record.site import this_site
from articles.record.tree import tiles
from articles.record.tree.hashes import root
from articles.record.tree.leaves import COLUMNS, leaf_of
from articles.record.tree.tiles import Key

BATCH = 1000  # events in one transaction


def grow(*, now: datetime) -> TreeHead | None:
    """Add the lines that the log lacks. Returns the head; None for an empty ledger. Of two callers, one waits."""
    while is_behind() and _grow_once(now):
        pass
    return TreeHead.objects.order_by("size").last()


def is_behind() -> bool:
    """Whether the ledger has lines that the log's head lacks. One query."""
    head = TreeHead.objects.aggregate(size=Max("size"))["size"] or 0
    return Counter.objects.filter(name=LEDGER, value__gt=head).exists()


def rebuild(*, now: datetime) -> None:
    """Write all hashes again from the events. Signed heads stay: `ledger verify` names those that do not fit. Signed
    states go: the worker signs them again."""
    with transaction.atomic():
        lock()
        TreeTile.objects.all().delete()
        ArticleState.objects.all().delete()
        FeedState.objects.all().delete()
        TreeHead.objects.filter(signed="", stamp=b"").delete()
        while _add(BATCH):
            pass
        _note_head(now)


def stored(keys: list[Key]) -> dict[Key, bytes]:
    """The tiles of these that exist."""
    levels = {key.level for key in keys}
    rows = TreeTile.objects.filter(level__in=levels, position__in={key.position for key in keys})
    return {key: bytes(row.hashes) for row in rows if (key := Key(row.level, row.position)) in keys}


def ends() -> dict[Key, bytes]:
    """The last tile of each level."""
    last = TreeTile.objects.values("level").annotate(last=Max("position")).values_list("level", "last")
    return stored([Key(level, position) for level, position in last])


def said_by(head: TreeHead) -> dict[str, Any]:
    return {"log": this_site().api_url, "size": head.size, "root": head.root, "at": instant(head.at)}


def statement_of(head: TreeHead) -> bytes:
    """What a head says, in canonical form: the payload of its signature, and what an authority stamps."""
    return exact_bytes(said_by(head))


def note_signature(head: TreeHead, signed: str) -> None:
    """Keep the signature with its head; heads before it go unless an authority stamped them."""
    with transaction.atomic():
        TreeHead.objects.filter(pk=head.pk).update(signed=signed)
        TreeHead.objects.filter(size__lt=head.size, stamp=b"").delete()


def root_at(size: int) -> str | None:
    """The root, in hex, over the first `size` events; None if the log does not reach so far."""
    if not 0 < size <= tiles.size_of(ends()):
        return None
    return root(size, tiles.node_in(stored(tiles.keys_near(size)))).hex()


@transaction.atomic
def _grow_once(now: datetime) -> int:
    """Returns how many leaves were added: none after a gap, which `ledger verify` names."""
    lock()
    added = _add(BATCH)
    _note_head(now)
    return added


def lock() -> None:
    """One process at a time: the row `epoch` exists always, and nobody else locks it."""
    list(Counter.objects.select_for_update().filter(name="epoch"))


def _add(most: int) -> int:
    """Returns how many leaves were added."""
    before = ends()
    size = tiles.size_of(before)
    events = list(_after(size, most))
    changed = tiles.extended(before, map(leaf_of, events))
    rows = [TreeTile(level=key.level, position=key.position, hashes=hashes) for key, hashes in changed.items()]
    TreeTile.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["level", "position"], update_fields=["hashes"]
    )
    return len(events)


def _after(number: int, most: int) -> Iterator[Event]:
    """The next lines without a gap; there is none in a sound ledger."""
    for place, event in enumerate(Event.objects.filter(number__gt=number).order_by("number").only(*COLUMNS)[:most]):
        if event.number != number + 1 + place:
            return
        yield event


def _note_head(now: datetime) -> None:
    """The head of the tree as it is; those before it go that bear neither signature nor time."""
    last = ends()
    size = tiles.size_of(last)
    TreeHead.objects.filter(signed="", stamp=b"", size__lt=size).delete()
    if size:
        tree = stored(tiles.keys_near(size))
        TreeHead.objects.get_or_create(
            size=size, defaults={"root": root(size, tiles.node_in(tree)).hex(), "at": now, "signed": "", "stamp": b""}
        )

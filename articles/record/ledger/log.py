"""Verifies the log's hashes against the lines, and that each head and state that was signed is of this ledger.

A signature needs the delivery key, which no verifier has: it is checked with the public key of the card
(key_cards.py), and cannot be computed.
"""

from collections.abc import Iterator

from articles.record.ledger import key_cards, states
from articles.record.ledger.finding import Finding, Walk, computed
from articles.record.models import Event, TreeHead, TreeTile
from articles.record.tree.hashes import HASH_BYTES, Node, node_hash, root
from articles.record.tree.leaves import leaf_of
from articles.record.tree.tiles import HEIGHT, WIDTH, Key, size_of

RECOMPOSE = "Run `manage.py recompose`."
RECORD_FIRST = "Repair the record first, or restore it from a backup."


def note(event: Event, walk: Walk) -> None:
    found = computed(leaf_of, event)
    walk.leaves += found if isinstance(found, bytes) else bytes(HASH_BYTES)


def check(walk: Walk, *, is_sound: bool) -> Iterator[Finding]:
    """`is_sound`: there are no findings in the append-only part."""
    advice = RECOMPOSE if is_sound else RECORD_FIRST
    levels = _levels(walk.leaves)
    yield from _check_tiles(levels, walk, advice)
    yield from _check_heads(levels, walk, advice)
    yield from states.check(walk, _node_in(levels), is_newer=_is_newer(walk), advice=advice)


def _levels(leaves: bytearray) -> list[bytearray]:
    """The hashes of all complete subtrees, by their height."""
    levels = [leaves]
    while len(levels[-1]) >= 2 * HASH_BYTES:
        below, above = levels[-1], bytearray()
        for at in range(0, len(below) - HASH_BYTES, 2 * HASH_BYTES):
            above += node_hash(bytes(below[at : at + HASH_BYTES]), bytes(below[at + HASH_BYTES : at + 2 * HASH_BYTES]))
        levels.append(above)
    return levels


def _node_in(levels: list[bytearray]) -> Node:
    return lambda level, index: bytes(levels[level][index * HASH_BYTES : (index + 1) * HASH_BYTES])


def _check_tiles(levels: list[bytearray], walk: Walk, advice: str) -> Iterator[Finding]:
    """The log may lag behind the ledger, and grow meanwhile; up to where it reaches, every tile is there and right."""
    rows = TreeTile.objects.values_list("level", "position", "hashes").iterator(chunk_size=100)
    kept = dict[Key, bytes]()
    for level, position, hashes in rows:
        if isinstance(level, int) and isinstance(position, int) and _bytes(hashes):
            kept[Key(level, position)] = _bytes(hashes)
        else:
            yield Finding("tile_differs", f"tile {level}/{position}", f"It holds no hashes. {advice}")
    walk.checked["tiles"] = len(kept)
    size = size_of({key: hashes for key, hashes in kept.items() if not key.level})
    if TreeHead.objects.filter(size__gt=size).exists() and size < walk.number:
        yield Finding("log_short", "log", f"It holds {size} events, fewer than its head says. {advice}")
    if size > walk.number and not _is_newer(walk):
        yield Finding("log_ahead", "log", f"It holds {size} events, but the ledger ends at {walk.number}. {advice}")
    for key in sorted(kept.keys() | set(_keys_of(size))):
        shown, wanted = kept.get(key, b""), _wanted(levels, key)
        count = min(WIDTH, (size >> HEIGHT * key.level) - key.position * WIDTH)
        if len(shown) != count * HASH_BYTES or shown[: len(wanted)] != wanted[: len(shown)]:
            yield Finding("tile_differs", f"tile {key.level}/{key.position}", f"It differs from the events. {advice}")


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def _keys_of(size: int) -> Iterator[Key]:
    level = 0
    while size >> HEIGHT * level:
        yield from (Key(level, position) for position in range(-(-(size >> HEIGHT * level) // WIDTH)))
        level += 1


def _wanted(levels: list[bytearray], key: Key) -> bytes:
    hashes = levels[HEIGHT * key.level] if HEIGHT * key.level < len(levels) else b""
    return bytes(hashes[key.position * WIDTH * HASH_BYTES : (key.position + 1) * WIDTH * HASH_BYTES])


def _check_heads(levels: list[bytearray], walk: Walk, advice: str) -> Iterator[Finding]:
    for size, told, signed in TreeHead.objects.order_by("size").values_list("size", "root", "signed"):
        walk.checked["heads"] += 1
        place = f"head {size}"
        if not isinstance(size, int):
            yield Finding("unreadable", place, "Its size is not a number.")
        elif size > walk.number:
            if not _is_newer(walk):
                message = (
                    f"The log told {size} events, but the ledger ends at {walk.number}: its tail was cut. {advice}"
                )
                yield Finding("head_ahead", place, message)
        elif told != root(size, _node_in(levels)).hex():
            said = "It was signed over another history: the ledger was rewritten." if signed else advice
            yield Finding("head_not_in_log", place, f"Its root is not that of these events. {said}")
        elif signed and not key_cards.is_signed(signed, {"size": size, "root": told}, walk):
            yield Finding("head_not_signed", place, f"No key of delivery that has a card signed it. {advice}")


def _is_newer(walk: Walk) -> bool:
    """Whether the ledger has grown since the start of this run."""
    return Event.objects.filter(number__gt=walk.number).exists()

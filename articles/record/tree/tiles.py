"""The hashes of the log's complete subtrees as they are kept: 256 of one height in a row, and only each eighth height.

So an event costs one hash, and now and then one of a higher tile; a proof reads at most three rows for each height that
is kept. The rows are derived: `grow` writes them from the events, and `rebuild` from nothing.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from articles.record.tree.hashes import HASH_BYTES, Node, folded

HEIGHT = 8
WIDTH = 1 << HEIGHT


class Key(NamedTuple):
    """Of a tile: `level` counts kept heights, so its hashes are of subtrees of 256**level leaves."""

    level: int
    position: int


Tiles = Mapping[Key, bytes]  # the hashes of a tile, one after the other; 8,192 bytes if it is full


def node_in(tiles: Tiles) -> Node:
    """`node` of hashes.py over these tiles. It raises KeyError for a subtree that lies in none of them."""

    def node(level: int, index: int) -> bytes:
        kept, above = divmod(level, HEIGHT)
        count = 1 << above
        position, place = divmod(index * count, WIDTH)
        content = tiles[Key(kept, position)][place * HASH_BYTES : (place + count) * HASH_BYTES]
        if len(content) != count * HASH_BYTES:
            raise KeyError(f"The tree has no complete subtree {index} of height {level}.")
        return folded([content[start : start + HASH_BYTES] for start in range(0, len(content), HASH_BYTES)])

    return node


def keys_near(*indexes: int) -> list[Key]:
    """The tiles, on all heights, that a proof about these leaves or sizes reads: those above them."""
    found = {}
    for index in indexes:
        level = 0
        while level == 0 or index >> HEIGHT * level:
            found[Key(level, index >> HEIGHT * (level + 1))] = True
            level += 1
    return list(found)


def extended(tiles: Tiles, leaves: Iterable[bytes]) -> dict[Key, bytes]:
    """The tiles that change when leaves are added. `tiles`: at least the last of each level."""
    changed: dict[Key, bytearray] = {}
    ends: dict[int, int] = {}
    for key, content in tiles.items():
        ends[key.level] = max(ends.get(key.level, 0), key.position * WIDTH + len(content) // HASH_BYTES)
    for leaf in leaves:
        hash, level = leaf, 0
        while True:
            end = ends.get(level, 0)
            key = Key(level, end // WIDTH)
            if key not in changed:
                changed[key] = bytearray(tiles.get(key, b""))
            changed[key] += hash
            ends[level] = end + 1
            if (end + 1) % WIDTH:
                break
            full = changed[key]
            hash = folded([bytes(full[at : at + HASH_BYTES]) for at in range(0, len(full), HASH_BYTES)])
            level += 1
    return {key: bytes(content) for key, content in changed.items()}


def size_of(tiles: Tiles) -> int:
    """How many leaves the tree has, of which these are at least the last tile of the lowest level."""
    last = max((key for key in tiles if key.level == 0), default=None)
    return last.position * WIDTH + len(tiles[last]) // HASH_BYTES if last else 0

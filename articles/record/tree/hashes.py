"""The hashes of an append-only tree, and its two proofs. Pure. Source: RFC 9162, section 2.1 (SHA-256).

A tree of `size` leaves is told by a function: `node(level, index)` is the hash of the complete subtree over the leaves
from `index * 2**level` on, `2**level` of them. Complete subtrees never change when leaves are added.
"""

import hashlib
from collections.abc import Callable

HASH_BYTES = 32
EMPTY = hashlib.sha256().digest()  # the root of a tree without leaves
Node = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, node: Node) -> bytes:
    return _subtree(0, size, node) if size else EMPTY


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The siblings from leaf `index` up to the root of the tree of `size` leaves (2.1.3.1)."""
    path, start, end = list[bytes](), 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(start, middle, node))
            start = middle
    return path[::-1]


def consistency(first: int, second: int, node: Node) -> list[bytes]:
    """That the tree of `first` leaves is the beginning of that of `second`; 1 <= first <= second (2.1.4.1)."""
    path, start, end, is_whole = list[bytes](), 0, second, True
    while first < end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(start, middle, node))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_subtree(start, end, node))
    return path[::-1]


def folded(hashes: list[bytes]) -> bytes:
    """The root of a complete subtree over these hashes, whose number is a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]
    return hashes[0]


def _subtree(start: int, end: int, node: Node) -> bytes:
    """The hash over the leaves from `start` to before `end`; `start` is a multiple of the larger half."""
    size = end - start
    if size & (size - 1) == 0:
        return node(size.bit_length() - 1, start // size)
    middle = start + _split(size)
    return node_hash(_subtree(start, middle, node), _subtree(middle, end, node))


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1

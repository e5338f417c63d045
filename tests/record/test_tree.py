"""The log's hashes and proofs against pymerkle's, and against the verifiers as RFC 9162 writes them (2.1.3, 2.1.4)."""

import os
import random

import pytest
from pymerkle import InmemoryTree

from articles.record.tree import hashes, tiles

PROVE = bool(os.environ.get("PROVE"))
MOST = 1000
SIZES = range(1, MOST + 1) if PROVE else [*range(1, 34), *range(40, MOST + 1, 79), 255, 256, 257, 511, 512, 513]


@pytest.fixture(scope="module")
def oracle() -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for number in range(MOST):
        tree.append_entry(b"%d" % number)
    return tree


@pytest.fixture(params=[8, 2], ids=["as kept", "many heights"])
def node(request, monkeypatch):
    """Of a tree that grew by one to thirty leaves at a time."""
    monkeypatch.setattr(tiles, "HEIGHT", request.param)
    monkeypatch.setattr(tiles, "WIDTH", 1 << request.param)
    dice, kept, leaves = random.Random(9162), {}, [leaf(number) for number in range(MOST)]
    while leaves:
        some, leaves = leaves[: (count := dice.randint(1, 30))], leaves[count:]
        kept |= tiles.extended(kept, some)
    return tiles.node_in(kept)


def leaf(number: int) -> bytes:
    return hashes.leaf_hash(b"%d" % number)


def test_the_empty_tree_has_the_root_of_the_standard():
    assert hashes.root(0, lambda level, index: b"").hex().startswith("e3b0c44298fc1c149afbf4c8996fb924")


def test_every_root_and_inclusion_proof_is_that_of_another_implementation(node, oracle):
    dice = random.Random(1)

    for size in SIZES:
        index = dice.randrange(size)
        path = [step.hex() for step in hashes.inclusion(index, size, node)]

        assert hashes.root(size, node) == oracle.get_root(size)
        assert path == oracle.prove_inclusion(index + 1, size).serialize()["path"][1:]


def test_every_proof_convinces_the_verifiers_of_the_standard_of_the_roots_of_another(node, oracle):
    dice = random.Random(2)

    for size in SIZES:
        root = oracle.get_root(size)
        for index in {0, size - 1, dice.randrange(size)}:
            path = hashes.inclusion(index, size, node)
            assert is_included(leaf(index), index, size, path, root)
            assert not is_included(leaf(index + 1), index, size, path, root)
        for first in {1, size, dice.randint(1, size)}:
            path = hashes.consistency(first, size, node)
            assert is_consistent(first, oracle.get_root(first), size, root, path)
            assert not is_consistent(first, leaf(MOST + 1), size, root, path)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600, 1000])
def test_a_proof_reads_only_the_tiles_near_its_leaves(size):
    kept = tiles.extended({}, [leaf(number) for number in range(MOST)])
    whole = tiles.node_in(kept)

    for index in {0, size // 3, size - 1}:
        near = {key: kept[key] for key in tiles.keys_near(index, size) if key in kept}
        assert hashes.inclusion(index, size, tiles.node_in(near)) == hashes.inclusion(index, size, whole)
        near = {key: kept[key] for key in tiles.keys_near(index, index + 1, size) if key in kept}
        assert hashes.consistency(index + 1, size, tiles.node_in(near)) == hashes.consistency(index + 1, size, whole)


def test_only_the_last_tile_of_each_height_is_needed_to_grow():
    whole = tiles.extended({}, [leaf(number) for number in range(MOST)])
    ends = tiles.extended({}, [leaf(number) for number in range(700)])
    last = {key: ends[key] for key in (max(key for key in ends if key.level == level) for level in (0, 1))}

    grown = tiles.extended(last, [leaf(number) for number in range(700, MOST)])

    assert tiles.size_of(grown) == MOST
    assert ends | grown == whole
    assert len(tiles.extended(whole, [leaf(MOST)])) == 1  # an event writes one row


def test_a_subtree_that_is_not_complete_is_not_told():
    kept = tiles.extended({}, [leaf(number) for number in range(3)])

    with pytest.raises(KeyError):
        tiles.node_in(kept)(1, 1)


def is_included(hash: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    place, last = index, size - 1
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            hash = hashes.node_hash(step, hash)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hash = hashes.node_hash(hash, step)
        place, last = place >> 1, last >> 1
    return last == 0 and hash == root


def is_consistent(first: int, first_root: bytes, second: int, second_root: bytes, path: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2."""
    if first == second:
        return not path and first_root == second_root
    path = [first_root, *path] if first & (first - 1) == 0 else path
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    one = other = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            one, other = hashes.node_hash(step, one), hashes.node_hash(step, other)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            other = hashes.node_hash(other, step)
        place, last = place >> 1, last >> 1
    return last == 0 and one == first_root and other == second_root

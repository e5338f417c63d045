"""That an event is in the log, as the API and an evidence pack tell it. Pure; docs/json.md says how to check it."""

from typing import Any

from articles.record.canonical import exact_bytes
from articles.record.tree import hashes, tiles

Json = dict[str, Any]


def inclusion(entry: Json, size: int, kept: tiles.Tiles) -> Json:
    """{event, index, entry, leaf, path}: the entry (leaves.entry_of) in the tree over the first `size` events."""
    index = entry["number"] - 1
    return {
        "event": entry["number"],
        "index": index,
        "entry": entry,
        "leaf": hashes.leaf_hash(exact_bytes(entry)).hex(),
        "path": [step.hex() for step in hashes.inclusion(index, size, tiles.node_in(kept))],
    }

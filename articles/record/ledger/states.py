"""Verifies what delivery signed of articles and of the feed: by a key with a card, over this log, as the row says."""

from collections.abc import Iterator
from typing import Any

from articles.record.events import instant
from articles.record.keys import cards
from articles.record.ledger import key_cards
from articles.record.ledger.finding import UNREADABLE, Finding, Walk
from articles.record.models import ArticleState, FeedState
from articles.record.tree.hashes import Node, root


def check(walk: Walk, node: Node, *, is_newer: bool, advice: str) -> Iterator[Finding]:
    """`is_newer`: the ledger has grown since the start of this run, so that what is ahead of it is sound."""
    rows: list[Any] = [*ArticleState.objects.order_by("article"), *FeedState.objects.order_by("locale")]
    roots: dict[int, str] = {}
    for row in rows:
        walk.checked["states"] += 1
        place = (
            f"state of {row.article}" if isinstance(row, ArticleState) else f"state of the feed {row.locale}".strip()
        )
        try:
            said = cards.payload_of(row.signed)
            size = said["size"]
            if size > walk.number and is_newer:
                continue
            if cards.signer_of(row.signed) != row.key or not key_cards.is_signed(row.signed, _wanted(row), walk):
                yield Finding("state_not_signed", place, f"No key of delivery signed what it says. {advice}")
            elif not 0 < size <= walk.number or said["root"] != roots.setdefault(size, root(size, node).hex()):
                yield Finding("state_not_in_log", place, f"It was signed over another history of the ledger. {advice}")
        except UNREADABLE as error:
            yield Finding("state_not_signed", place, f"It cannot be read ({type(error).__name__}). {advice}")


def _wanted(row: Any) -> dict[str, Any]:
    """What the signature must say for the row's columns to be right."""
    said = {"locale": row.locale, "event": row.event, "valid_until": instant(row.valid_until)}
    if isinstance(row, FeedState):
        return said | {"epoch": row.epoch}
    parts = {"medical": row.medical, "presentation": row.presentation}
    digests = {part: digest for part, digest in parts.items() if digest}
    return said | {"article": str(row.article), "edition": row.edition, "digests": digests}

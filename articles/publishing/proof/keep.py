"""Keeps what proves the record up with it: the log over the events, and signed, its head and what readers get now. The
worker asks each second.

The delivery key is read from its file or variable, so the worker's process alone needs it. Without one nothing is
signed, and the API says so.
"""

import logging
from datetime import datetime

from articles.publishing.proof import issuing, states
from articles.publishing.proof.private_keys import delivery_key
from articles.record.tree import growth

logger = logging.getLogger(__name__)
HEAD = "vetted-head+jwt"


def keep(now: datetime) -> None:
    """Four queries if there is nothing to do. A key without a card in force signs nothing: nobody could check it."""
    head = growth.grow(now=now)
    if head is None:
        return
    is_behind = states.is_behind(now)
    if head.signed and not is_behind:
        return
    key = delivery_key()
    until = issuing.card_until(key.id, now=now) if key else None
    if key is None or until is None:
        return
    if not head.signed:
        growth.note_signature(head, key.sign(growth.said_by(head), typ=HEAD))
    if is_behind:
        states.renew(states.Signer(key, until), size=head.size, now=now)


def keep_safely(now: datetime) -> None:
    """As `keep`, for the worker: its other jobs go on if this fails, and it is tried again in a second."""
    try:
        keep(now)
    except Exception:
        logger.exception("The log of the ledger was not kept up")

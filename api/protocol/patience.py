"""How long a request of delivery waits for a database that hangs, and how long that is then left alone.

A process answers one request at a time: while one waits, all wait. So after a failure the next ones are refused at
once, for PAUSE_S, and all are answered within WAIT_S and a little. The admin's requests and commands are not limited.
"""

import logging
import threading
import time

logger = logging.getLogger(__name__)

WAIT_S, PAUSE_S = 1.5, 2.0
LEFT_ALONE = "The database did not answer a moment ago, and is left alone for a while."


class _Limit(threading.local):
    depth = 0

    def __enter__(self) -> None:
        self.depth += 1

    def __exit__(self, *failure: object) -> None:
        self.depth -= 1


limit = _Limit()  # `with limit:` around a request
_next = {"asked": 0.0}


def is_limited() -> bool:
    return limit.depth > 0


def may_ask() -> bool:
    return time.monotonic() >= _next["asked"]


def begin() -> float:
    """Until when to wait from now on."""
    return time.monotonic() + WAIT_S


def is_over(until: float) -> bool:
    """Whether that is past; then the pause begins."""
    now = time.monotonic()
    if now < until:
        return False
    _next["asked"] = now + PAUSE_S
    logger.error("The database did not answer within %s s; delivery leaves it alone for %s s.", WAIT_S, PAUSE_S)
    return True

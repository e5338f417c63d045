"""The letters of a running demo, which lie in a folder, as somebody's mail program would show them."""

import time
from pathlib import Path

from cms.demo.mailbox import letters

SOON_S = 20  # the demo's worker looks for mail each second


def newest_item(folder: Path, *, to: str, title: str) -> list[str]:
    """The lines of an item whose title begins so, in the newest digest that has one. The last line is its link.

    Raises LookupError when none comes soon.
    """
    ends = time.monotonic() + SOON_S
    while time.monotonic() < ends:
        texts = [letter.get_body(("plain",)).get_content() for letter in letters(folder) if letter["To"] == to]
        items = [item.splitlines() for text in reversed(texts) for item in text.split("\n\n")]
        if found := [lines for lines in items if lines and lines[0].startswith(title)]:
            return found[0]
        time.sleep(0.2)
    raise LookupError(f"no letter to {to} about {title}")

"""The letters of a running demo, which lie in a folder, as somebody's mail program would show them."""

import re
import time
from email.message import EmailMessage
from pathlib import Path

from cms.demo.mailbox import letters

SOON_S = 20  # the demo's worker looks for mail each second


def newest_letter(folder: Path, *, to: str, subject: str) -> EmailMessage:
    """The letter that came last, of those whose subject begins so. Raises LookupError when none comes soon."""
    ends = time.monotonic() + SOON_S
    while time.monotonic() < ends:
        found = [letter for letter in letters(folder) if letter["To"] == to and letter["Subject"].startswith(subject)]
        if found:
            return found[-1]
        time.sleep(0.2)
    raise LookupError(f"no letter to {to} about {subject}")


def link_in(letter: EmailMessage) -> str:
    """The one link of it."""
    (link,) = re.findall(r"https?://\S+", letter.get_body(("plain",)).get_content())
    return link

"""The letters of a running demo, which lie in a folder, as somebody's mail program would show them."""

import email
import re
from email.message import Message
from email.policy import default
from pathlib import Path


def newest_letter(folder: Path, *, to: str, subject: str) -> Message:
    """The letter that came last, of those whose subject begins so. Raises LookupError where there is none."""
    files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in files:
        letter = email.message_from_bytes(file.read_bytes(), policy=default)
        if letter["To"] == to and letter["Subject"].startswith(subject):
            return letter
    raise LookupError(f"no letter to {to} about {subject}")


def link_in(letter: Message) -> str:
    """The one link of it."""
    (link,) = re.findall(r"https?://\S+", letter.get_body(("plain",)).get_content())
    return link

"""What WordPress gives: its export (WXR), or the answer of its REST interface."""

from collections.abc import Iterator

from articles.intake.outline import Manuscript
from articles.intake.readers.wordpress import rest, wxr


def read(data: bytes, skip: int = 0) -> Iterator[Manuscript]:
    """The posts and pages, in the file's order, without the first `skip` of them. Raises Unreadable."""
    is_json = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    yield from rest.read(data, skip) if is_json else wxr.read(data, skip)

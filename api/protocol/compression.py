"""gzip for large answers that are not stored compressed: each once, kept by its ETag.

Lists are not glued from compressed cards: browsers read only the first member of such a file (RFC 1952 §2.2 allows
several). Compressing a page of twenty cards takes a millisecond; kept, it takes none.
"""

import gzip
from collections import OrderedDict

SMALLEST = 1024  # below, the headers cost what compression gains
MOST_BYTES = 8 * 1024 * 1024
LEVEL = 5
TYPES = ("application/json", "application/ld+json", "application/yaml", "application/atom+xml", "text/")

_kept: OrderedDict[str, bytes] = OrderedDict()


def is_worth_it(content: bytes, content_type: str) -> bool:
    return len(content) >= SMALLEST and content_type.startswith(TYPES)


def compressed(etag: str, content: bytes) -> bytes:
    """The gzip form of the content with this strong ETag."""
    found = _kept.get(etag)
    if found is None:
        found = _kept[etag] = gzip.compress(content, compresslevel=LEVEL, mtime=0)
        while sum(map(len, _kept.values())) > MOST_BYTES:
            _kept.popitem(last=False)
    else:
        _kept.move_to_end(etag)
    return found

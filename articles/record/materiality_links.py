"""Is one web address the other, mended? Pure.

Only what leads to the same page by its spelling counts as mended: http or https, the host's capitals, a slash at the
end, and parameters that only count visitors. Another path is another page, whatever its words: it may speak of
another illness, or to other people. Where it was moved, a clinician says that it is the same.
"""

from urllib.parse import parse_qsl, urlsplit

WEB = ("http", "https")
COUNTS_VISITORS = ("utm_", "fbclid", "gclid", "msclkid", "mc_cid", "mc_eid")


def is_repaired(old: str, new: str) -> bool:
    """The same in both directions."""
    one = _place(old)
    return one is not None and one == _place(new)


def _place(address: str) -> tuple | None:
    """What an address leads to; None where it is no address of the web."""
    try:
        parsed = urlsplit(address)
        port = parsed.port
    except ValueError:
        return None
    if parsed.scheme not in WEB or not parsed.hostname:
        return None
    given = parse_qsl(parsed.query, keep_blank_values=True, separator="&")
    query = [(name, value) for name, value in given if not name.lower().startswith(COUNTS_VISITORS)]
    who = (parsed.username, parsed.password)
    return parsed.hostname, port, who, parsed.path.rstrip("/"), query, parsed.fragment

"""The one form of an address: two slugs that differ only by case or Unicode form are one. Pure."""

import hashlib
import unicodedata
from urllib.parse import unquote, urlsplit


def one_form(slug: str) -> str:
    """Without case, in NFKC. Source: Unicode Standard 16.0, definition D146 (compatibility caseless match)."""
    return _nfkc(_nfkc(unicodedata.normalize("NFD", slug).casefold()).casefold())


def address_key(address: str) -> str:
    """The same for all addresses with one path, whatever their host, case, escapes and final slash: `/hair/minoxidil`
    is `https://old.example/Hair/Minoxidil/`. The query counts only where the path says nothing (`/?p=12`)."""
    parts = urlsplit(address.strip())
    path = one_form(unquote(parts.path)).strip("/")
    return hashlib.sha256((path or f"?{parts.query}").encode()).hexdigest()


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)

"""The one form of an address: two slugs that differ only by case or Unicode form are one. Pure."""

import unicodedata


def one_form(slug: str) -> str:
    """Without case, in NFKC. Source: Unicode Standard 16.0, definition D146 (compatibility caseless match)."""
    return _nfkc(_nfkc(unicodedata.normalize("NFD", slug).casefold()).casefold())


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)

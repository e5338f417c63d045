"""What an article was before it was imported: its old address, dates and names. Kept with the draft; never signed."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.text import slugify

from articles.intake.outline import Origin

LONGEST = 500
KEPT = ("key", "address", "slug", "published_at", "modified_at", "authors", "categories")


def legacy_of(origin: Origin) -> dict[str, Any]:
    """{key, address, slug, published_at, modified_at, authors, categories}; {} for a file that states none."""
    said = {name: getattr(origin, name) for name in KEPT}
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    return said if any(said.values()) else {}


def slug_of(origin: Origin) -> str:
    """The old slug in a form that an article may have; "" if there is none."""
    return slugify(unquote(origin.slug), allow_unicode=True)[:200]


def path_of(address: str) -> str:
    """The path of an old address, by which page views and later exports find it: "/sleep/age", "/?p=12".

    Host, final slash and capitals do not count: an export from a test server has another host.
    """
    if not address.strip():
        return ""
    try:
        found = urlsplit(address.strip())
    except ValueError:  # such as an IPv6 address without its end
        return ""
    path = unquote(found.path).rstrip("/").casefold()
    return f"{path or '/'}{f'?{found.query}' if found.query else ''}"[:LONGEST]

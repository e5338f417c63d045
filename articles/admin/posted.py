"""What forms post beside the fields that Django's forms read."""

LONGEST_KEY = 17  # digits; the databases hold more


def key_of(text: str) -> int:
    """The key of a row; 0, which no row has, for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else 0

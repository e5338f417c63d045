"""Addresses hold a slug of any alphabet as RFC 3986 wants it."""

from articles.record.site import Site

SITE = Site("https://api.example", "https://www.example/{locale}/{slug}", "/editions/", "en")


def test_a_slug_of_another_alphabet_is_percent_encoded():
    encoded = "kopfhaut-entz%C3%BCndung"

    assert SITE.article_url("kopfhaut-entzündung", "de") == f"https://api.example/api/v1/articles/{encoded}/?locale=de"
    assert SITE.page_url("kopfhaut-entzündung", "de") == f"https://www.example/de/{encoded}"

"""Wagtail's words that contradict ours are replaced, and the compiled catalogue says what its source says."""

import gettext
import re
from pathlib import Path

import pytest
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "cms/locale/en/LC_MESSAGES/django.po"
STRING = re.compile(r'^msg(id|str) "(.*)"$', re.MULTILINE)


def pairs() -> dict[str, str]:
    """{Wagtail's words: ours}. The catalogue has one line for each, so that this is all it takes to read it."""
    found = [text.replace('\\"', '"') for _, text in STRING.findall(SOURCE.read_text())]
    return dict(zip(found[2::2], found[3::2], strict=True))


def test_the_compiled_catalogue_is_the_source():
    with SOURCE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    assert {words: compiled.gettext(words) for words in pairs()} == pairs()


@pytest.mark.parametrize("words", pairs())
def test_the_admin_says_our_words(words):
    with translation.override("en"):
        assert translation.gettext(words) == pairs()[words]


def test_the_login_page_greets_in_our_name(client, db):
    html = client.get("/admin/login/").content.decode()

    assert "Sign in to Vetted" in html
    assert "Wagtail" not in re.sub(r"<(script|style|link|meta)[^>]*>|<script.*?</script>", "", html, flags=re.DOTALL)

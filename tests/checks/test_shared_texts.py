"""How often does the check of language cry wolf? Measured on public medical texts that promise nothing."""

import html
import re
from pathlib import Path

import pytest

from articles.checks.promises import find_promises

CHARACTERS_FOR_EACH = 500_000
TAG = re.compile(r"<[^<>]*>")


def text_of(folder: Path) -> str:
    files = [file for file in sorted(folder.iterdir()) if file.suffix in {".xml", ".html", ".md", ".json"}]
    return "\n".join(html.unescape(TAG.sub("\n", file.read_text(errors="replace"))) for file in files)


@pytest.mark.parametrize("folder", ["medquad", "nci", "nhs", "aliem"])
def test_good_medical_texts_are_rarely_blocked(shared, folder):
    text = text_of(shared / "data" / "articles" / folder)

    blocking = [words for words, hedged in find_promises(text) if not hedged]

    assert len(blocking) <= 1 + len(text) // CHARACTERS_FOR_EACH, blocking

"""Files that are no articles, or bad ones: each is a whole draft, or a failure that says what is wrong and what to do."""

# ruff: noqa: E501 - tables of hostile strings: one case a line reads better than a wrapped one

import re
import time
from html import unescape
from pathlib import Path

import pytest
from wagtail.models import Locale, Page, Revision

from articles.authoring.components import Offer
from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.document.gather import gather
from articles.document.render import render
from articles.errors import NotRepresentable
from articles.intake.importing import Destination, import_file
from articles.intake.outline import count_words
from articles.sources.models import Source

pytestmark = pytest.mark.django_db
PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it."
ARTICLE = f"Acne\n\n{PROSE}\n\nRisks\n\n{PROSE}\n\nBook a visit with us today.\n\nSources\n\nNIH: Acne in adults\n"
SECONDS = 30  # generous: CI shares its cores; what is quadratic takes minutes

REFUSED = {
    "empty": (b"", "contains no words"),
    "blank": (b" \n\t\r\n\x0c \xc2\xa0", "contains no words"),
    "only-a-byte-order-mark": (b"\xef\xbb\xbf", "contains no words"),
    "only-punctuation": (b"--- *** ???\n\n!!!", "contains no words"),
    "png": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "picture"),
    "zip": (b"PK\x03\x04\x14\x00\x00\x00" + b"a" * 64, "zip file"),
    "pdf": (b"%PDF-1.7 ...", "pages and no paragraphs"),
    "rtf": (b"{\\rtf1 Acne}", ".docx"),
    "nul": (f"Acne\n\n{PROSE[:20]}\x00{PROSE[20:]}".encode(), "binary data"),
    "lone-surrogate": (b"Acne \xed\xa0\x80 here", "byte 6"),
    "overlong-slash": (b"Acne \xc0\xaf here", "byte 6"),
    "beyond-unicode": (b"Acne \xf4\x90\x80\x80 here", "byte 6"),
    "cut-in-a-character": ("Acne é".encode()[:-1], "byte 6"),
    "utf-16-half": (b"\xff\xfeA\x00\x00\xd8b\x00", "not UTF-16"),
    "utf-16-odd": (b"\xff\xfeA\x00B", "not UTF-16"),
    "utf-32": ("Acne".encode("utf-32"), "binary data"),
    "over-5-MB": (b"word " * 1_000_001, "5.0 MB"),
    "far-over-5-MB": (b"word " * 4_000_000, "Split it"),
    "100,000-short-lines": ("\n".join(f"line {n}" for n in range(100_000)).encode(), "100,000 paragraphs"),
    "100,000-short-paragraphs": ("\n\n".join(f"Is it {n}?" for n in range(100_000)).encode(), "100,000 paragraphs"),
    "9,000-questions": ("\n\n".join(f"Is it {n}?" for n in range(9_000)).encode(), "divides into"),
    "9,000-sources": (f"T\n\n{PROSE}\n\nSources\n\n".encode() + b"\n\n".join(b"NIH: A title"for n in range(9_000)), "divides into"),
}  # fmt: skip
KEPT = {
    "only-a-title": "Acne",
    "one-line-of-5-MB": "Acne\n\n" + "word " * 999_998,
    "one-word-of-5-MB": "a" * 4_999_999,
    "one-line-of-dots": "." * 4_999_990 + "b",
    "brackets-only-opened": "(" * 4_999_990 + "b",
    "a-source-of-5-MB": f"Acne\n\n{PROSE}\n\nSources\n\n" + "https://" * 600_000,
    "names-of-5-MB": f"Acne\n\n{PROSE}\n\nSources\n\n" + "Doe J, " * 700_000,
    "bullets-in-bullets": "Acne\n\n" + "- " * 1_000_000 + "b",
    "accents-on-one-letter": "Acne\n\ne" + "\u0301" * 100_000,
    "controls-between-words": f"Acne\n\nOne\x01two\x1b[31mthree\x7ffour. {PROSE}",
    "line-separators": f"Acne\u2028{PROSE}\u2029{PROSE}\x85{PROSE}",
    "bidi-in-the-text": f"Acne\n\n\u202e{PROSE}\u202c",
    "bidi-in-the-title": f"Acne \u202egnp.exe\n\n{PROSE}",
    "markup": f"Acne\n\n<script>alert(1)</script>\n\n<b>{PROSE}</b> &lt;i&gt;",
    "template": f"{{{{7*7}}}}\n\n{{% load x %}} {PROSE}",
    "ends-of-lines-mixed": f"Acne\r\n\r\n{PROSE}\r\r{PROSE}\n\n{PROSE}",
    "utf-16": "\ufeffAcne\n\n" + PROSE,
    "61-sections": "\n\n".join(["Acne", *(f"Part {n}\n-------\n\n{PROSE}" for n in range(61))]),
    "a-title-that-is-an-emoji": f"\U0001f48a\n\n{PROSE}",
    "a-title-without-letters-of-an-address": f"Что такое акне\n\n{PROSE}",
}  # fmt: skip


@pytest.fixture
def imported(tmp_path: Path):
    """imported(content, name) gives the report entry, and notes how long it took."""
    to = Destination(ArticleIndexPage.objects.get(slug="articles"), Locale.get_default())

    def _import(content: bytes, name: str = "article.txt") -> dict:
        path = tmp_path / name
        path.write_bytes(content)
        started = time.perf_counter()
        told = import_file(path, to=to)
        assert time.perf_counter() - started < SECONDS
        return told

    return _import


def counts() -> list[int]:
    return [model.objects.count() for model in (Page, Revision, Source, Offer)]


def words_of(page: ArticlePage) -> list[str]:
    """All that the draft and its report of what was left out hold."""
    draft = page.get_latest_revision_as_object()
    texts = [draft.title, draft.hero_alt]
    for block in draft.body:
        value = block.value
        answers = [item for item in value.get("items") or [] if not isinstance(item, Source)]
        texts += [value["heading"], _words(value["text"])]
        texts += [f"{item['question']} {_words(item['answer'])}" for item in answers]
        texts += [value["offer"].text] if value.get("offer") else []
    return texts + [part["text"] for part in draft.intake["parts"] if part["role"] in ("source", "left-out")]


def _words(rich_text) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", rich_text.source))


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_fails_with_its_fault_and_leaves_nothing_behind(imported, name):
    content, fault = REFUSED[name]
    before = counts()

    told = imported(content)

    assert told["status"] == "failed"
    assert fault in told["error"]
    assert re.search(r"\b(Split|save it|Paste|Rename|Upload|Unpack|copy)\b", told["error"]), "it says what to do"
    assert counts() == before


@pytest.mark.parametrize("name", KEPT)
def test_an_odd_file_becomes_a_draft_with_every_word(imported, name):
    content = KEPT[name]

    told = imported(content.encode("utf-16" if name == "utf-16" else "utf-8"))

    assert (told["status"], told["error"]) == ("created", None)
    page = ArticlePage.objects.get(pk=told["page"]["id"])
    assert count_words(words_of(page)) >= count_words([content])
    assert not page.live


def test_a_title_with_reordering_characters_is_kept_told_of_and_not_signable(imported):
    told = imported(KEPT["bidi-in-the-title"].encode())

    page = ArticlePage.objects.get(pk=told["page"]["id"])
    assert page.title == "Acne \u202egnp.exe"
    assert any("RIGHT-TO-LEFT OVERRIDE" in warning for warning in told["warnings"])
    with pytest.raises(NotRepresentable, match="RIGHT-TO-LEFT OVERRIDE"):
        render(gather(page.latest_revision))


def test_more_sections_than_the_editor_takes_are_kept_and_told_of(imported):
    told = imported(KEPT["61-sections"].encode())

    assert len(told["sections"]) == 61
    assert any("an article may have 60" in warning for warning in told["warnings"])


@pytest.mark.parametrize("name", ["\u202e.txt", "a\nb.txt", "%00.txt", "<script>.txt", "é" * 60 + ".txt", ".txt.txt"])
def test_a_files_name_breaks_nothing(imported, name):
    told = imported(PROSE.encode() * 4, name)

    assert told["status"] == "created"
    assert ArticlePage.objects.get(pk=told["page"]["id"]).title.strip()


def test_among_bad_files_the_good_ones_are_imported_whole(imported):
    mixed = [*(content for content, _ in list(REFUSED.values())[:10]), ARTICLE.encode()]

    told = [imported(content, f"{number}.txt") for number, content in enumerate(mixed)]

    assert [entry["status"] for entry in told] == ["failed"] * 10 + ["created"]
    assert (ArticlePage.objects.count(), Source.objects.count(), Offer.objects.count()) == (1, 1, 1)


def test_a_fault_while_the_draft_is_made_leaves_nothing_of_it(imported, monkeypatch):
    before = counts()
    monkeypatch.setattr(ArticlePage, "save_revision", lambda *arguments, **options: 1 / 0)

    told = imported(ARTICLE.encode())

    assert told["status"] == "failed"
    assert counts() == before

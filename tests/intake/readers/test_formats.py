"""Which format a file is, what is refused, and that no format loses or makes up a word."""

# ruff: noqa: E501 - markup in one line reads better than wrapped
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import Unreadable
from articles.intake.detect import detect
from articles.intake.formats import find_files, read_manuscripts
from articles.intake.outline import BlockKind, count_words
from tests.intake.readers import writing

PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it."
UNSAFE = re.compile(r"<(?!/?(?:a|b|i|sup|sub)\b)|\son\w+\s*=|javascript:", re.IGNORECASE)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", f"Acne\n\n{PROSE}", "text"),
        ("a.txt", f"# Acne\n\n{PROSE}", "markdown"),
        ("a.txt", f"Acne\n\nTake **5 mg** daily. {PROSE}", "text"),
        ("a.txt", f"Acne\n\n## Dose\n\nTake **5 mg** daily. {PROSE}", "markdown"),
        ("a.txt", f"Acne\n\n# oily skin\n# pimples\n# scars\n\n{PROSE}", "text"),
        ("a.txt", f"<!DOCTYPE html><p>{PROSE}", "html"),
        ("a.txt", f"<h2>Acne</h2><p>{PROSE}</p>", "html"),
        ("a.txt", f"---\ntitle: Acne\n---\n{PROSE}", "markdown"),
        ("a.txt", f"Acne\n\n<b>{PROSE}</b> 5 < 6 and 7 > 3", "text"),
        ("a.txt", f"Acne\n\nPick #1 of 3. 2 * 3 * 4, a_b_c and [1], [sic] (see note).\n\n{PROSE}", "text"),
        ("a.html", f"<p>{PROSE}", "html"),
        ("a.md", PROSE, "markdown"),
        ("page", f"<html><p>{PROSE}", "html"),
        ("a.xml", writing.WXR + writing.END, "wordpress"),
        ("a.json", json.dumps([{"id": 1, "title": "a", "content": "b"}]), "wordpress"),
        ("a.dat.txt", "\ufeff<?xml version='1.0'?><rss xmlns:wp='http://wordpress.org/export/1.2/'>", "wordpress"),
    ],
)  # fmt: skip
def test_the_content_tells_the_format(name, content, expected):
    assert detect(content.encode(), name) == expected


@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.zip"])
def test_a_word_file_is_one_under_any_name(name):
    assert detect(writing.docx(writing.paragraph("Acne")), name) == "docx"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF-1.7"), ("a.txt", b"%PDF-1.7"), ("a.doc", b"x"), ("a.odt", b"x"), ("a.rtf", b"{\\rtf1 x}"), ("a.xlsx", b"x"),
     ("a.png", b"\x89PNG\r\n\x1a\n"), ("a.jpg", b"x"), ("a.xml", b"<a>b</a>"), ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
)  # fmt: skip
def test_what_no_reader_reads_is_refused_by_name_with_what_to_do(name, content):
    with pytest.raises(Unreadable, match=rf"“{name}”.*(?:[Ss]ave|export|copy|Copy|Ask|Upload|Export)"):
        list(read_manuscripts(content, name))


@pytest.mark.parametrize(
    "content", [f"<!DOCTYPE html><p>{PROSE}", f"<h2>A</h2><p>{PROSE}</p>", writing.WXR + writing.END]
)
def test_markup_is_no_plain_text(content):
    with pytest.raises(Unreadable, match="Use --format auto"):
        list(read_manuscripts(content.encode(), "a.txt", "text"))


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html"])
def test_an_old_encoding_is_guessed_with_a_warning(encoding, name):
    (found,) = read_manuscripts(f"La piqûre était à l'école, Größe 10 µg. {PROSE}".encode(encoding), name)

    assert found.blocks[0].text.startswith("La piqûre était à l'école, Größe 10 µg.")
    assert "was read as cp1252" in found.warnings[0]


def test_a_folder_gives_every_file_that_some_reader_reads(tmp_path):
    for name in ("a.txt", "b.html", "c.md", "d.docx", "e.xml", "f.json", "g.png", "h.css", ".i.txt"):
        (tmp_path / name).write_text("x")

    assert [path.name for path in find_files(tmp_path, "auto")] == [
        "a.txt",
        "b.html",
        "c.md",
        "d.docx",
        "e.xml",
        "f.json",
    ]
    assert [path.name for path in find_files(tmp_path, "html")] == ["b.html"]


REAL = ("security", "docx", "wordpress", "articles/nci", "articles/aliem", "articles/wikipedia_html", "field")


@pytest.mark.parametrize("folder", REAL)
def test_every_real_and_hostile_file_gives_manuscripts_or_a_clear_refusal(shared, folder):
    files = [path for path in sorted((shared / "data" / folder).rglob("*")) if path.is_file()]

    outcomes = [_outcome(path) for path in files]

    assert files
    assert [outcome for outcome in outcomes if outcome] == []


def _outcome(path: Path) -> str:
    """What is wrong; "" where all is well."""
    suffix = ".html" if path.suffix == ".test" else path.suffix
    try:
        found = list(read_manuscripts(path.read_bytes(), path.stem + suffix))
    except Unreadable as error:
        return "" if len(str(error)) > 20 and str(error).endswith((".", "”.")) else f"{path}: {error}"
    unsafe = [block.html for each in found for block in each.blocks if UNSAFE.search(block.html)]
    hollow = [each for each in found if not each.blocks and not each.error]
    return f"{path}: {unsafe[:1]} {hollow[:1]}" if unsafe or hollow else ""


word = st.text("abcäßñж0123456789", min_size=1, max_size=6)
text = st.lists(word, min_size=1, max_size=9).map(" ".join)
pieces = st.lists(
    st.one_of(
        st.builds(writing.Piece, st.just("heading"), st.tuples(text)),
        st.builds(writing.Piece, st.just("paragraph"), st.tuples(text), st.sampled_from(["", "b", "i", "em"])),
        st.builds(writing.Piece, st.just("list"), st.lists(text, min_size=1, max_size=4).map(tuple)),
        st.builds(writing.Piece, st.just("table"), st.lists(text, min_size=2, max_size=4).map(tuple)),
    ),
    min_size=1,
    max_size=8,
)
WRITERS = {
    "html": (writing.as_html, "a.html"),
    "markdown": (writing.as_markdown, "a.md"),
    "docx": (writing.as_docx, "a.docx"),
    "wordpress": (writing.as_wxr, "a.xml"),
}


@pytest.mark.parametrize("name", WRITERS)
@given(title=text, written=pieces)
@settings(max_examples=60, deadline=None)
def test_what_is_written_in_a_format_is_read_with_equal_words(name, title, written):
    write, path = WRITERS[name]

    (found,) = read_manuscripts(write(title, written), path)

    twice = [each for piece in written for each in piece.texts * (2 if piece.kind == "table" else 1)]
    assert count_words(block.text for block in found.blocks) == count_words([title, *twice])
    headings = [piece.texts[0] for piece in written if piece.kind == "heading"]
    assert [block.text for block in found.blocks if block.kind is BlockKind.HEADING] == headings
    rows = [len(piece.texts) for piece in written if piece.kind == "table"]
    assert [len(block.rows) for block in found.blocks if block.kind is BlockKind.TABLE] == rows
    assert not any(UNSAFE.search(block.html) for block in found.blocks)

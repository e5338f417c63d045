"""Word files: every word of the text, tables and notes; tracked changes resolved; nothing that is an attack is opened."""

# ruff: noqa: E501 - markup in one line reads better than wrapped
import io

import pytest
from PIL import Image

from articles.errors import Unreadable
from articles.intake.outline import BlockKind, Manuscript
from articles.intake.readers import docx
from tests.intake.readers.writing import OFFICE, W, document, paragraph, run, table, zipped
from tests.intake.readers.writing import docx as make

RAISED = '<w:vertAlign w:val="superscript"/>'


def read(data: bytes) -> Manuscript:
    (found,) = docx.read(data)
    return found


def test_title_headings_lists_and_tables_are_what_word_calls_them():
    body = paragraph("Gout", "Title") + paragraph("Causes", "Heading1") + paragraph("Beer", "ListBullet")
    found = read(make(body + table([("Who", "Dose"), ("Adults", "5 mg")]))).blocks

    assert [block.kind for block in found] == [BlockKind.TITLE, BlockKind.HEADING, BlockKind.ITEM, BlockKind.TABLE]
    assert found[3].rows == (("Who", "Dose"), ("Adults", "5 mg"))


def test_marks_survive_and_raised_numbers_stay_raised():
    found = read(make(f"<w:p>{run('Take ')}{run('10', '<w:b/>')}{run('3', RAISED)}{run(' units.')}</w:p>")).blocks[0]

    assert (found.text, found.html) == ("Take 10³ units.", "Take <b>10</b><sup>3</sup> units.")


def test_insertions_are_kept_and_deletions_left_out_with_their_number():
    deleted = '<w:del w:id="1"><w:r><w:delText>100 mg</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2">{run("10 mg")}</w:ins>'

    found = read(make(f"<w:p>{run('Take ')}{deleted}{inserted}{run(' daily.')}</w:p>"))

    assert found.blocks[0].text == "Take 10 mg daily."
    assert "1 deletions were left out, and 1 insertions were kept" in found.warnings[0]


def test_moved_words_stand_once_where_they_went():
    moved = (
        f'<w:moveFrom w:id="1">{run("first ")}</w:moveFrom>{run("second ")}<w:moveTo w:id="2">{run("first")}</w:moveTo>'
    )

    assert read(make(f"<w:p>{moved}</w:p>")).blocks[0].text == "second first"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (f'<w:fldSimple w:instr="x">{run("field")}</w:fldSimple>', "field"),
        (f"<w:sdt><w:sdtContent>{run('control')}</w:sdtContent></w:sdt>", "control"),
        (
            "<m:oMath><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>3</m:t></m:r></m:sup></m:sSup></m:oMath>",
            "10³",
        ),
        (
            "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>",
            "1/2",
        ),
        (
            "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
            f"{paragraph('boxed')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice></mc:AlternateContent></w:r>",
            "boxed",
        ),
    ],
    ids=["field", "control", "power", "fraction", "text box"],
)
def test_words_in_words_own_containers_are_kept(inner, text):
    assert read(make(f"<w:p>{inner}</w:p>")).blocks[0].text == text


def test_footnotes_are_notes_and_headers_footers_and_comments_are_furniture():
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
        for number, name in ((2, "footnotes"), (3, "comments"), (4, "header"))
    )
    others = {
        "word/footnotes.xml": document(f'<w:footnote w:id="2">{paragraph("Adams 2017.")}</w:footnote>', "footnotes"),
        "word/comments.xml": document(f'<w:comment w:id="0">{paragraph("Really?")}</w:comment>', "comments"),
        "word/header1.xml": document(paragraph("Elm Road Clinic"), "hdr"),
    }

    found = read(make(f"<w:p>{run('Zinc helps')}{reference}{run('.')}</w:p>", others, relations))

    assert [(block.kind, block.text, block.marker) for block in found.blocks] == [
        (BlockKind.LINE, "Zinc helps[1].", "")
        if found.blocks[0].kind is BlockKind.LINE
        else (BlockKind.PARAGRAPH, "Zinc helps[1].", ""),
        (BlockKind.NOTE, "Adams 2017.", "1."),
        (BlockKind.FURNITURE, "Elm Road Clinic", ""),
        (BlockKind.FURNITURE, "Really?", ""),
    ]
    assert "comments" in found.warnings[0]


def drawing(relation: str) -> str:
    return (
        '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="A knee"/><a:graphic><a:graphicData><pic:pic>'
        f"<pic:blipFill><a:blip {relation}/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def test_a_picture_comes_along_with_its_words():
    png = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(png, "PNG")
    relations = f'<Relationship Id="rId9" Type="{OFFICE}/image" Target="media/image1.png"/>'

    found = read(make(drawing('r:embed="rId9"'), {"word/media/image1.png": png.getvalue()}, relations))

    assert [(block.kind, block.text) for block in found.blocks] == [(BlockKind.PICTURE, "A knee")]
    assert [(picture.name, picture.data) for picture in found.pictures] == [(found.blocks[0].picture, png.getvalue())]


def test_a_picture_that_lies_elsewhere_is_never_fetched():
    relations = f'<Relationship Id="rId9" Type="{OFFICE}/image" Target="file:///etc/passwd" TargetMode="External"/>'

    found = read(make(drawing('r:link="rId9"') + paragraph("Text"), None, relations))

    assert found.pictures == ()


def test_macros_are_ignored_with_a_warning():
    found = read(make(paragraph("Text"), {"word/vbaProject.bin": b"macro"}))

    assert found.warnings == ("The document has macros. They were ignored.",)


def lying() -> bytes:
    """The directory says that the document has 10 bytes."""
    data = bytearray(zipped({"word/document.xml": b" " * 200_000_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


HOSTILE = {
    "flat bomb": lambda: zipped({"word/document.xml": b" " * 200_000_000}),
    "lying header": lying,
    "too many parts": lambda: zipped({"word/document.xml": b"<a/>"} | {f"word/{n}.xml": b"" for n in range(2_100)}),
    "entities": lambda: zipped({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    "deep nesting": lambda: make("<w:tbl><w:tr><w:tc>" * 3_000 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 3_000),
    "no document": lambda: zipped({"other.xml": b"<a/>"}),
    "cut off": lambda: make(paragraph("Text"))[:-40],
    "not well-formed": lambda: zipped({"word/document.xml": b"<w:document>"}),
    "old or encrypted": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"EncryptedPackage" * 9,
    "too large": lambda: b"PK\x03\x04" + bytes(31_000_000),
    "no words": lambda: make("<w:p/>"),
    "wrong parts": lambda: zipped({"word/document.xml": b"<a/>"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_what_to_do(name):
    with pytest.raises(Unreadable, match=r"Open it in Word|Split it|Paste the article|Open it with"):
        read(HOSTILE[name]())


def test_names_that_climb_out_of_the_archive_are_not_read():
    assert read(make(paragraph("Text"), {"../../evil.xml": "<a", "/etc/x.xml": "<a"})).blocks[0].text == "Text"


def test_tables_in_tables_of_a_sane_depth_are_read():
    body = "<w:tbl><w:tr><w:tc>" * 20 + paragraph("inner") + "</w:tc></w:tr></w:tbl>" * 20

    assert "inner" in " ".join(block.text for block in read(make(body)).blocks)


def test_the_namespace_of_word_is_the_one_that_tests_write():
    assert W in document("")

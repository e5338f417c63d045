"""Figures and tables of a file in its draft, and several articles of one file."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from PIL import Image as Pixels
from wagtail.models import Locale

from articles.authoring.images import Image
from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.intake.drafting import create_draft
from articles.intake.importing import Destination, import_articles
from articles.intake.outline import Block, BlockKind, Manuscript, Origin, Outline, Part, Picture, Role
from articles.record.vocabulary import SectionKind
from tests.intake.readers.writing import END, WXR, item

pytestmark = pytest.mark.django_db
PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it."
TEXT = Part(Role.SECTION, (Block(BlockKind.PARAGRAPH, PROSE),), "r", 0.9, "Causes", SectionKind.CAUSES)


def png(color: str = "red") -> bytes:
    made = io.BytesIO()
    Pixels.new("RGB", (40, 30), color).save(made, "PNG")
    return made.getvalue()


def figure(name: str, alt: str = "A knee", caption: str = "A knee from above") -> Part:
    blocks = (Block(BlockKind.PICTURE, alt, picture=name), Block(BlockKind.CAPTION, caption))
    return Part(Role.SECTION, blocks if caption else blocks[:1], "r", 0.9, "", SectionKind.FIGURE)


def draft(*parts: Part, key: str = "", content_hash: str = "0", pictures: tuple[Picture, ...] = ()) -> ArticlePage:
    page, _ = create_draft(
        outline=Outline(parts),
        title="Gout",
        content_hash=content_hash,
        path="gout.docx",
        parent=ArticleIndexPage.objects.get(slug="articles"),
        locale=Locale.get_default(),
        by=None,
        manuscript=Manuscript(pictures=pictures, origin=Origin(key=key)),
    )
    return page


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_picture_of_the_file_becomes_an_image_and_its_part_a_figure():
    page = draft(TEXT, figure("k.png"), pictures=(Picture("k.png", png()),))

    block = page.body[1]
    image = Image.objects.get()
    assert (block.block_type, block.value["figure"]["image"], block.value["figure"]["alt"]) == (
        "figure",
        image,
        "A knee",
    )
    assert block.value["figure"]["caption"] == "A knee from above"
    assert (image.alt, image.width) == ("A knee", 40)
    assert page.intake["warnings"] == []


def test_the_same_picture_is_kept_once():
    draft(figure("a.png"), pictures=(Picture("a.png", png()),))
    draft(figure("b.png"), content_hash="1", pictures=(Picture("b.png", png()),))

    assert Image.objects.count() == 1


def test_a_picture_that_is_not_in_the_file_is_told_of_and_its_caption_stays():
    page = draft(TEXT, figure("https://a.example/k.jpg"))

    assert [block.block_type for block in page.body] == ["causes"]
    assert page.body[0].value["text"].source.endswith("<p>A knee from above</p>")
    assert "https://a.example/k.jpg" in page.intake["warnings"][0]
    assert "A knee" in page.intake["warnings"][0]
    assert "A knee" in page.intake["parts"][1]["text"]


@pytest.mark.parametrize("data", [b"no picture", png()[:60]])
def test_a_picture_that_an_upload_would_be_refused_is_left_out_with_the_reason(data):
    page = draft(TEXT, figure("k.png"), pictures=(Picture("k.png", data),))

    assert not Image.objects.exists()
    assert "“k.png” was left out" in page.intake["warnings"][0]


def test_a_table_becomes_a_table_with_its_header_and_caption():
    rows = (("Who", "Dose"), ("Adults", "10³ units"))
    blocks = (
        Block(BlockKind.TABLE, "Who | Dose\nAdults | 10³ units", rows=rows, header="row"),
        Block(BlockKind.CAPTION, "Doses"),
        Block(BlockKind.PARAGRAPH, "Not for children."),
    )

    value = draft(Part(Role.SECTION, blocks, "r", 0.9, "How much?", SectionKind.TABLE)).body[0].value

    assert value["table"]["data"] == [["Who", "Dose"], ["Adults", "10³ units"]]
    assert (value["table"]["first_row_is_table_header"], value["table"]["first_col_is_header"]) == (True, False)
    assert (value["table"]["table_caption"], value["text"].source) == ("Doses", "<p>Not for children.</p>")


def test_the_same_article_of_a_system_makes_no_second_draft():
    assert draft(TEXT, key="https://b.example/?p=1") == draft(TEXT, key="https://b.example/?p=1", content_hash="1")


def entries(path) -> list[dict]:
    to = Destination(ArticleIndexPage.objects.get(slug="articles"), Locale.get_default())
    return list(import_articles(path, to=to))


def export(*items: str, end: str = END) -> bytes:
    return f"{WXR}{''.join(items)}{end}".encode()


def test_each_post_of_an_export_has_an_entry_and_a_draft(write):
    path = write(export(item("A", PROSE), item("B", "", 2), item("C", PROSE, 3)), "blog.xml")

    told = entries(path)

    assert [each["status"] for each in told] == ["created", "failed", "created"]
    assert told[2]["origin"] == {"key": "https://blog.example/?p=3", "address": "https://blog.example/a-3/"}
    assert "“B”" in told[1]["error"]
    assert [each["status"] for each in entries(path)] == ["unchanged", "failed", "unchanged"]


def test_what_is_read_before_a_file_ends_in_the_middle_is_imported(write):
    told = entries(write(export(item("A", PROSE), end="<item><title>B"), "blog.xml"))

    assert [each["status"] for each in told] == ["created", "failed"]
    assert "ends in the middle" in told[1]["error"]


def test_the_command_reports_every_post_and_fails_if_one_failed(write, tmp_path):
    path = write(export(item("A", PROSE), item("B", "", 2)), "blog.xml")

    with pytest.raises(CommandError, match="1 of 2"):
        call_command("import_articles", str(path), report=str(tmp_path / "report.json"))

    report = json.loads((tmp_path / "report.json").read_text())
    assert [each["title"] for each in report["files"]] == ["A", ""]
    assert {each["path"] for each in report["files"]} == {str(path)}


def test_marks_of_a_page_are_in_its_draft(write):
    text = f"<p>Take 10<sup>3</sup> units <a href='https://a.example'>daily</a>. {PROSE}</p>"
    page = f"<!DOCTYPE html><h1>Gout</h1><h2>Causes</h2>{text}"

    told = entries(write(page, "gout.html"))[0]

    text = ArticlePage.objects.get(pk=told["page"]["id"]).body[0].value["text"].source
    assert text.startswith('<p>Take 10<sup>3</sup> units <a href="https://a.example">daily</a>.')
    assert told["sections"][0]["text"].startswith("Take 10³ units daily.")

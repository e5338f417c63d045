"""WordPress: exports and answers of its REST interface, with all that plug-ins leave in a text."""

# ruff: noqa: E501 - markup in one line reads better than wrapped
import json

import pytest

from articles.errors import Unreadable
from articles.intake.outline import BlockKind, Manuscript
from articles.intake.readers.wordpress import reader
from tests.intake.readers.writing import END, WXR, item

PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it."


def export(*items: str, head: str = "", end: str = END) -> bytes:
    return f"{WXR}{head}{''.join(items)}{end}".encode()


def read(data: bytes) -> list[Manuscript]:
    return list(reader.read(data))


def post(content: str, more: str = "") -> Manuscript:
    (found,) = read(export(item("Gout", content, more=more)))
    return found


def meta(name: str, value: str) -> str:
    return f"<wp:postmeta><wp:meta_key>{name}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"


def test_each_post_is_an_article_with_what_wordpress_knows_of_it():
    author = "<wp:author><wp:author_login>fl</wp:author_login><wp:author_display_name>F. Lindwurm</wp:author_display_name></wp:author>"
    more = (
        "<dc:creator>fl</dc:creator><wp:post_name>gout</wp:post_name><wp:post_date_gmt>2024-05-03 10:00:00</wp:post_date_gmt>"
        '<category domain="category" nicename="j"><![CDATA[Joints &amp; bones]]></category><category domain="post_tag">pain</category>'
        + meta("reviewer", "Dr. Ost")
        + meta("_edit_last", "1")
        + meta("_yoast_wpseo_title", "Gout!")
    )

    (found,) = read(export(item("Fish &amp;#038; &lt;em&gt;gout&lt;/em&gt;", PROSE, 12, more), head=author))

    assert found.blocks[0].text == "Fish & gout"
    assert found.origin.key == "https://blog.example/?p=12"
    assert (found.origin.address, found.origin.slug) == ("https://blog.example/a-12/", "gout")
    assert (found.origin.status, found.origin.published_at) == ("publish", "2024-05-03T10:00:00+00:00")
    assert (found.origin.authors, found.origin.categories) == (("F. Lindwurm",), ("Joints & bones", "pain"))
    assert found.origin.fields == {"reviewer": "Dr. Ost", "_yoast_wpseo_title": "Gout!"}


def test_posts_and_pages_are_read_and_nothing_else_is():
    found = read(
        export(
            item("A", PROSE),
            item("B", PROSE, 2, kind="page", status="draft"),
            item("C", PROSE, 3, status="trash"),
            item("D", PROSE, 4, kind="revision", status="inherit"),
            item("E", PROSE, 5, kind="nav_menu_item"),
        )
    )

    assert [each.blocks[0].text for each in found] == ["A", "B"]


def test_blank_lines_of_a_classic_post_are_paragraphs_and_lines_do_not_join():
    found = post(f"First line\nsecond line\n\n{PROSE}\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>")

    assert [block.text for block in found.blocks[1:]] == ["First line second line", PROSE, "one", "two"]


def test_comments_of_the_block_editor_are_no_words():
    found = post(f'<!-- wp:paragraph {{"x":1}} -->\n<p>{PROSE}</p>\n<!-- /wp:paragraph -->\n<!-- wp:latest-posts /-->')

    assert [block.text for block in found.blocks] == ["Gout", PROSE]
    assert "wp:latest-posts" in found.warnings[0]


def test_captions_are_captions_and_unknown_shortcodes_are_set_aside_by_name():
    found = post(
        f'[caption id="a" width="9"]<img src="https://a.example/k.jpg" alt="A knee" /> A knee from above[/caption]\n\n'
        f'[dose_box color="red"]{PROSE}[/dose_box]\n\nIt hurts [sic] at night [1].'
    )

    assert [(block.kind, block.text) for block in found.blocks[1:3]] == [
        (BlockKind.PICTURE, "A knee"),
        (BlockKind.CAPTION, "A knee from above"),
    ]
    assert PROSE in [block.text for block in found.blocks]
    assert "It hurts [sic] at night [1]." in [block.text for block in found.blocks]
    assert '[dose_box color="red"]' in [block.text for block in found.blocks if block.kind is BlockKind.FURNITURE]
    assert "[dose_box]" in found.warnings[0]


ATTACHMENT = item(
    "k", "", 7,
    "<wp:attachment_url>https://a.example/k.jpg</wp:attachment_url><excerpt:encoded><![CDATA[From above]]></excerpt:encoded>"
    + meta("_wp_attachment_image_alt", "A knee"), "attachment", "inherit",
)  # fmt: skip


def test_the_featured_image_comes_first_with_its_words():
    found = read(export(item("Gout", PROSE, more=meta("_thumbnail_id", "7")), ATTACHMENT))[0]

    assert [(block.kind, block.text, block.picture) for block in found.blocks[1:3]] == [
        (BlockKind.PICTURE, "A knee", "https://a.example/k.jpg"),
        (BlockKind.CAPTION, "From above", ""),
    ]


def test_pictures_of_a_gallery_and_of_the_text_have_the_words_of_the_library():
    found = read(
        export(item("Gout", f'{PROSE} [gallery ids="7"] <img class="wp-image-7" src="k-300.jpg">'), ATTACHMENT)
    )[0]

    shown = [(block.text, block.picture) for block in found.blocks if block.kind is BlockKind.PICTURE]
    assert shown == [("A knee", "https://a.example/k.jpg")] * 2


def test_an_export_that_ends_in_the_middle_gives_the_posts_before_that_and_says_so():
    data = export(item("A", PROSE), item("B", PROSE, 2), item("C", PROSE, 3))

    found = read(data[: data.rindex(b"<wp:status>")])

    assert [each.blocks[0].text for each in found[:2]] == ["A", "B"]
    assert len(found) == 3
    assert "ends in the middle" in found[2].error


def test_a_damaged_post_stops_no_other():
    found = read(export(item("A", PROSE), "<item><title>B</wrong></item>", item("C", PROSE, 3)))

    assert [bool(each.error) for each in found] == [False, True, False]
    assert "“B”" in read(export("<item><title>B</title><b></item>"))[0].error


def test_what_plug_ins_write_though_xml_forbids_it_is_read():
    found = read(export(item("A & B", f"{PROSE} <![CDATA[ tags ]]> \x08 end")))[0]

    assert found.blocks[0].text == "A & B"
    assert found.blocks[1].text.endswith("end")


def test_an_end_of_item_within_a_text_ends_nothing():
    assert len(read(export(item("A", f"{PROSE} &lt;/item&gt; <code></item></code>"), item("B", PROSE, 2)))) == 2


def test_a_new_comment_is_no_new_text():
    comment = "<wp:comment><wp:comment_content>Hm</wp:comment_content></wp:comment>"
    first, second = (read(export(item("A", PROSE, more=more)))[0] for more in ("", comment))

    assert first.original == second.original


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]>' + export(item("A", PROSE)),
        export(),
        b'{"a": 1}',
        b'[{"title": ',
        b'[{"a":' * 100_000,
    ],
    ids=["entities", "no posts", "other json", "cut json", "deep json"],
)
def test_what_is_no_export_is_refused_with_what_to_do(data):
    with pytest.raises(Unreadable, match=r"Export it again|Save the answer"):
        read(data)


def test_3000_posts_are_read_one_after_the_other():
    found = reader.read(export(*(item(f"Post {number}", PROSE, number) for number in range(3_000))))

    assert next(found).blocks[0].text == "Post 0"
    assert sum(1 for _ in found) == 2_999


def test_posts_of_the_rest_interface_are_read_with_what_is_embedded():
    answer = {
        "id": 12, "slug": "gout", "status": "publish", "link": "https://blog.example/gout", "date_gmt": "2024-05-03T10:00:00",
        "title": {"rendered": "Fish &#038; gout"}, "content": {"rendered": f"<p>{PROSE}</p>"}, "meta": {"reviewer": "Dr. Ost"},
        "_embedded": {
            "author": [{"name": "F. Lindwurm"}], "wp:term": [[{"name": "Joints", "taxonomy": "category"}]],
            "wp:featuredmedia": [{"source_url": "https://a.example/k.jpg", "alt_text": "A knee"}],
        },
    }  # fmt: skip

    (found,) = read(json.dumps([answer]).encode())

    assert [block.text for block in found.blocks] == ["Fish & gout", "A knee", PROSE]
    assert (found.origin.key, found.origin.authors) == ("https://blog.example/?p=12", ("F. Lindwurm",))
    assert (found.origin.categories, found.origin.fields) == (("Joints",), {"reviewer": "Dr. Ost"})


REST = json.dumps([{"id": number, "title": f"{number}", "content": PROSE} for number in range(4)]).encode()
POSTS = (item("A", PROSE), item("B", PROSE, 2, status="trash"), item("C", "<p>&broken", 3), item("D", PROSE, 4))


@pytest.mark.parametrize("data", [REST, export(*POSTS), export(*POSTS, end="<item>cut")], ids=["JSON", "export", "cut"])
@pytest.mark.parametrize("skip", range(6))
def test_reading_goes_on_where_it_stopped(data, skip):
    assert list(reader.read(data, skip)) == read(data)[skip:]

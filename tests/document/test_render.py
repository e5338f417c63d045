"""Draft -> documents: what is signed, in which part, and what is not in it."""

import json

import pytest
from django.core.files.images import ImageFile
from wagtail.images.tests.utils import get_test_image_file

from articles.document.gather import gather, require_known_blocks
from articles.document.render import render
from articles.errors import NotRepresentable, UnknownBlock
from tests.factories import (
    block,
    citation,
    complete_body,
    edit,
    make_article,
    make_disclaimer,
    make_image,
    make_offer,
    make_source,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_user("author", "Authors")


def digests(page) -> dict[str, str]:
    return {part: document.digest for part, document in render(gather(page.get_latest_revision())).items()}


def medical(page) -> dict:
    return render(gather(page.get_latest_revision()))["medical"].value


def test_a_draft_is_gathered_in_one_query_a_kind_of_record(author, django_assert_max_num_queries):
    offer = make_offer()
    page = make_article(
        by=author,
        offer=offer,
        disclaimers=[make_disclaimer()],
        topics=[make_topic()],
        hero=make_image(),
        body=complete_body(make_source(), offer) + [block("causes", items=[{"name": "x", "citations": []}])] * 20,
    )
    revision = page.get_latest_revision()

    with django_assert_max_num_queries(9):
        gather(revision)


def test_a_section_in_which_nothing_was_written_is_in_no_document(author):
    empty = [
        block("prose", aspect="symptoms"),
        block("prose", text='<p data-block-key="abc"></p>', aspect="other"),
        block("causes", items=[]),
        block("seek_help", level="urgent", signs=[], action=""),
        block("cta", purposes=[], offer=None),
        block("sources", items=[]),
    ]
    page = make_article(
        by=author, body=[*empty, block("prose", text="<p>Words.</p>"), block("cta", purposes=["service"])]
    )

    assert [section["kind"] for section in medical(page)["sections"]] == ["prose", "cta"]


def test_rendering_again_gives_the_same_bytes(author):
    page = make_article(by=author)

    assert digests(page) == digests(page)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"title": "Another"}, {"medical"}),
        ({"sponsorship": "Somebody"}, {"medical"}),
        ({"ai_use": "assisted"}, {"medical"}),
        ({"ai_tool": "A tool, and nothing said of its use"}, set()),
        ({"seo_title": "Another"}, {"medical"}),
        ({"search_description": "Another"}, {"medical"}),
        ({"hero_alt": "Another"}, {"medical"}),
        ({"summary": "  What helps an inflamed   scalp, and how sure we are. "}, set()),
        ({"seo_title": "Scalp"}, set()),
        ({"search_description": "What helps an inflamed scalp, and how sure  we are."}, set()),
        ({"slug": "another"}, set()),
        ({"change_note": "Another"}, set()),
    ],
)
def test_a_change_moves_the_digest_of_the_part_that_it_belongs_to(author, change, parts):
    page = make_article(by=author, title="Scalp", hero=make_image())
    before = digests(page)

    after = digests(edit(page, by=author, **change))

    assert {part for part in after if after[part] != before[part]} == parts


def test_choosing_another_offer_is_no_medical_change(author):
    offer, other, source = make_offer(), make_offer(name="Other"), make_source()
    body = complete_body(source, offer)
    page = make_article(by=author, body=body)
    before = digests(page)
    body[-2]["value"]["offer"] = other.pk

    after = digests(edit(page, by=author, body=body))

    assert after["medical"] == before["medical"]
    assert after["presentation"] != before["presentation"]


def test_references_are_numbered_by_first_appearance_and_listed_once(author):
    first, second, uncited = make_source(), make_source(), make_source()
    body = [
        block("introduction", text=f'<p>x <a linktype="citation" sources="{second.pk}">[1]</a></p>'),
        block("causes", items=[{"name": "y", "citations": [citation(first), citation(second)]}]),
        block("sources", items=[uncited.pk]),
    ]

    document = medical(make_article(by=author, body=body))

    numbers = {row["source_id"]: row["number"] for row in document["references"]}
    assert numbers == {str(second.source_id): 1, str(first.source_id): 2, str(uncited.source_id): 3}
    assert document["sections"][-1]["references"] == [1, 2, 3]


def test_editing_a_cited_source_moves_the_digest(author):
    source = make_source()
    page = make_article(by=author, body=complete_body(source))
    before = digests(page)
    source.title = "Another title"
    source.save()

    assert digests(page)["medical"] != before["medical"]


def test_replacing_an_image_file_moves_the_digest(author):
    page = make_article(by=author, hero=make_image())
    before = digests(page)
    page.hero.file = ImageFile(get_test_image_file(size=(100, 50), colour="red").file, name="new.png")
    page.hero.save()

    assert digests(page)["medical"] != before["medical"]


@pytest.mark.parametrize("place", ["hero", "social_image"])
@pytest.mark.parametrize(("word", "part"), [("alt", "medical"), ("credit", "presentation")])
def test_what_the_article_says_of_a_picture_is_its_own_alternative_text_medical(author, place, word, part):
    page = make_article(by=author, **{place: make_image()})
    before = digests(page)

    after = digests(edit(page, by=author, **{f"{place}_{word}": "Another"}))

    assert [each for each in after if after[each] != before[each]] == [part]


@pytest.mark.parametrize("place", ["hero", "social_image"])
@pytest.mark.parametrize("change", [{"alt": "Another"}, {"credit": "Another"}, {"title": "Another"}])
def test_a_change_in_the_image_library_moves_no_digest(author, place, change):
    image = make_image()
    page = make_article(by=author, **{place: image}, body=[block("figure", figure={"image": image.pk})])
    before = digests(page)
    for name, value in change.items():
        setattr(image, name, value)
    image.save()

    assert digests(page) == before


@pytest.mark.parametrize("place", ["hero", "social_image"])
def test_the_focal_point_of_a_picture_is_presentation(author, place):
    image = make_image()
    page = make_article(by=author, **{place: image})
    before = digests(page)
    for name in ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"):
        setattr(image, name, 40)
    image.save()

    after = digests(page)

    assert [each for each in after if after[each] != before[each]] == ["presentation"]


def test_a_title_with_invisible_reordering_characters_is_refused(author):
    page = make_article(by=author, title="Safe\u202eefasnu")

    with pytest.raises(NotRepresentable, match="RIGHT-TO-LEFT OVERRIDE"):
        digests(page)


def test_an_unknown_block_is_refused_rather_than_left_out(author):
    page = make_article(by=author)
    revision = page.get_latest_revision()
    body = json.loads(revision.content["body"])
    revision.content["body"] = json.dumps([*body, {"type": "hologram", "id": "h", "value": {}}])
    revision.save()

    with pytest.raises(UnknownBlock, match="hologram"):
        require_known_blocks(gather(revision))


def test_a_source_that_is_gone_leaves_no_number_behind(author):
    source = make_source()
    page = make_article(by=author, body=complete_body(source))
    source.delete()

    assert medical(page)["references"] == []


def test_what_an_author_left_open_is_null_in_a_closed_list_and_empty_in_text(author):
    finding = {"statement": "Said.", "subjects": "people", "certainty": "low", "certainty_basis": "", "citations": []}
    page = make_article(by=author, body=[block("evidence", findings=[finding | {"sample_size": ""}])])

    [made] = medical(page)["sections"][0]["findings"]

    assert (made["certainty_basis"], made["sample_size"], made["population"]) == (None, None, "")

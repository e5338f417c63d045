"""Alternative text and credit are copied into the article when it is saved with a picture that it says nothing of."""

import pytest

from articles.authoring.images import copy_words_of_pictures
from tests.factories import block, edit, make_article, make_image, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_user("author", "Authors")


@pytest.fixture
def image():
    return make_image(alt="Two hands", credit="A. Painter")


def figure_of(page) -> dict:
    return page.get_latest_revision_as_object().body[0].value["figure"]


def saved(page, name: str) -> list[str]:
    content = page.latest_revision.content
    return [content[f"{name}_alt"], content[f"{name}_credit"]]


@pytest.mark.parametrize("place", ["hero", "social_image"])
def test_a_chosen_picture_brings_its_words(author, image, place):
    page = make_article(by=author, **{place: image})

    assert saved(page, place) == ["Two hands", "A. Painter"]


@pytest.mark.parametrize("kind", ["figure", "mechanism"])
def test_a_picture_in_the_body_brings_its_words(author, image, kind):
    page = make_article(by=author, body=[block(kind, figure={"image": image.pk, "caption": "Lather well."})])

    figure = figure_of(page)
    assert (figure["alt"], figure["caption"], figure["credit"]) == ("Two hands", "Lather well.", "A. Painter")


def test_words_that_somebody_typed_stay(author, image):
    body = [block("figure", figure={"image": image.pk, "alt": "A scalp", "credit": "B."})]
    page = make_article(by=author, hero=image, hero_alt="A comb", body=body)

    figure = figure_of(page)
    assert saved(page, "hero") == ["A comb", "A. Painter"]
    assert (figure["alt"], figure["credit"]) == ("A scalp", "B.")


def test_what_an_editor_emptied_stays_empty_until_another_picture_is_chosen(author, image):
    body = [block("figure", figure={"image": image.pk})]
    page = make_article(by=author, hero=image, body=body)
    body = page.get_latest_revision_as_object().body.get_prep_value()
    body[0]["value"]["figure"] |= {"alt": "", "credit": ""}

    page = edit(page, by=author, hero_alt="", body=body)
    emptied = [saved(page, "hero")[0], figure_of(page)["alt"], figure_of(page)["credit"]]
    page = edit(page, by=author, hero=make_image(alt="A comb"))

    assert emptied == ["", "", ""]
    assert saved(page, "hero")[0] == "A comb"


def test_a_later_change_in_the_library_reaches_no_article(author, image):
    page = make_article(by=author, hero=image)
    image.alt, image.credit = "Other words", "C."
    image.save()

    page = edit(page, by=author, title="Another title")

    assert saved(page, "hero") == ["Two hands", "A. Painter"]


def test_an_article_without_pictures_costs_no_query_more(author, django_assert_num_queries):
    page = make_article(by=author)

    with django_assert_num_queries(0):
        copy_words_of_pictures(page, {})

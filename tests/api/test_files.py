"""`/editions/<sha256>/<width>.<extension>`: pictures, while an article that shows or showed them is published."""

import hashlib

import pytest
from django.core.files.images import ImageFile
from wagtail.images.tests.utils import get_test_image_file

from articles.publishing.images import prepare
from articles.publishing.withdraw import withdraw
from articles.record.vocabulary import Role
from tests.factories import edit, make_article, make_image, sign_as, submit


@pytest.fixture
def pictured(people, publish):
    return publish(make_article(by=people.author, hero=make_image()))


@pytest.fixture
def files(pictured, get_json):
    return get_json(f"articles/{pictured.slug}/")["content"]["hero"]["renditions"]


def test_each_rendition_is_served_as_the_article_says(files, get):
    for row in files:
        answer = get(row["url"])
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == row["type"]
        assert row["sha256"] == f"sha-256:{hashlib.sha256(answer.content).hexdigest()}"
        assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert {row["type"] for row in files} == {"image/webp", "image/png"}


def test_a_picture_may_be_kept_for_a_day_and_is_no_page(files, get):
    headers = get(files[0]["url"]).headers

    assert headers["Cache-Control"] == "public, max-age=86400, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Access-Control-Allow-Origin"] == "*"


def test_a_picture_that_the_client_holds_is_not_sent_again(files, get):
    etag = get(files[0]["url"]).headers["ETag"]

    assert get(files[0]["url"], if_none_match=etag).status_code == 304


def test_one_query_is_all_it_takes(files, get, django_assert_num_queries):
    with django_assert_num_queries(1):
        get(files[0]["url"])


def test_a_picture_of_a_withdrawn_article_is_gone(pictured, people, files, require_problem):
    withdraw(page=pictured, reason="legal", by=people.editor)

    require_problem(files[0]["url"], 404, "not-found")


def test_a_picture_of_an_unpublished_article_is_not_served(people, publish, require_problem, settings):
    image = make_image()
    make_article(by=people.author, hero=image)
    prepare([image.sha256])
    path = f"{image.sha256.removeprefix('sha-256:')}/640.webp"
    assert (settings.EDITION_FILES_ROOT / path).exists()

    require_problem(f"/editions/{path}", 404, "not-found")


def test_an_app_that_holds_yesterdays_article_still_gets_its_picture(pictured, people, files, get, get_json):
    other = ImageFile(get_test_image_file(size=(500, 400)).file, name="other.png")
    page = edit(pictured, by=people.author, hero=make_image(file=other))
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL)

    assert get_json(f"articles/{page.slug}/")["content"]["hero"]["renditions"][0]["url"] != files[0]["url"]
    assert get(files[0]["url"]).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "../secret_key",
        "..%2Fsecret_key",
        "{sha}/../../secret_key",
        "{sha}/640.svg",
        "{sha}/640.webp/",
        "{sha}/0640.webp",
        "{sha}/641.webp",
        "{sha}/%D9%A6%D9%A4%D9%A0.webp",
        "{sha}/640.webp%00",
        "{sha}/640.webp%0A",
        "{shouted}/640.webp",
        "{sha}",
        "x",
        "%00",
        "{zeros}/640.webp",
    ],
)
def test_nothing_else_is_served(files, require_problem, path):
    sha = files[0]["url"].split("/")[-2]
    path = path.format(sha=sha, shouted=sha.upper(), zeros="0" * 64)

    require_problem(f"/editions/{path}", 404, "not-found")


def test_a_file_that_is_missing_is_not_found(files, require_problem, settings, tmp_path):
    settings.EDITION_FILES_ROOT = tmp_path

    require_problem(files[0]["url"], 404, "not-found")

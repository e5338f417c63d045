"""A picture that is marked as decorative: readers get it with an empty alternative text, and it is signed like that."""

import pytest

from articles.record.models import Document
from tests.factories import block, complete_body, make_article, make_image, make_source


@pytest.fixture
def decorated(people, publish):
    picture = make_image()
    figure = {"image": picture.pk, "alt": "A curl", "decorative": True, "caption": "", "credit": ""}
    body = [*complete_body(make_source()), block("figure", text="<p>Take a rest.</p>", figure=figure)]
    page = make_article(by=people.author, body=body, hero=picture, hero_alt="", hero_decorative=True)
    return publish(page)


def test_readers_get_it_with_an_empty_alternative_text(decorated, get, get_json):
    content = get_json(f"articles/{decorated.slug}/")["content"]

    (figure,) = (section for section in content["sections"] if section["kind"] == "figure")
    assert (content["hero"]["decorative"], content["hero"]["alt"]) == (True, "")
    assert (figure["figure"]["decorative"], figure["figure"]["alt"]) == (True, "")
    assert 'alt=""' in figure["html"] and "A curl" not in figure["html"]
    markdown = get(f"articles/{decorated.slug}/", accept="text/markdown").content.decode()
    assert markdown.count("![](") == 2 and "A curl" not in markdown


def test_the_mark_is_signed_and_an_article_without_one_says_nothing_of_it(decorated, article, get_json):
    digest = get_json(f"articles/{decorated.slug}/")["edition"]["digests"]["medical"]
    assert b'"decorative":true' in bytes(Document.objects.get(digest=digest).content)

    plain_digest = get_json(f"articles/{article().slug}/")["edition"]["digests"]["medical"]
    assert b"decorative" not in bytes(Document.objects.get(digest=plain_digest).content)

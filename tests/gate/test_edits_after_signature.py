"""A signed article is changed afterwards, by every way there is: readers get, byte for byte, what was signed."""

import hashlib
import json

import pytest
from django.conf import settings

from articles.errors import DomainError
from articles.publishing.publish import publish_article
from articles.publishing.recompose import recompose_all
from articles.record.models import Edition, Publication, Rendition
from articles.record.vocabulary import Role, SectionKind
from tests.factories import sign_as
from tests.gate.later import EDITS, WORD, replace_the_image_in_code
from tests.gate.marked import make_marked
from tests.gate.reader import addresses, ask, leaks, library, tells
from tests.hands import fresh


@pytest.fixture
def signed(people, publish):
    """The marked article with everything on it signed and published."""
    page = make_marked(by=people.author)
    for row in page.disclaimers.all():
        sign_as(row.disclaimer, people.reviewer, Role.MEDICAL)
    for block in page.body:
        if block.block_type == "cta":
            sign_as(block.value["offer"], people.editor, Role.EDITOR)
            sign_as(block.value["offer"], people.reviewer, Role.MEDICAL)
    return fresh(publish(page))


def shown_to_readers(page) -> list[str]:
    return [url for url in addresses(page) if not url.startswith(("/media/", "/api/v1/docs", "/api/v1/openapi"))]


def test_the_article_is_published_with_its_picture_offer_and_disclaimer(signed):
    article = json.loads(ask(f"/api/v1/articles/{signed.slug}/").body)

    assert [row["kind"] for row in article["components"]] == ["offer", "disclaimer"]
    assert len({section["kind"] for section in article["content"]["sections"]}) == len(SectionKind)
    for row in article["content"]["hero"]["renditions"]:
        file = ask(row["url"].removeprefix(settings.PUBLIC_URL))
        assert f"sha-256:{hashlib.sha256(file.body).hexdigest()}" == row["sha256"]


def test_the_sweep_of_strangers_finds_a_published_article_everywhere(signed):
    """What finds nothing of an unsigned article finds a signed one: on the home page, in lists, bytes and files."""
    told = {address.partition(" ")[0] for address in leaks(signed)}

    article = f"/api/v1/articles/{signed.slug}/"
    parts = {f"{article}editions/1/parts/{part}/" for part in ("medical", "presentation")}
    files = {f"/editions/{row.path}" for row in Rendition.objects.all()}
    lists = {"/", f"/read/en/{signed.slug}/", "/api/v1/articles/", "/api/v1/topics/"}
    kinds = {f"{article}sections/{kind}/" for kind in SectionKind.values}
    assert told >= {article, f"{article}?rich_text=portable"} | parts | files | lists | kinds


@pytest.mark.parametrize("name", EDITS)
def test_what_happens_later_changes_nothing_for_readers(signed, people, admin, name):
    asked = shown_to_readers(signed)
    before = library(asked)

    EDITS[name](signed, people, admin)

    assert library(asked) == before
    changed = recompose_all()
    assert (changed, library(asked)) == (0, before)


@pytest.mark.parametrize("name", [name for name in EDITS if name != "delete_the_row"])
def test_no_address_tells_a_word_of_what_was_written_later(signed, people, admin, name):
    EDITS[name](signed, people, admin)

    asked = [url for url in addresses(fresh(signed)) if "/docs/" not in url]
    assert not [url for url in asked if tells(answer := ask(url), WORD) or answer.status >= 500]


def test_the_pictures_of_readers_stay_what_was_signed_when_everything_of_the_image_is_gone(signed, people, admin):
    files = {row.path: row.sha256 for row in Rendition.objects.all()}

    replace_the_image_in_code(signed, people, admin)
    signed.hero.delete()

    assert len(files) == 2
    for path, digest in files.items():
        assert f"sha-256:{hashlib.sha256(ask(f'/editions/{path}').body).hexdigest()}" == digest


@pytest.mark.parametrize(
    "name", ["save", "save_another_body", "sql_on_the_revision", "edit_the_source", "edit_the_person"]
)
def test_publishing_again_what_was_changed_is_refused(signed, people, admin, name):
    EDITS[name](signed, people, admin)

    with pytest.raises(DomainError, match="Missing signatures"):
        publish_article(page=fresh(signed), by=people.editor)

    assert Edition.objects.filter(subject=signed.article_id).count() == 1


@pytest.mark.parametrize("column", ["body", "body_gzip", "portable", "card"])
def test_recompose_mends_bytes_that_sql_changed_under_their_tag(signed, column):
    asked = shown_to_readers(signed)
    before = library(asked)
    Publication.objects.update(**{column: json.dumps({"content": WORD}).encode()})

    recompose_all()

    assert WORD.encode() not in bytes(getattr(Publication.objects.get(), column))
    assert library(asked) == before

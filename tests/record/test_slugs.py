"""Two addresses that differ only by case or Unicode form are one."""

import importlib
import unicodedata

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from articles.record.models import Facet, Path, TopicEntry
from articles.record.slugs import one_form

FORMS = ["NFC", "NFD", "NFKC", "NFKD"]
SLUGS = st.text(st.characters(categories=["L", "M", "N"], include_characters="-_"), max_size=20)
ONE, OTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@given(SLUGS, st.sampled_from(FORMS))
def test_no_unicode_form_changes_the_one_form(slug, form):
    assert one_form(unicodedata.normalize(form, slug)) == one_form(slug)


@given(SLUGS)
def test_the_one_form_is_its_own(slug):
    assert one_form(one_form(slug)) == one_form(slug)


@pytest.mark.parametrize(
    "slug", ["haarausfall", "straße", "кожа-головы", "οδός", "peau-sèche", "şişlik", "頭皮", "ﬁber"]
)
def test_no_case_changes_the_one_form(slug):
    assert one_form(slug.upper()) == one_form(slug.title()) == one_form(slug.casefold()) == one_form(slug)


@pytest.mark.parametrize("slug", ["hair-and-scalp", "a_b-2", "кожа-головы", "peau-sèche", "頭皮"])
def test_a_slug_that_the_editor_proposes_is_in_its_one_form(slug):
    assert one_form(slug) == slug


@pytest.fixture
def fold(db):
    migration = importlib.import_module("articles.record.migrations.0002_one_form_of_slugs")
    return lambda: migration.fold(apps, None)


def test_stored_addresses_take_their_one_form_and_the_current_one_wins(fold):
    Path.objects.create(locale="en", slug="Scalp", article=ONE, current=False)
    Path.objects.create(locale="en", slug="SCALP", article=OTHER, current=True)
    Path.objects.create(locale="de", slug="Scalp", article=ONE, current=True)
    Path.objects.create(locale="en", slug="hair", article=ONE, current=True)

    fold()

    found = sorted((row.locale, row.slug, str(row.article)) for row in Path.objects.all())
    assert found == [("de", "scalp", ONE), ("en", "hair", ONE), ("en", "scalp", OTHER)]


def test_stored_topics_take_their_one_form_with_the_latest_name(fold):
    Facet.objects.create(article=ONE, name="topic", value="Hair")
    Facet.objects.create(article=ONE, name="topic", value="hair")
    Facet.objects.create(article=ONE, name="code", value="mesh|D1")
    TopicEntry.objects.create(slug="HAIR", name="Hair, the later name", event=2)
    TopicEntry.objects.create(slug="Hair", name="Hair", event=1)

    fold()

    assert sorted(Facet.objects.values_list("name", "value")) == [("code", "mesh|D1"), ("topic", "hair")]
    assert list(TopicEntry.objects.values_list("slug", "name")) == [("hair", "Hair, the later name")]

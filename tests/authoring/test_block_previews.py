"""The block picker's previews: each section kind shows itself as readers would get it, and says what it is for."""

import pytest
from django.urls import reverse

from articles.authoring.blocks.article import ArticleBody
from articles.authoring.models import ArticlePage
from tests.factories import make_user

BLOCKS = ArticlePage.body.field.stream_block.child_blocks


@pytest.mark.parametrize("kind", BLOCKS)
def test_each_section_kind_has_a_preview_of_its_own_rendering(client, db, kind):
    client.force_login(make_user("author", "Authors"))

    answer = client.get(reverse("wagtailadmin_block_preview"), {"id": BLOCKS[kind].definition_prefix})

    assert answer.status_code == 200
    assert f'class="section section-{kind.replace("_", "-")}"' in answer.content.decode()


@pytest.mark.parametrize("kind", ArticleBody.base_blocks)
def test_each_section_kind_has_a_label_an_icon_a_group_and_help_that_teaches(kind):
    block = BLOCKS[kind]

    assert block.label
    assert block.meta.icon != "placeholder"
    assert block.meta.group
    assert len(block.meta.description) > 30

"""How the sections of an article stand in the editor: a long article opens with its sections closed."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockAdapter

from articles.authoring.blocks.article import MOST_OPEN, ArticleBody


class ArticleBodyAdapter(StreamBlockAdapter):
    """`mostOpen`: with more sections than that, they open closed (cms/blocks/sections.js)."""

    js_constructor = "vetted.ArticleBody"

    def js_args(self, block: ArticleBody) -> list[Any]:
        *args, meta = super().js_args(block)
        return [*args, meta | {"mostOpen": MOST_OPEN}]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["cms/blocks/sections.js"])


register(ArticleBodyAdapter(), ArticleBody)

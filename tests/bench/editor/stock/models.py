"""A page with the blocks of our articles, in Wagtail's own classes, as tests.bench.editor.article describes them."""

import json
import os
from pathlib import Path

from django.db import models
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

NAMES = {"articles.Source": "stock.Source", "articles.Offer": "stock.Source"}
DESCRIBED = json.loads(Path(os.environ["STOCK_BLOCKS"]).read_text())


def stream(name: str) -> StreamField:
    blocks, lookup = DESCRIBED["streams"][name]
    return StreamField(blocks, block_lookup={int(at): _named(row) for at, row in lookup.items()}, blank=True)


def _named(row: list) -> tuple:
    path, arguments, options = row
    return path, [NAMES.get(each, each) if isinstance(each, str) else each for each in arguments], options


@register_snippet
class Source(models.Model):
    title = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.title


class StockPage(Page):
    summary = models.TextField(max_length=300, blank=True)
    synonyms = models.TextField(blank=True)
    sponsorship = models.TextField(max_length=600, blank=True)
    codes, substances, body = stream("codes"), stream("substances"), stream("body")

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("synonyms"), FieldPanel("body")]
    facts_panels = [FieldPanel("codes"), FieldPanel("substances"), FieldPanel("sponsorship")]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading="Article"),
            ObjectList(facts_panels, heading="Facts"),
            ObjectList(Page.promote_panels, heading="Promote"),
            ObjectList(Page.settings_panels, heading="Settings"),
        ]
    )

"""The list of sources."""

from wagtail.blocks import ListBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from articles.authoring.blocks.base import SectionBlock, section_heading, section_text


class SourcesBlock(SectionBlock):
    """Shows the whole reference list, cited ones first; `items` are listed though not cited.
    Wire kind: `sources`."""

    heading = section_heading("For example “Sources”.")
    text = section_text("Usually empty. You can say how the sources were chosen.")

    items = ListBlock(
        SnippetChooserBlock("articles.Source", label="Source"),
        required=False,
        default=[],
        label="Further reading",
        help_text="Cited sources are listed automatically. Add sources here that you recommend but do not cite.",
    )

    class Meta:
        icon = "openquote"
        label = "Sources"
        description = "The reference list: everything cited, in order, then further reading."
        preview_value = {"heading": "Sources", "text": "", "items": []}

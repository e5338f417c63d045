"""What every section has: a heading and rich text. Kinds differ in their other fields."""

from wagtail.blocks import CharBlock, RichTextBlock, StructBlock

from articles.authoring.rich_text.features import SECTION_FEATURES

PREVIEW_TEMPLATE = "articles/block_preview.html"


class SectionBlock(StructBlock):
    """A typed part of an article. Its name in ArticleBody is its wire kind."""

    heading = CharBlock(
        max_length=200,
        required=False,
        help_text="What a reader would ask or look for, for example “What causes scalp inflammation?”",
    )
    text = RichTextBlock(
        features=SECTION_FEATURES,
        required=False,
        help_text="Use plain words and short paragraphs. Cite a source for each claim.",
    )

    class Meta:
        preview_template = PREVIEW_TEMPLATE

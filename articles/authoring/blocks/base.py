"""What every section has: a heading and rich text. Kinds differ in their help and in their other fields."""

from wagtail.blocks import CharBlock, RichTextBlock, StructBlock

from articles.authoring.rich_text.features import SECTION_FEATURES

PREVIEW_TEMPLATE = "articles/block_preview.html"


def section_heading(help_text: str) -> CharBlock:
    return CharBlock(max_length=200, required=False, help_text=help_text)


def section_text(help_text: str) -> RichTextBlock:
    return RichTextBlock(features=SECTION_FEATURES, required=False, help_text=help_text)


class SectionBlock(StructBlock):
    """A typed part of an article. Its name in ArticleBody is its wire kind. Each kind has help of its own for both."""

    heading = section_heading("")
    text = section_text("")

    class Meta:
        preview_template = PREVIEW_TEMPLATE

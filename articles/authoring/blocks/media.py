"""Pictures and tables."""

from wagtail.blocks import CharBlock, StructBlock
from wagtail.contrib.table_block.blocks import TableBlock as TableFieldBlock
from wagtail.images.blocks import ImageChooserBlock

from articles.authoring.blocks.base import SectionBlock


class ImageWithAltBlock(StructBlock):
    """A picture with words for those who cannot see it."""

    image = ImageChooserBlock(required=False)
    alt = CharBlock(
        max_length=255,
        required=False,
        label="Alternative text",
        help_text="Describe the picture for people who cannot see it.",
    )
    caption = CharBlock(max_length=400, required=False)
    credit = CharBlock(
        max_length=255, required=False, help_text="Whose picture it is. Readers see it beside the picture."
    )

    class Meta:
        icon = "image"
        label = "Picture"


class FigureBlock(SectionBlock):
    """A picture of its own. Wire kind: `figure`."""

    figure = ImageWithAltBlock(label="Picture")

    class Meta:
        icon = "image"
        label = "Figure"
        description = "A picture that carries information: a drawing, a photo, a chart."
        preview_value = {
            "heading": "A hair follicle",
            "text": "<p>The picture appears here, with its caption and credit.</p>",
            "figure": {},
        }


class TableBlock(SectionBlock):
    """Rows and columns. Wire kind: `table`."""

    table = TableFieldBlock(
        required=False,
        help_text="Give the table a caption and mark its header row or column for screen readers.",
    )

    class Meta:
        icon = "table"
        label = "Table"
        description = "Numbers side by side. Use prose for only two or three facts."
        preview_value = {
            "heading": "How often",
            "text": "",
            "table": {
                "data": [["Effect", "Cream", "Tablets"], ["Irritation", "Common", "Rare"]],
                "first_row_is_table_header": True,
                "first_col_is_header": True,
                "table_caption": "Side effects by route",
            },
        }

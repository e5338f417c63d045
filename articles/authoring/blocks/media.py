"""Pictures and tables."""

from wagtail.blocks import BooleanBlock, CharBlock, StructBlock
from wagtail.contrib.table_block.blocks import TableBlock as TableFieldBlock
from wagtail.images.blocks import ImageChooserBlock

from articles.authoring.blocks.base import SectionBlock, section_heading, section_text

DECORATIVE = "Tick this if readers miss nothing without it. Screen readers then skip it, and it needs no description."


class ImageWithAltBlock(StructBlock):
    """A picture with words for those who cannot see it."""

    image = ImageChooserBlock(required=False)
    decorative = BooleanBlock(required=False, label="The picture is decorative", help_text=DECORATIVE)
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
        label_format = "{alt}"  # without it, the first field that says something: “No” of “decorative”


class FigureBlock(SectionBlock):
    """A picture of its own. Wire kind: `figure`."""

    heading = section_heading("Leave empty if the caption says what the picture shows.")
    text = section_text("Say what readers can learn from the picture.")

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

    heading = section_heading("What the table answers, for example “How often do side effects happen?”")
    text = section_text("Say in a sentence what to read from the table.")

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

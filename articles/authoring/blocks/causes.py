"""Why it happens."""

from wagtail.blocks import CharBlock, ListBlock, StructBlock, TextBlock

from articles.authoring.blocks.base import SectionBlock, section_heading, section_text
from articles.authoring.blocks.citations import citations
from articles.authoring.blocks.codes import CodeBlock


class CauseBlock(StructBlock):
    name = CharBlock(max_length=200, help_text="For example dandruff.")
    text = TextBlock(max_length=2000, required=False, help_text="How this cause leads to what the article is about.")
    codes = ListBlock(CodeBlock(), required=False, default=[], label="Codes")
    citations = citations()

    class Meta:
        icon = "list-ul"
        label = "Cause"
        label_format = "{name}"


class CausesBlock(SectionBlock):
    """What may be behind it. Wire kind: `causes`."""

    heading = section_heading("For example “What causes scalp inflammation?”")
    text = section_text("Say in a sentence or two what the causes have in common. List each cause below.")

    items = ListBlock(
        CauseBlock(), required=False, default=[], label="Causes", help_text="List the most common cause first."
    )

    class Meta:
        icon = "list-ul"
        label = "Causes"
        description = "Possible causes, the most common first."
        preview_value = {
            "heading": "What causes an inflamed scalp?",
            "text": "<p>Several conditions can.</p>",
            "items": [
                {
                    "name": "Dandruff",
                    "text": "A yeast on the skin irritates it.",
                    "codes": [],
                    "citations": [],
                }
            ],
        }

"""When to seek help."""

from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, TextBlock

from articles.authoring.blocks.base import SectionBlock, section_heading, section_text
from articles.record.vocabulary import HelpLevel


class SeekHelpBlock(SectionBlock):
    """Signs and what to do about them. Every client must show it. Wire kind: `seek-help`."""

    heading = section_heading("For example “When to seek help”.")
    text = section_text("Usually empty. Put the signs, and what to do about them, into the fields below.")

    level = ChoiceBlock(
        choices=HelpLevel.choices,
        required=False,
        help_text="How quickly readers should act. Use a separate section for each level.",
    )
    signs = ListBlock(CharBlock(max_length=300, label="Sign"), required=False, default=[], label="Signs")
    action = TextBlock(max_length=600, required=False, label="What to do", help_text="Say whom to call or where to go.")

    class Meta:
        icon = "bell"
        label = "When to seek help"
        description = "Signs that need medical help, how soon, and what to do."
        preview_value = {
            "heading": "When to seek help",
            "text": "",
            "level": "urgent",
            "signs": ["The redness spreads quickly"],
            "action": "See a clinician the same day.",
        }

"""A slot for an offer."""

from django.forms import CheckboxSelectMultiple
from wagtail.blocks import MultipleChoiceBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from articles.authoring.blocks.base import SectionBlock, section_heading, section_text
from articles.record.vocabulary import Purpose


class CtaBlock(SectionBlock):
    """Where an offer may stand. Clinicians sign the slot and what it is for; editors choose the offer.
    Wire kind: `cta`."""

    heading = section_heading("Usually empty: the offer has a button of its own.")
    text = section_text("One sentence that leads to the offer, for example “Would you like to talk it through?”")

    purposes = MultipleChoiceBlock(
        choices=Purpose.choices,
        required=False,
        widget=CheckboxSelectMultiple,
        help_text="The kinds of offer that may appear here. The clinician signs this choice.",
    )
    offer = SnippetChooserBlock(
        "articles.Offer",
        required=False,
        help_text="Offers are signed separately. Choosing another offer is not a medical change.",
    )

    class Meta:
        icon = "pick"
        label = "Call to action"
        description = "A place for an offer, such as a consultation, a service, a product or a newsletter."
        preview_value = {
            "heading": "",
            "text": "<p>Would you like to talk it through?</p>",
            "purposes": ["consultation"],
            "offer": None,
        }

"""Who may be harmed, how often and how badly."""

from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock, TextBlock

from articles.authoring.blocks.base import SectionBlock, section_heading, section_text
from articles.authoring.blocks.citations import citations
from articles.record.vocabulary import CautionLevel, Frequency, Route, Severity


class AdverseEffectBlock(StructBlock):
    """Frequency in the bands of the SmPC guideline. Source: SmPC guideline rev. 2, section 4.8."""

    name = CharBlock(max_length=200, help_text="For example mouth ulcers.")
    frequency = ChoiceBlock(
        choices=Frequency.choices,
        required=False,
        help_text="Take it from the product label or a trial. If neither states it, choose “Frequency not known”.",
    )
    severity = ChoiceBlock(
        choices=Severity.choices,
        required=False,
        help_text="How badly it harms those who have it. Leave empty if your source does not say.",
    )
    route = ChoiceBlock(
        choices=Route.choices,
        required=False,
        help_text="How the medicine is taken when this happens. Leave empty if nothing is taken.",
    )
    citations = citations()

    class Meta:
        icon = "warning"
        label = "Effect"
        label_format = "{name}"


class CautionBlock(StructBlock):
    group = CharBlock(max_length=200, help_text="Who must be careful, for example people who are pregnant.")
    level = ChoiceBlock(
        choices=CautionLevel.choices,
        required=False,
        help_text="Whether this group must not take it at all, or should ask first.",
    )
    advice = TextBlock(max_length=600, required=False, help_text="What to do instead, or whom to ask.")
    citations = citations()

    class Meta:
        icon = "user"
        label = "Caution"
        label_format = "{group}"


class InteractionBlock(StructBlock):
    name = CharBlock(max_length=200, help_text="What it interacts with, for example grapefruit or ciclosporin.")
    advice = TextBlock(max_length=600, required=False, help_text="What happens, and what to do.")
    citations = citations()

    class Meta:
        icon = "link"
        label = "Interaction"
        label_format = "{name}"


class RisksBlock(SectionBlock):
    """Side effects, cautions and interactions. Every client must show it. Wire kind: `risks`."""

    heading = section_heading("For example “What are the risks?”")
    text = section_text(
        "Say what every reader must know first. List side effects, cautions and interactions in the fields below."
    )

    effects = ListBlock(
        AdverseEffectBlock(),
        required=False,
        default=[],
        label="Side effects",
        help_text="Within each frequency, list the most serious first.",
    )
    cautions = ListBlock(CautionBlock(), required=False, default=[], label="Cautions")
    interactions = ListBlock(InteractionBlock(), required=False, default=[], label="Interactions")

    class Meta:
        icon = "warning"
        label = "Risks"
        description = "Side effects and how often they happen, who must be careful, and interactions."
        preview_value = {
            "heading": "Risks",
            "text": "",
            "effects": [
                {
                    "name": "Mouth ulcers",
                    "frequency": "very-common",
                    "severity": "mild",
                    "route": "oral",
                    "citations": [],
                }
            ],
            "cautions": [{"group": "Pregnancy", "level": "avoid", "advice": "", "citations": []}],
            "interactions": [],
        }

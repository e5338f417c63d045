"""Who may be harmed, how often and how badly."""

from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock, TextBlock

from articles.authoring.blocks.base import SectionBlock
from articles.authoring.blocks.citations import citations
from articles.record.vocabulary import CautionLevel, Frequency, Route, Severity


class AdverseEffectBlock(StructBlock):
    """Frequency in the bands of the SmPC guideline. Source: SmPC guideline rev. 2, section 4.8."""

    name = CharBlock(max_length=200, help_text="For example mouth ulcers.")
    frequency = ChoiceBlock(
        choices=Frequency.choices,
        default=Frequency.NOT_KNOWN,
        help_text="Take it from the product label or a trial. If neither states it, choose “Frequency not known”.",
    )
    severity = ChoiceBlock(choices=Severity.choices, required=False)
    route = ChoiceBlock(
        choices=Route.choices,
        required=False,
        help_text="How the medicine is taken when this happens. Leave empty if nothing is taken.",
    )
    citations = citations()

    class Meta:
        icon = "warning"
        label_format = "{name}: {frequency}"


class CautionBlock(StructBlock):
    group = CharBlock(max_length=200, help_text="Who must be careful, for example people who are pregnant.")
    level = ChoiceBlock(choices=CautionLevel.choices, default=CautionLevel.SEEK_ADVICE)
    advice = TextBlock(max_length=600, required=False, help_text="What to do instead, or whom to ask.")
    citations = citations()

    class Meta:
        icon = "user"
        label_format = "{group}: {level}"


class InteractionBlock(StructBlock):
    name = CharBlock(max_length=200, help_text="What it interacts with, for example grapefruit or ciclosporin.")
    advice = TextBlock(max_length=600, required=False, help_text="What happens, and what to do.")
    citations = citations()

    class Meta:
        icon = "link"
        label_format = "{name}"


class RisksBlock(SectionBlock):
    """Side effects, cautions and interactions. Every client must show it. Wire kind: `risks`."""

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

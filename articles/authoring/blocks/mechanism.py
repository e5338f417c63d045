"""How it works in the body."""

from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock

from articles.authoring.blocks.base import SectionBlock, section_heading, section_text
from articles.authoring.blocks.citations import citations
from articles.authoring.blocks.media import ImageWithAltBlock
from articles.record.vocabulary import MechanismAction


class StepBlock(StructBlock):
    target = CharBlock(max_length=120, help_text="What it acts on, for example mTOR.")
    action = ChoiceBlock(choices=MechanismAction.choices, required=False, help_text="What it does to the target.")
    outcome = CharBlock(max_length=400, required=False, help_text="What happens as a result, in plain words.")
    citations = citations()

    class Meta:
        icon = "arrow-right"
        label = "Step"
        label_format = "{target}"


class MechanismBlock(SectionBlock):
    """How a treatment or disease works, step by step. Wire kind: `mechanism`."""

    heading = section_heading("For example “How does it work?”")
    text = section_text(
        "Give the idea in plain words, and list the steps below. That it acts on cells does not show that it helps."
    )

    steps = ListBlock(
        StepBlock(),
        required=False,
        default=[],
        label="Steps",
        help_text="List the steps in the order in which they happen.",
    )
    figure = ImageWithAltBlock(required=False, help_text="A drawing of the steps, if there is one.")

    class Meta:
        icon = "cogs"
        label = "Mechanism"
        description = "How it works in the body, step by step. A mechanism does not prove a benefit."
        preview_value = {
            "heading": "How does it work?",
            "text": "",
            "steps": [
                {
                    "target": "mTOR",
                    "action": "inhibits",
                    "outcome": "Immune cells are calmed.",
                    "citations": [],
                }
            ],
            "figure": {},
        }

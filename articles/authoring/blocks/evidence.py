"""What studies found, and how sure we are."""

from wagtail.blocks import CharBlock, ChoiceBlock, IntegerBlock, ListBlock, StructBlock, TextBlock

from articles.authoring.blocks.base import SectionBlock, section_heading, section_text
from articles.authoring.blocks.citations import citations
from articles.record.vocabulary import Certainty, CertaintyBasis, Subjects


class FindingBlock(StructBlock):
    """One thing that studies found. GRADE rates the body of evidence for it, never a single paper."""

    statement = TextBlock(max_length=600, help_text="State one finding in one sentence that readers understand.")
    subjects = ChoiceBlock(
        choices=Subjects.choices,
        required=False,
        help_text="Who or what was studied. What works in cells may not work in people.",
    )
    population = CharBlock(
        max_length=255, required=False, help_text="Who was studied, for example adults with lichen planopilaris."
    )
    sample_size = IntegerBlock(
        required=False, min_value=1, help_text="How many people, animals or samples were studied."
    )
    effect = TextBlock(max_length=600, required=False, help_text="How large the effect was, in plain words.")
    comparator = CharBlock(
        max_length=255, required=False, help_text="What it was compared with, for example placebo or usual care."
    )
    absolute = CharBlock(
        max_length=255,
        required=False,
        label="Absolute numbers",
        help_text="For example 12 of 100 instead of 20 of 100. Do not give relative numbers alone.",
    )
    certainty = ChoiceBlock(
        choices=Certainty.choices,
        required=False,
        default=Certainty.NOT_ASSESSED,
        help_text="The GRADE rating of this outcome across all studies, or “Certainty not assessed” if there is none.",
    )
    certainty_basis = ChoiceBlock(
        choices=CertaintyBasis.choices,
        required=False,
        help_text="Whether the rating is quoted from a review or guideline that you cite, or is our own judgment.",
    )
    citations = citations()

    class Meta:
        icon = "view"
        label = "Finding"
        label_format = "{statement}"


class EvidenceBlock(SectionBlock):
    """Findings with their certainty and sources. Wire kind: `evidence`."""

    heading = section_heading("For example “Does it help?”")
    text = section_text(
        "Say how many studies there are and how good they are. List each result below, with its source."
    )

    findings = ListBlock(FindingBlock(), required=False, default=[], label="Findings")

    class Meta:
        icon = "view"
        label = "Evidence"
        description = "What studies found, in whom and how certain it is. Each finding names its source."
        preview_value = {
            "heading": "Does it help?",
            "text": "",
            "findings": [
                {
                    "statement": "A cream reduced inflammation in a small group.",
                    "subjects": "people",
                    "population": "adults",
                    "sample_size": 12,
                    "effect": "",
                    "comparator": "",
                    "absolute": "",
                    "certainty": "very-low",
                    "certainty_basis": "our-judgement",
                    "citations": [],
                }
            ],
        }

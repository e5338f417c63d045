"""What studies found, and how sure we are."""

from wagtail.blocks import CharBlock, ChoiceBlock, IntegerBlock, ListBlock, StructBlock, TextBlock

from articles.authoring.blocks.base import SectionBlock
from articles.authoring.blocks.citations import citations
from articles.record.vocabulary import Certainty, CertaintyBasis, Subjects


class FindingBlock(StructBlock):
    """One thing that studies found. GRADE rates the body of evidence for it, never a single paper."""

    statement = TextBlock(max_length=600, help_text="One finding in one sentence, as a reader would understand it.")
    subjects = ChoiceBlock(
        choices=Subjects.choices,
        default=Subjects.PEOPLE,
        help_text="What worked in cells may not work in people.",
    )
    population = CharBlock(
        max_length=255, required=False, help_text="Who was studied: adults with lichen planopilaris."
    )
    sample_size = IntegerBlock(required=False, min_value=1, help_text="How many were studied.")
    effect = TextBlock(max_length=600, required=False, help_text="How large the effect was, in plain words.")
    comparator = CharBlock(max_length=255, required=False, help_text="Against what: placebo, usual care.")
    absolute = CharBlock(
        max_length=255,
        required=False,
        help_text="Absolute numbers: 12 of 100 instead of 20 of 100. Never relative alone.",
    )
    certainty = ChoiceBlock(
        choices=Certainty.choices,
        default=Certainty.NOT_ASSESSED,
        help_text="GRADE, for this outcome over all studies. Not assessed is an honest answer.",
    )
    certainty_basis = ChoiceBlock(
        choices=CertaintyBasis.choices,
        required=False,
        help_text="Quoted from a review or guideline that you cite, or our own judgement.",
    )
    citations = citations()

    class Meta:
        icon = "view"
        label_format = "{statement}"


class EvidenceBlock(SectionBlock):
    """Findings with their certainty and sources. Wire kind: `evidence`."""

    findings = ListBlock(FindingBlock(), required=False, default=[], label="Findings")

    class Meta:
        icon = "view"
        label = "Evidence"
        description = "What studies found, in whom, how certain it is, each finding with its source."
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

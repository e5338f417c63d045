"""Sections that are running text: introduction, prose, conclusion, questions and answers."""

from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, RichTextBlock, StructBlock

from articles.authoring.blocks.base import SectionBlock
from articles.authoring.rich_text.features import ANSWER_FEATURES
from articles.record.vocabulary import Aspect


class IntroductionBlock(SectionBlock):
    """What this is about and for whom. Wire kind: `introduction`."""

    class Meta:
        icon = "pilcrow"
        label = "Introduction"
        description = "What this is about, for whom, and the main message in two or three sentences."
        preview_value = {
            "heading": "",
            "text": "<p>An itchy, flaky scalp is common and rarely dangerous. Most causes can be treated.</p>",
        }


class ProseBlock(SectionBlock):
    """Running text under one aspect, such as symptoms or treatment. Wire kind: `prose`."""

    aspect = ChoiceBlock(
        choices=Aspect.choices,
        default=Aspect.OTHER,
        help_text="What the text is about. Apps can request the text on one aspect by itself.",
    )

    class Meta:
        icon = "doc-full"
        label = "Prose"
        description = "Running text about one aspect: symptoms, diagnosis, treatment, living with it…"
        preview_value = {
            "heading": "How is it diagnosed?",
            "text": "<p>A clinician looks at the scalp. A sample of skin is rarely needed.</p>",
            "aspect": "diagnosis",
        }


class ConclusionBlock(SectionBlock):
    """What to remember. Wire kind: `conclusion`."""

    class Meta:
        icon = "circle-check"
        label = "Conclusion"
        description = "What to remember. It adds nothing new and is no stronger than the evidence above."
        preview_value = {
            "heading": "In short",
            "text": "<p>The first results are promising; they are few.</p>",
        }


class QuestionBlock(StructBlock):
    question = CharBlock(max_length=300, help_text="As a reader would ask it.")
    answer = RichTextBlock(features=ANSWER_FEATURES, help_text="Give the answer first, then the reason.")

    class Meta:
        icon = "help"
        label_format = "{question}"


class FaqBlock(SectionBlock):
    """Questions and answers. Wire kind: `faq`."""

    items = ListBlock(QuestionBlock(), required=False, default=[], label="Questions")

    class Meta:
        icon = "help"
        label = "Questions and answers"
        description = "Short answers to what readers ask most."
        preview_value = {
            "heading": "Questions people ask",
            "text": "",
            "items": [{"question": "Is it contagious?", "answer": "<p>No.</p>"}],
        }

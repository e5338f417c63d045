"""Sections that are running text: introduction, prose, conclusion, questions and answers."""

from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, RichTextBlock, StructBlock

from articles.authoring.blocks.base import SectionBlock, section_heading, section_text
from articles.authoring.rich_text.features import ANSWER_FEATURES
from articles.record.vocabulary import Aspect


class IntroductionBlock(SectionBlock):
    """What this is about and for whom. Wire kind: `introduction`."""

    heading = section_heading("Leave empty: the title stands right above.")
    text = section_text("Say in two or three sentences what this is about, for whom, and the main message.")

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

    heading = section_heading("What a reader would ask or look for, for example “How is it diagnosed?”")
    text = section_text(
        "Keep to one aspect, in plain words and short paragraphs. Cite a source behind each claim: type /cit."
    )

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

    heading = section_heading("For example “In short”.")
    text = section_text("Say what readers should remember, no more strongly than the evidence above. Add nothing new.")

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
        label = "Question"
        label_format = "{question}"


class FaqBlock(SectionBlock):
    """Questions and answers. Wire kind: `faq`."""

    heading = section_heading("For example “Questions people ask”.")
    text = section_text("Usually empty: the questions and answers below say it all.")

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

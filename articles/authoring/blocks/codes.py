"""Codes and substances: what an article is about, in the terms that other systems understand."""

from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock

from articles.record.vocabulary import CodeSystem, RegulatoryStatus


class CodeBlock(StructBlock):
    """One code of a public terminology, with its meaning in words."""

    display = CharBlock(
        max_length=255,
        required=False,
        label="Name of the code",
        help_text="The name in the terminology, by which editors and reviewers check the code. Start typing a name or "
        "a code, and choose from the code lists that are loaded.",
    )
    system = ChoiceBlock(choices=CodeSystem.choices, label="Terminology")
    code = CharBlock(max_length=32, help_text="The code as the terminology writes it, for example L65.9.")

    class Meta:
        icon = "tag"
        label = "Code"
        label_format = "{display}"


class MarketStatusBlock(StructBlock):
    market = CharBlock(max_length=2, help_text="Two-letter country code, for example US.")
    status = ChoiceBlock(choices=RegulatoryStatus.choices)

    class Meta:
        label = "Market"
        label_format = "{market}"


class SubstanceBlock(StructBlock):
    """A medicine or supplement that the article is about, and how it may be sold where."""

    name = CharBlock(
        max_length=255,
        help_text="The generic name, for example sirolimus. Start typing, and choose from the code lists that are "
        "loaded.",
    )
    system = ChoiceBlock(choices=CodeSystem.choices, required=False, label="Terminology")
    code = CharBlock(
        max_length=32, required=False, help_text="The code in that terminology, for example 35302 in RxNorm."
    )
    status = ListBlock(
        MarketStatusBlock(),
        required=False,
        default=[],
        label="Regulatory status",
        help_text="The status for the use that this article describes. A licensed medicine may be off-label here.",
    )

    class Meta:
        icon = "tag"
        label_format = "{name}"

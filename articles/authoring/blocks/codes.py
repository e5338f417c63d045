"""Codes and substances: what an article is about, in the terms that other systems understand."""

from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock

from articles.record.vocabulary import CodeSystem, RegulatoryStatus


class CodeBlock(StructBlock):
    """One code of a public terminology, with its meaning in words."""

    system = ChoiceBlock(choices=CodeSystem.choices, default=CodeSystem.ICD_10_CM)
    code = CharBlock(max_length=32, help_text="As the terminology writes it: L65.9")
    display = CharBlock(max_length=255, required=False, help_text="The words of the code, so that people can check it.")

    class Meta:
        icon = "tag"
        label_format = "{system} {code} {display}"


class MarketStatusBlock(StructBlock):
    market = CharBlock(max_length=2, help_text="Two letters, for example US.")
    status = ChoiceBlock(choices=RegulatoryStatus.choices)

    class Meta:
        label_format = "{market}: {status}"


class SubstanceBlock(StructBlock):
    """A medicine or supplement that the article is about, and how it may be sold where."""

    name = CharBlock(max_length=255, help_text="The generic name: sirolimus.")
    system = ChoiceBlock(choices=CodeSystem.choices, required=False)
    code = CharBlock(max_length=32, required=False, help_text="For example RxNorm 35302.")
    status = ListBlock(
        MarketStatusBlock(),
        required=False,
        default=[],
        help_text="For the use that this article describes: a licensed medicine may be off-label here.",
    )

    class Meta:
        icon = "tag"
        label_format = "{name}"

"""A citation: which source carries this claim, how well, and where in it."""

from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock, TextBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from articles.authoring.rich_text.features import LONGEST
from articles.record.vocabulary import Support


class CitationBlock(StructBlock):
    source = SnippetChooserBlock(
        "articles.Source",
        required=False,
        help_text="The work that supports this claim. Each work is listed once, however often you cite it.",
    )
    support = ChoiceBlock(
        choices=Support.choices,
        required=False,
        help_text="Direct: the source studied exactly this. Indirect: it studied other people, another dose or another "
        "outcome. Background: it only gives context.",
    )
    locator = CharBlock(
        max_length=LONGEST["locator"], required=False, help_text="Where in the source, for example p. 3, table 2."
    )
    quote = TextBlock(
        max_length=LONGEST["quote"],
        required=False,
        help_text="The sentence in the source that supports the claim. Reviewers see it beside the claim.",
    )

    class Meta:
        icon = "openquote"
        label = "Citation"
        label_format = "{source}"


class CitationList(ListBlock):
    """Stored as any list; the editor has a dialog for it (admin/editor/citing.py)."""

    canonical_module_path = "wagtail.blocks.ListBlock"  # in migrations


def citations(**options) -> ListBlock:
    """The citations field of a claim; empty at first, since a draft may be half-written."""
    return CitationList(CitationBlock(), required=False, default=[], label="Citations", **options)

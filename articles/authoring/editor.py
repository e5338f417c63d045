"""Draftail as this house mounts it: what is posted and is no content state answers 400, and nothing is saved."""

from html import escape

from django.core.exceptions import BadRequest
from draftjs_exporter.error import ExporterException
from wagtail.admin.rich_text import DraftailRichTextArea

# What json and draftjs_exporter raise at content that no editor sends.
MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, ExporterException)


class Editor(DraftailRichTextArea):
    def format_value(self, value):
        """Stored markup that nobody could have typed here shows as the text that it is: no word is lost, none runs."""
        try:
            return super().format_value(value)
        except (AssertionError, *MALFORMED):
            return super().format_value(f"<p>{escape(str(value))}</p>")

    def value_from_datadict(self, data, files, name):
        try:
            html = super().value_from_datadict(data, files, name)
            (html or "").encode()
        except MALFORMED as error:
            raise BadRequest(
                f"The rich text of the field {name[:80]} is not in the form that the editor sends. Load the page again."
            ) from error
        return html

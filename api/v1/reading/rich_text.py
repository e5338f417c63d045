"""The parameter that chooses the form of rich text. HTML and Portable Text are stored; Markdown is made on request."""

from api.protocol.parameters import Parameter
from articles.record.delivery.forms import FORMS, HTML

RICH_TEXT_PARAMETER = Parameter(
    "rich_text",
    "The form of rich text: HTML, Portable Text (portabletext.org) or Markdown (CommonMark). `html` of a section "
    "is always HTML. Portable Text comes with all signed values unaltered, so that the digests can be computed.",
    choices=FORMS,
    default=HTML,
)

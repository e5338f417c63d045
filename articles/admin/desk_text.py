"""The text on the sign-off page: as readers would get it, and beside each section what it rests on."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from articles.admin.reading import Reading, read_draft
from articles.admin.rests_on import claims_of
from articles.record.portable_text import to_html
from articles.record.section_media import offer_html
from articles.record.vocabulary import DocumentKind
from articles.review.subjects import MEDICAL, Subject, Target


def read(target: Target, subject: Subject, can_suggest: bool) -> Reading:
    """As readers would get it; below or beside each section stands what it rests on."""
    assert subject.draft is not None
    reading = read_draft(subject.draft, subject.documents)
    medical = subject.documents[MEDICAL].value
    references = {row["number"]: row for row in medical["references"]}
    for shown, signed in zip(reading.article["content"]["sections"], medical["sections"], strict=True):
        said = {"section": signed, "claims": claims_of(signed, references), "pk": target.pk, "can_suggest": can_suggest}
        shown["html"] = render_to_string("admin/_rests_on.html", said | {"html": mark_safe(shown["html"])})
    return reading


def component_html(subject: Subject) -> SafeString:
    """A component as it stands in articles; both renderers escape."""
    if subject.draft:
        return SafeString("")
    value = subject.documents[subject.kind].value
    html = offer_html(value) if subject.kind == DocumentKind.OFFER else to_html(value["text"], address=lambda _: None)
    return mark_safe(html)

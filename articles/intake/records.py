"""The sources and offers to which a draft refers: existing rows if there are any, otherwise new ones."""

from django.db.models import QuerySet

from articles.authoring.components import Offer
from articles.intake.outline import Call, Part, Reference
from articles.sources.models import Source, SourceType

MAX_OFFER_TEXT = 600


def get_source(reference: Reference) -> Source:
    """The source that the line names, by identifier, else by title and publisher; created if there is none."""
    found = next(filter(None, (matches.first() for matches in _matches(reference))), None)
    return found.kept if found else _make_source(reference)


def _matches(reference: Reference) -> list[QuerySet[Source]]:
    by_identifier = [
        Source.objects.filter(**{name: getattr(reference, name)}).order_by("pk")
        for name in ("doi", "pmid", "pmcid", "url")
        if getattr(reference, name)
    ]
    named = Source.objects.filter(title=_title(reference), publisher=reference.publisher).order_by("pk")
    return [*by_identifier, named.filter(doi__in=("", reference.doi)) if reference.doi else named]


def _make_source(reference: Reference) -> Source:
    has_page_only = reference.url and not (reference.doi or reference.pmid or reference.pmcid)
    return Source.objects.create(
        csl_type=SourceType.WEBPAGE if has_page_only else SourceType.ARTICLE_JOURNAL,
        title=_title(reference),
        publisher=reference.publisher[:500],
        doi=reference.doi[:255],
        pmid=reference.pmid,
        pmcid=reference.pmcid,
        url=reference.url if len(reference.url) <= 1000 else "",
    )


def _title(reference: Reference) -> str:
    """At most 1000 characters; the whole line stays in the article's provenance."""
    return reference.title if len(reference.title) <= 1000 else reference.title[:999] + "…"


def get_offer(part: Part) -> Offer:
    """The unsigned offer of a call to action; an existing offer with the same words is reused."""
    call = part.call
    assert call is not None
    return Offer.objects.filter(text=offer_text(part), label=call.label, target=call.target).first() or _make_offer(
        part, call
    )


def _make_offer(part: Part, call: Call) -> Offer:
    return Offer.objects.create(
        name=(call.label or part.text or part.heading)[:255],
        purpose=call.purpose,
        label=call.label,
        target_type=call.target_type,
        target=call.target,
        text=offer_text(part),
    )


def offer_text(part: Part) -> str:
    """The words of the call, if they are short enough for an offer; otherwise they stay in the slot."""
    return part.text if len(part.text) <= MAX_OFFER_TEXT else ""

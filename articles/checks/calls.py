"""Does each call to action lead somewhere, openly? Slots and the offers that stand in them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from articles.checks import components
from articles.checks.content import says
from articles.checks.finding import Finding, Severity
from articles.checks.places import chosen, field, name_of, path_of
from articles.document.draft import Draft, OfferData, Section
from articles.record.delivery.content.slots import fits_scope
from articles.record.vocabulary import Purpose, SectionKind


def slot_without_offer(draft: Draft) -> Iterator[Finding]:
    """A call that leads nowhere: no offer is chosen, or it was deleted. A slot in which nothing was written or chosen
    is in no document. Source: design, section 4 (cta)."""
    for section in draft.of_kind(SectionKind.CTA):
        if chosen(section, "offer", draft.offers) is None and says(section.value):
            message = f"Choose an offer for {name_of(section)}, or remove the section."
            yield Finding(Severity.BLOCKING, path_of(section, "offer"), message)


def offer_without_label(draft: Draft) -> Iterator[Finding]:
    """A button without words. Source: WCAG 2.2, success criterion 2.4.4 (link purpose)."""
    yield from _in_slots(components.offer_without_label, draft)


def offer_without_target(draft: Draft) -> Iterator[Finding]:
    """A button that leads nowhere. Source: design, section 4 (cta)."""
    yield from _in_slots(components.offer_without_target, draft)


def prescription_offer_without_disclosure(draft: Draft) -> Iterator[Finding]:
    """A prescription product, and nobody says who earns. Source: HONcode 7 (financial disclosure), 8 (advertising)."""
    yield from _in_slots(components.prescription_offer_without_disclosure, draft)


def offer_outside_purposes(draft: Draft) -> Iterator[Finding]:
    """An offer of a purpose that the clinician does not sign for this slot: readers would not get it.
    Source: design, section 4 (which purposes of offer may stand here)."""
    for section, offer in _offers(draft):
        purposes = field(section, "purposes")
        if offer.purpose not in (purposes if isinstance(purposes, list) else []):
            yield Finding(Severity.BLOCKING, path_of(section, "purposes"), _purpose_message(section, offer))


def offer_outside_scope(draft: Draft) -> Iterator[Finding]:
    """An offer that may not stand beside an article with these codes and substances: readers would not get it.
    Source: design, section 4 (the scope that it may stand beside)."""
    for section, offer in _offers(draft):
        if not fits_scope(offer.scope, codes=draft.codes, substances=draft.substances):
            message = (
                f"Choose another offer for {name_of(section)}. “{offer.name}” may not appear in this article, because "
                "its codes, regulatory statuses or markets do not match."
            )
            yield Finding(Severity.BLOCKING, path_of(section, "offer"), message)


def _purpose_message(section: Section, offer: OfferData) -> str:
    is_known = offer.purpose in Purpose.values
    label = Purpose(offer.purpose).label if is_known else offer.purpose
    return f"Tick “{label}” under the purposes of {name_of(section)}, or replace the offer “{offer.name}”."


def _in_slots(check: Callable[[OfferData], Iterator[Finding]], draft: Draft) -> Iterator[Finding]:
    """What is wrong with the offers that stand in this article."""
    for section, offer in _offers(draft):
        for finding in check(offer):
            yield replace(finding, path=path_of(section, "offer", finding.path))


def _offers(draft: Draft) -> Iterator[tuple[Section, OfferData]]:
    for section in draft.of_kind(SectionKind.CTA):
        if (offer := chosen(section, "offer", draft.offers)) is not None:
            yield section, offer


CHECKS = (
    slot_without_offer,
    offer_without_label,
    offer_without_target,
    prescription_offer_without_disclosure,
    offer_outside_purposes,
    offer_outside_scope,
)

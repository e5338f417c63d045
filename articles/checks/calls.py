"""Does each call to action lead somewhere, openly? Slots and the offers that stand in them."""

from collections.abc import Iterator

from articles.checks.finding import Finding, Severity
from articles.checks.places import as_text, chosen, field, name_of, path_of
from articles.document.draft import Draft, OfferData, Section
from articles.record.vocabulary import Purpose, SectionKind


def slot_without_offer(draft: Draft) -> Iterator[Finding]:
    """A call that leads nowhere: no offer is chosen, or it was deleted. Source: design, section 4 (cta)."""
    for section in draft.of_kind(SectionKind.CTA):
        if chosen(section, "offer", draft.offers) is None:
            message = f"Choose an offer for {name_of(section)}, or remove the section."
            yield Finding(Severity.BLOCKING, path_of(section, "offer"), message)


def offer_without_label(draft: Draft) -> Iterator[Finding]:
    """A button without words. Source: WCAG 2.2, success criterion 2.4.4 (link purpose)."""
    for section, offer in _offers(draft):
        if not as_text(offer.label):
            message = f"Give the offer “{offer.name}” a label: what its button says."
            yield Finding(Severity.BLOCKING, path_of(section, "offer", "label"), message)


def offer_without_target(draft: Draft) -> Iterator[Finding]:
    """A button that leads nowhere. Source: design, section 4 (cta)."""
    for section, offer in _offers(draft):
        if not as_text(offer.target):
            message = f"Give the offer “{offer.name}” a target: where its button leads."
            yield Finding(Severity.BLOCKING, path_of(section, "offer", "target"), message)


def prescription_offer_without_disclosure(draft: Draft) -> Iterator[Finding]:
    """A prescription product, and nobody says who earns. Source: HONcode 7 (financial disclosure), 8 (advertising)."""
    for section, offer in _offers(draft):
        if offer.is_prescription and not as_text(offer.disclosure):
            message = (
                f"Say in the disclosure of “{offer.name}” who offers it and who earns: it leads to a prescription."
            )
            yield Finding(Severity.BLOCKING, path_of(section, "offer", "disclosure"), message)


def offer_outside_purposes(draft: Draft) -> Iterator[Finding]:
    """An offer of a purpose that the clinician does not sign for this slot (blocking), or no purpose to sign (warning).
    Source: design, section 4 (which purposes of offer may stand here)."""
    for section, offer in _offers(draft):
        purposes = field(section, "purposes")
        allowed = purposes if isinstance(purposes, list) else []
        if offer.purpose not in allowed:
            severity = Severity.BLOCKING if allowed else Severity.WARNING
            yield Finding(severity, path_of(section, "purposes"), _purpose_message(section, offer))


def _purpose_message(section: Section, offer: OfferData) -> str:
    is_known = offer.purpose in Purpose.values
    label = Purpose(offer.purpose).label if is_known else offer.purpose
    return f"Tick “{label}” under the purposes of {name_of(section)}, or choose another offer than “{offer.name}”."


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
)

"""Can an offer or a disclaimer be shown as it is, in every article? Pure: a component -> findings.

They run where it is signed by itself; `calls` runs those of offers for each slot of an article too.
"""

from collections.abc import Iterator

from articles.checks.finding import Finding, Severity
from articles.checks.links import undelivered
from articles.checks.places import Place, as_text
from articles.checks.promises import find_promises
from articles.document.draft import DisclaimerData, OfferData

WORDS = ("label", "text", "disclosure")


def offer_without_label(offer: OfferData) -> Iterator[Finding]:
    """A button without words. Source: WCAG 2.2, success criterion 2.4.4 (link purpose)."""
    if not as_text(offer.label):
        message = f"Give the offer “{offer.name}” a label: the text of its button."
        yield Finding(Severity.BLOCKING, "label", message)


def offer_without_target(offer: OfferData) -> Iterator[Finding]:
    """A button that leads nowhere. Source: design, section 4 (cta)."""
    if not as_text(offer.target):
        message = f"Give the offer “{offer.name}” a target: where its button leads."
        yield Finding(Severity.BLOCKING, "target", message)


def prescription_offer_without_disclosure(offer: OfferData) -> Iterator[Finding]:
    """A prescription product, and nobody says who earns. Source: HONcode 7 (financial disclosure), 8 (advertising)."""
    if offer.is_prescription and not as_text(offer.disclosure):
        message = f"Say in the disclosure of “{offer.name}” who makes this prescription offer and who profits from it."
        yield Finding(Severity.BLOCKING, "disclosure", message)


def promise_in_offer(offer: OfferData) -> Iterator[Finding]:
    """As `unfounded_promise` of articles. An offer has no language, so English is looked for in all.
    Source: FDA, 6 Tip-offs to Rip-offs (health fraud); HONcode 5 (justifiability)."""
    for place in words_of(offer):
        yield from promise(place)


def disclaimer_without_text(disclaimer: DisclaimerData) -> Iterator[Finding]:
    """A disclaimer that says nothing. Source: design, section 2 (component)."""
    if not as_text(disclaimer.text):
        yield Finding(Severity.BLOCKING, "text", f"Write the text of the disclaimer “{disclaimer.name}”.")


def link_not_delivered(disclaimer: DisclaimerData) -> Iterator[Finding]:
    """A link of a disclaimer that readers would not get; it stands beside many articles, and leads to none.
    Source: WCAG 2.2, success criterion 2.4.4 (link purpose)."""
    place = Place("text", f"the disclaimer “{disclaimer.name}”", disclaimer.stored)
    yield from undelivered(place, disclaimer.blocks)


def words_of(offer: OfferData) -> Iterator[Place]:
    """What readers are told in an offer."""
    for name in WORDS:
        yield Place(name, f"the {name} of the offer “{offer.name}”", getattr(offer, name))


def promise(place: Place) -> Iterator[Finding]:
    """What a plain text promises: blocking; a warning where the sentence hedges."""
    if found := list(find_promises(place.value)):
        severity = Severity.WARNING if all(hedged for _, hedged in found) else Severity.BLOCKING
        words = ", ".join(f"“{word}”" for word in dict(found))
        message = f"In {place.name}, replace the promise {words}: say what the treatment does, and for how many people."
        yield Finding(severity, place.path, message)


OF_OFFERS = (offer_without_label, offer_without_target, prescription_offer_without_disclosure, promise_in_offer)
OF_DISCLAIMERS = (disclaimer_without_text, link_not_delivered)

"""Verifies that the organisation's key signed every card: who can only INSERT has no such key.

The first key is what the ledger says it is, and so is one that replaced a lost key: compare its id, which
`.well-known/vetted.json` gives, with one that was published elsewhere.
"""

from collections.abc import Iterator
from typing import Any

from articles.record.keys import cards, proofs
from articles.record.ledger.finding import UNREADABLE, Finding, Walk
from articles.record.models import Event
from articles.record.vocabulary import EventKind


def check_line(event: Event, walk: Walk) -> Iterator[Finding]:
    checks = {EventKind.KEY_ROTATED.value: _check_rotation, EventKind.KEY_ISSUED.value: _check_card}
    if event.kind in checks:
        walk.checked["keys"] += 1
        try:
            fault = checks[event.kind](event, walk)
        except UNREADABLE as error:
            fault = f"Its data cannot be read ({type(error).__name__})."
        if fault:
            yield Finding("card_not_signed", f"event {event.number}", fault)


def is_signed(signed: str, wanted: dict[str, Any], walk: Walk) -> bool:
    """Whether a key of delivery with a card signed a payload with these members."""
    spki = walk.delivery.get(cards.signer_of(signed))
    payload = proofs.verified(signed, spki) if spki else None
    return payload is not None and wanted.items() <= payload.items()


def _check_rotation(event: Event, walk: Walk) -> str:
    key, spki, before, card = (event.data[name] for name in ("key", "spki", "before", "card"))
    last = next(reversed(walk.organisation), "")
    walk.organisation[key] = spki
    if cards.key_id(spki) != key or before != last:
        return "It does not name the key that it sets, or the one before."
    if card and (proofs.verified(card, walk.organisation[before]) or {}).get("spki") != spki:
        return "The organisation's key before did not sign the new one."
    return ""


def _check_card(event: Event, walk: Walk) -> str:
    key, holder, spki = event.data["key"], event.data["holder"], event.data["spki"]
    issuer = next(reversed(walk.organisation), "")
    payload = proofs.verified(event.data["card"], walk.organisation[issuer]) if issuer else None
    if payload is None or cards.signer_of(event.data["card"]) != issuer:
        return "The organisation's key did not sign the card."
    subject = payload["credentialSubject"]
    if (subject["key"]["id"], subject["key"]["spki"], cards.key_id(spki)) != (key, spki, key):
        return "The card is of another key."
    if holder == cards.PERSON and subject["id"] != f"urn:uuid:{event.subject}":
        return "The card is of another person."
    if (holder == cards.DELIVERY) != (subject["roles"] == [cards.DELIVERY]):
        return "The card is of another holder."
    if holder == cards.DELIVERY:
        walk.delivery[key] = spki
    return ""

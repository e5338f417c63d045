"""An offer or a disclaimer -> its document, and a document -> what checks read of it. Pure, as all rendering is."""

from typing import Any

from articles.authoring.components import Disclaimer, Offer
from articles.document import stored
from articles.document.documents import Document, make_document
from articles.document.draft import DisclaimerData, OfferData
from articles.document.portable_text import to_portable_text
from articles.errors import NotRepresentable
from articles.record.delivery.content.portable_text import to_plain
from articles.record.delivery.content.section_media import offer_href


def render_component(component: Offer | Disclaimer) -> Document:
    """The document of the working copy. Raises NotRepresentable, for a target too that no link may have."""
    value = _offer(component) if isinstance(component, Offer) else _disclaimer(component)
    return make_document(component.subject_kind, value)


def component_draft(document: Document, component: Offer | Disclaimer) -> OfferData | DisclaimerData:
    """What the checks read: the very bytes that are signed, and the stored form where it may hold more."""
    value, id, name = document.value, str(component.component_id), component.name
    if isinstance(component, Disclaimer):
        return DisclaimerData(id, name, to_plain(value["text"]), component.text, value["text"])
    said = {key: value[key] for key in ("purpose", "label", "text", "disclosure", "is_prescription", "scope")}
    return OfferData(key=0, id=id, name=name, target=value["target"]["value"], **said)


def scope_of(offer: Offer) -> dict[str, list]:
    """{codes, statuses, markets}: what it may stand beside. It is signed with the offer; each empty list is all."""
    return {
        "codes": [_code(code) for code in _values(offer.scope_codes)],
        "statuses": _values(offer.scope_statuses),
        "markets": _values(offer.scope_markets),
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "purpose": offer.purpose,
        "label": offer.label,
        "text": offer.text,
        "disclosure": offer.disclosure,
        "is_prescription": offer.is_prescription,
        "target": _target(offer),
        "scope": scope_of(offer),
    }


def _target(offer: Offer) -> dict[str, str]:
    """Apps and web pages put it into links as it is, so it must be an address of its type."""
    target = {"type": offer.target_type, "value": offer.target}
    if offer.target and not offer_href(target):
        raise NotRepresentable(
            f"The offer “{offer.name}” leads to “{offer.target[:60]}”, which is not a valid address of "
            f"the type {offer.target_type}. Correct its target."
        )
    return target


def _disclaimer(disclaimer: Disclaimer) -> dict[str, Any]:
    return {"text": to_portable_text(disclaimer.text, cite=lambda key: None, articles={})}


def _values(stream) -> list[Any]:
    return [stored.plain(block["value"]) for block in stream.raw_data]


def _code(code: dict) -> dict[str, str]:
    return {key: code.get(key) or "" for key in ("system", "code", "display")}

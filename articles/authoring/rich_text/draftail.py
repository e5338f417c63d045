"""How Draftail loads and saves citations, anchors and links.

Apart from features.py, since it needs Wagtail's models loaded.
"""

from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    ExternalLinkElementHandler,
    InlineEntityElementHandler,
    LinkElementHandler,
    PageLinkElementHandler,
)

from articles.authoring.rich_text.features import ANCHOR, CITATION


class CitationElementHandler(InlineEntityElementHandler):
    """Stored form -> Draftail entity."""

    mutability = "IMMUTABLE"

    def __init__(self) -> None:
        super().__init__(CITATION)

    def get_attribute_data(self, attrs: dict) -> dict:
        return {name: attrs.get(name, "") for name in ("sources", "support", "locator", "said")}


def citation_entity(props: dict):
    """Draftail entity -> stored form."""
    attrs = {name: props.get(name) or "" for name in ("sources", "support", "locator")}
    attrs |= {"said": props["said"]} if props.get("said") else {}
    return DOM.create_element("a", {"linktype": "citation"} | attrs, props["children"])


class AnchorElementHandler(LinkElementHandler):
    """Stored form -> Draftail entity."""

    def get_attribute_data(self, attrs: dict) -> dict:
        return {"section": attrs.get("section", "")}


def anchor_entity(props: dict):
    """Draftail entity -> stored form."""
    return DOM.create_element("a", {"linktype": "anchor", "section": props.get("section") or ""}, props["children"])


class LostLinkElementHandler(LinkElementHandler):
    """A link without an address stays a link in the editor, so that its author can mend it."""

    def get_attribute_data(self, attrs: dict) -> dict:
        return {"url": ""}


ANCHOR_RULE = {
    "from_database_format": {'a[linktype="anchor"]': AnchorElementHandler(ANCHOR)},
    "to_database_format": {"entity_decorators": {ANCHOR: anchor_entity}},
}
LINK_RULE = {
    "from_database_format": {
        "a[href]": ExternalLinkElementHandler("LINK"),
        'a[linktype="page"]': PageLinkElementHandler("LINK"),
        "a": LostLinkElementHandler("LINK"),
    },
    "to_database_format": {"entity_decorators": {"LINK": link_entity}},
}
CITATION_RULE = {
    "from_database_format": {'a[linktype="citation"]': CitationElementHandler()},
    "to_database_format": {"entity_decorators": {CITATION: citation_entity}},
}

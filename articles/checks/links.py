"""Do readers get every link, anchor and citation that the editor shows? One rule, whatever the cause: the stored text
is compared with the rendered one. A link that readers would not get blocks until it is mended or removed."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from articles.checks.content import has_content
from articles.checks.finding import Finding, Severity
from articles.checks.places import Place, name_of, rich_texts
from articles.checks.structure import FILLED_ELSEWHERE
from articles.document.draft import Draft
from articles.document.entities import Entity, rendered_entities, stored_entities
from articles.document.portable_text import SCHEMES
from articles.document.render import render_rich_text
from articles.errors import NotRepresentable

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
KINDS = {"citation": "citation", "article": "link to an article", "anchor": "link to a section", "link": "link"}
LONGEST = 60  # characters of words or an address in a message


def link_not_delivered(draft: Draft) -> Iterator[Finding]:
    """A link, an anchor or a citation that the editor shows and readers would not get.
    Source: WCAG 2.2, success criterion 2.4.4 (link purpose); design, section 5 (marks of rich text)."""
    for place in rich_texts(draft):
        try:
            blocks = render_rich_text(place.value, draft)
        except NotRepresentable:  # the editor is told when it is rendered: no text of the article is
            continue
        yield from undelivered(place, blocks)


def anchor_to_empty_section(draft: Draft) -> Iterator[Finding]:
    """A link to a section of the article in which readers find nothing.
    Source: WCAG 2.2, success criterion 2.4.4 (link purpose)."""
    empty = {
        section.id: name_of(section)
        for section in draft.sections
        if section.kind not in FILLED_ELSEWHERE and not has_content(section)
    }
    for place in rich_texts(draft) if empty else ():
        for entity in stored_entities(place.value):
            if entity.kind == "anchor" and (name := empty.get(entity.target)):
                message = f"Write the text of {name}, or remove {_named(entity)} in {place.name}, which leads to it."
                yield Finding(Severity.BLOCKING, place.path, message)


def undelivered(place: Place, blocks: list[dict[str, Any]]) -> Iterator[Finding]:
    """What the stored text of a place and its rendered `blocks` differ in."""
    stored, rendered = Counter(stored_entities(place.value)), Counter(rendered_entities(blocks))
    for entity in (stored - rendered).elements():
        message = f"{_remedy(entity)} Readers would not get {_named(entity)} in {place.name}."
        yield Finding(Severity.BLOCKING, place.path, message)
    for entity in (rendered - stored).elements():
        message = (
            f"Type these words again: readers would get {_named(entity)} in {place.name}, and the editor shows none."
        )
        yield Finding(Severity.BLOCKING, place.path, message)


def _named(entity: Entity) -> str:
    return f"the {KINDS[entity.kind]} “{_short(entity.words)}”" if entity.words else f"the {KINDS[entity.kind]}"


def _remedy(entity: Entity) -> str:
    """What the author does, by what is known to be wrong with it."""
    address = entity.target.strip()
    scheme = SCHEME.match(address)
    match entity.kind:
        case "citation":
            return "Cite the source again, outside any other citation."
        case "article":
            return "Choose another article, or remove the link: the page was deleted, or is no article."
        case "anchor":
            return "Choose another section, or remove the link: the section was removed."
        case _ if entity.linktype:
            return "Link to a web address, or remove the link: files of this site cannot be linked."
        case _ if not address:
            return "Enter the address of the link, or remove the link: it has none."
        case _ if address.startswith("#"):
            return "Remove the link, and choose the section with the button “Link to a section”."
        case _ if not address.lower().startswith(SCHEMES) and scheme:
            return f"Use an address that begins with https, mailto or tel in place of “{_short(address)}”."
        case _ if not address.lower().startswith(SCHEMES):
            return f"Write the address “{_short(address)}” in full, beginning with https://."
    return "Remove the link and make it again, outside any other link."


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


CHECKS = (link_not_delivered, anchor_to_empty_section)

"""Makes a draft from an outline, in one transaction: sources, offers, page, first revision; never live."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser, AbstractUser
from django.db import transaction
from wagtail.models import Locale, Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from articles.authoring.models import ArticlePage
from articles.document.stored import type_of
from articles.intake.markup import html, questions
from articles.intake.numbered import cite, numbered_sources
from articles.intake.outline import Outline, Part, Role
from articles.intake.records import get_offer, get_source, offer_text
from articles.record import events
from articles.record.vocabulary import Aspect, EventKind, HelpLevel, SectionKind, SubjectKind
from articles.review.roles import actor
from articles.sources.models import Source

ONCE = (SectionKind.INTRODUCTION, SectionKind.CONCLUSION)  # an article has one of each
EMERGENCY_WORDS = ("999", "911", "112", "emergency", "a&e")
MAX_QUESTION = 300

Block = dict[str, Any]  # as a StreamField stores it: {"type": "risks", "value": {…}, "id": "…"}


def find_draft(content_hash: str) -> ArticlePage | None:
    """The article that was made from a file with these bytes."""
    return ArticlePage.objects.filter(intake__sha256=content_hash).order_by("pk").first()


@transaction.atomic
def create_draft(
    *,
    outline: Outline,
    title: str,
    content_hash: str,
    path: str,
    parent: Page,
    locale: Locale,
    by: AbstractBaseUser | None,
    prepare: Callable[[ArticlePage], None] = lambda page: None,
) -> tuple[ArticlePage, bool]:
    """The draft made from the outline, and whether it is new: the same bytes make no second article.

    `title` is the outline's, or its replacement. `prepare` sets further fields before the page is saved. Raises
    ValidationError if Wagtail refuses the page.
    """
    folder = Page.objects.select_for_update().get(pk=parent.pk)
    if (existing := find_draft(content_hash)) is not None:
        return existing, False
    page = ArticlePage(locale=locale, owner=by, live=False)
    fill(page, outline, title=title, content_hash=content_hash, path=path)
    prepare(page)
    with disable_reference_index_auto_update():  # saving the revision saves the page again, and updates the index
        folder.specific.add_child(instance=page)
    page.save_revision(user=by)
    _note_import(page, by)
    return page, True


def fill(page: ArticlePage, outline: Outline, *, title: str, content_hash: str, path: str) -> None:
    """Write the outline into the page, unsaved; its sources and offers are rows already."""
    body, parts = _body(outline)
    page.title, page.hero_alt, page.body = title, outline.hero_alt, body
    page.intake = {"sha256": content_hash, "path": path, "parts": parts}


def _note_import(page: ArticlePage, by: AbstractBaseUser | None) -> None:
    """The first line of the article's history."""
    events.append(
        EventKind.IMPORTED,
        subject_kind=SubjectKind.ARTICLE,
        subject=page.article_id,
        actor=actor(cast(AbstractUser | None, by)),
        data={
            "address": page.legacy.get("address", ""),
            "key": page.legacy.get("key", ""),
            "sha256": page.intake["sha256"],
        },
    )


def _body(outline: Outline) -> tuple[list[Block], list[dict[str, Any]]]:
    """The blocks in file order, and for each part the guess, with the id of its block."""
    blocks: list[Block] = []
    parts = []
    sources = {part: get_source(part.reference) for part in outline.of(Role.SOURCE) if part.reference}
    for part in outline.parts:
        block = _place(part, blocks, sources)
        parts.append(_provenance(part, block))
    keys = {number: sources[part].pk for number, part in numbered_sources(outline).items()}
    return [block | {"value": cite(block["value"], keys)} for block in blocks], parts


def _place(part: Part, blocks: list[Block], sources: Mapping[Part, Source]) -> str:
    """Puts the part into the body; returns the id of its block, "" if it is not of the body."""
    if part.role is Role.SOURCE:
        return _place_source(sources[part], blocks)
    if part.role is not Role.SECTION:
        return ""
    kind, value = _section(part, {block["type"] for block in blocks})
    blocks.append(_block(type_of(kind), {"heading": part.heading} | value))
    return blocks[-1]["id"]


def _place_source(source: Source, blocks: list[Block]) -> str:
    """All sources go into one section, where the file lists the first."""
    section = next((block for block in blocks if block["type"] == SectionKind.SOURCES), None)
    if section is None:
        section = _block(SectionKind.SOURCES, {"heading": "", "text": "", "items": []})
        blocks.append(section)
    items = section["value"]["items"]
    if source.pk not in (item["value"] for item in items):
        items.append(_block("item", source.pk))
    return section["id"]


def _block(kind: str, value: Any) -> Block:
    return {"type": str(kind), "value": value, "id": str(uuid.uuid4())}


def _section(part: Part, present: set[str]) -> tuple[str, dict[str, Any]]:
    """The block's kind and value. A second introduction or conclusion becomes prose."""
    assert part.kind is not None
    if part.kind in ONCE and part.kind in present:
        return str(SectionKind.PROSE), {"text": html(part.blocks), "aspect": str(Aspect.OTHER)}
    return str(part.kind), SHAPES.get(part.kind, _text)(part)


def _text(part: Part) -> dict[str, Any]:
    return {"text": html(part.blocks)}


def _prose(part: Part) -> dict[str, Any]:
    return _text(part) | {"aspect": str(part.aspect or Aspect.OTHER)}


def _faq(part: Part) -> dict[str, Any]:
    """Sub-headings become questions, if each has an answer and is short enough to be one."""
    text, answered = questions(part.blocks)
    if not all(answer and len(question) <= MAX_QUESTION for question, answer in answered):
        return _text(part)
    return {
        "text": text,
        "items": [_block("item", {"question": question, "answer": answer}) for question, answer in answered],
    }


def _seek_help(part: Part) -> dict[str, Any]:
    words = f"{part.heading} {part.text}".casefold()
    is_emergency = any(word in words for word in EMERGENCY_WORDS)
    return _text(part) | {"level": str(HelpLevel.EMERGENCY if is_emergency else HelpLevel.URGENT)}


def _cta(part: Part) -> dict[str, Any]:
    """The words go into the offer; the slot keeps them only if they are too long for an offer."""
    assert part.call is not None
    text = "" if offer_text(part) else html(part.blocks)
    return {"text": text, "purposes": [str(part.call.purpose)], "offer": get_offer(part).pk}


SHAPES: dict[SectionKind, Callable[[Part], dict[str, Any]]] = {
    SectionKind.PROSE: _prose,
    SectionKind.FAQ: _faq,
    SectionKind.SEEK_HELP: _seek_help,
    SectionKind.CTA: _cta,
}


def _provenance(part: Part, block: str) -> dict[str, Any]:
    """{role, kind, aspect, heading, reason, confidence, block}, and `text` where no section holds it."""
    entry = {
        "role": str(part.role),
        "kind": str(part.kind or ""),
        "aspect": str(part.aspect or ""),
        "heading": part.heading,
        "reason": part.reason,
        "confidence": part.confidence,
        "block": block,
    }
    return entry if part.role is Role.SECTION else entry | {"text": part.text}

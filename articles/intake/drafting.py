"""Makes a draft from an outline, in one transaction: sources, offers, page, first revision; never live."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser, AbstractUser
from django.db import transaction
from django.db.models import Q
from wagtail.models import Locale, Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from articles.authoring.models import ArticlePage
from articles.document.stored import type_of
from articles.errors import Unreadable
from articles.intake.beside import without_picture
from articles.intake.markup import html, questions
from articles.intake.numbered import cite, numbered_sources
from articles.intake.outline import BlockKind, Manuscript, Outline, Part, Picture, Role
from articles.intake.pictures import get_image
from articles.intake.records import get_offer, get_source, offer_text
from articles.record import events
from articles.record.delivery import projection
from articles.record.vocabulary import Aspect, EventKind, HelpLevel, SectionKind, SubjectKind
from articles.review.roles import actor
from articles.sources.models import Source

ONCE = (SectionKind.INTRODUCTION, SectionKind.CONCLUSION)  # an article has one of each
EMERGENCY_WORDS = ("999", "911", "112", "emergency", "a&e")
MAX_QUESTION = 300
MAX_CAPTION = 400
MAX_ALT = 255

Block = dict[str, Any]  # as a StreamField stores it: {"type": "risks", "value": {…}, "id": "…"}


def find_draft(content_hash: str, key: str = "") -> ArticlePage | None:
    """The article that was made from these bytes, or from the article of that key in the system that it comes from."""
    found = Q(intake__sha256=content_hash)
    if key:
        found |= Q(intake__origin__key=key)
    return ArticlePage.objects.filter(found).order_by("pk").first()


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
    manuscript: Manuscript | None = None,
    prepare: Callable[[ArticlePage], None] = lambda page: None,
) -> tuple[ArticlePage, bool]:
    """The draft made from the outline, and whether it is new: the same bytes or key make no second article.

    `title` is the outline's, or its replacement. `manuscript` gives pictures, and what the file says beside the text.
    `prepare` sets further fields before the page is saved. Raises ValidationError if Wagtail refuses the page.
    """
    manuscript = manuscript or Manuscript()
    folder = Page.objects.select_for_update().get(pk=parent.pk)
    if (existing := find_draft(content_hash, manuscript.origin.key)) is not None:
        return existing, False
    page = ArticlePage(locale=locale, owner=by, live=False)
    fill(page, outline, title=title, content_hash=content_hash, path=path, by=by, manuscript=manuscript)
    prepare(page)
    with disable_reference_index_auto_update():  # saving the revision saves the page again, and updates the index
        folder.specific.add_child(instance=page)
    page.save_revision(user=by)
    _note_import(page, by)
    return page, True


def missing_pictures(outline: Outline, pictures: Sequence[Picture]) -> list[str]:
    """A sentence for each picture of the article that the import does not have: its address, what it shows."""
    return [
        f"The picture {block.picture or 'without an address'} did not come with the text. Add it to the import, for "
        "example in a ZIP file with all pictures, or upload it where readers need it"
        + (f"; it shows: “{block.text}”." if block.text else ".")
        for block in without_picture(outline, pictures)
    ]


def _images(
    outline: Outline, pictures: Sequence[Picture], by: AbstractBaseUser | None
) -> tuple[dict[str, int], list[str]]:
    """({name of a picture: its image in the library}, why others were left out) of the figures."""
    named = {picture.name: picture for picture in pictures}
    images: dict[str, int] = {}
    faults = []
    for block in (block for part in outline.sections for block in part.blocks):
        if block.kind is BlockKind.PICTURE and block.picture in named and block.picture not in images:
            try:
                images[block.picture] = get_image(named[block.picture], alt=block.text, by=by).pk
            except Unreadable as error:
                faults.append(error.detail)
    return images, faults


def fill(
    page: ArticlePage,
    outline: Outline,
    *,
    title: str,
    content_hash: str,
    path: str,
    by: AbstractBaseUser | None = None,
    manuscript: Manuscript | None = None,
) -> None:
    """Write the outline into the page, unsaved; its sources, offers and pictures are rows already.

    `intake` keeps what the file says of the article as `origin`, and what an editor should look at as `warnings`.
    """
    manuscript = manuscript or Manuscript()
    images, faults = _images(outline, manuscript.pictures, by)
    hero = _hero(outline, images)
    body, parts = _body(outline, images, hero)
    page.title, page.body = title, body
    page.hero_id = images[_picture(hero)] if hero else None
    page.hero_alt = (hero.text if hero else "") or outline.hero_alt
    page.intake = {
        "sha256": content_hash,
        "path": path,
        "parts": parts,
        "origin": {name: value for name, value in asdict(manuscript.origin).items() if value},
        "warnings": [*manuscript.warnings, *missing_pictures(outline, manuscript.pictures), *faults],
    }


def _note_import(page: ArticlePage, by: AbstractBaseUser | None) -> None:
    """The first line of the article's history; from then on its old address is known (`resolve/`)."""
    line = events.append(
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
    projection.write_shared(line)


def _hero(outline: Outline, images: Mapping[str, int]) -> Part | None:
    """The picture above all text, if it is here and its words fit: the article's hero image, and no section."""
    first = next(iter(outline.sections), None)
    if first is None or first.kind is not SectionKind.FIGURE or first.heading or len(first.blocks) > 1:
        return None
    return first if _picture(first) in images and len(first.text) <= MAX_ALT else None


def _body(outline: Outline, images: Mapping[str, int], hero: Part | None) -> tuple[list[Block], list[dict[str, Any]]]:
    """The blocks in file order, and for each part the guess, with the id of its block."""
    blocks: list[Block] = []
    parts = []
    sources = {part: get_source(part.reference) for part in outline.of(Role.SOURCE) if part.reference}
    for part in outline.parts:
        if part is hero:
            block = ""
        elif part.kind is SectionKind.FIGURE and (name := _picture(part)) not in images:
            block = _place_caption(part, blocks)
        elif part.kind is SectionKind.FIGURE:
            block = _add(blocks, part.kind, {"heading": part.heading} | _figure(part, images[name]))
        else:
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
    return _add(blocks, kind, {"heading": part.heading} | value)


def _add(blocks: list[Block], kind: str, value: dict[str, Any]) -> str:
    blocks.append(_block(type_of(kind), value))
    return blocks[-1]["id"]


def _picture(part: Part) -> str:
    return next((block.picture for block in part.blocks if block.kind is BlockKind.PICTURE), "")


def _figure(part: Part, image: int) -> dict[str, Any]:
    """A picture of the library with its words; what is too long for a field stays as text."""
    alt = next(block.text for block in part.blocks if block.kind is BlockKind.PICTURE)
    caption = " ".join(block.text for block in part.blocks if block.kind is BlockKind.CAPTION)
    others = [block for block in part.blocks if block.kind is not BlockKind.PICTURE]
    if len(caption) <= MAX_CAPTION:
        others = [block for block in others if block.kind is not BlockKind.CAPTION]
    figure = {
        "image": image,
        "alt": alt if len(alt) <= MAX_ALT else f"{alt[: MAX_ALT - 1]}…",
        "caption": caption if len(caption) <= MAX_CAPTION else "",
        "credit": "",
    }
    return {"text": html(others), "figure": figure}


def _place_caption(part: Part, blocks: list[Block]) -> str:
    """The words of a figure without its picture go on in the section above; a warning names the picture."""
    text = html([block for block in part.blocks if block.kind is not BlockKind.PICTURE])
    if not (text or part.heading):
        return ""
    if blocks and not part.heading and isinstance(blocks[-1]["value"].get("text"), str):
        blocks[-1]["value"]["text"] += text
        return str(blocks[-1]["id"])
    return _add(blocks, SectionKind.PROSE, {"heading": part.heading, "text": text, "aspect": str(Aspect.OTHER)})


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
    return _text(part) | {"level": str(HelpLevel.EMERGENCY) if is_emergency else ""}


def _table(part: Part) -> dict[str, Any]:
    """The first table of the part with its caption; other blocks stay as text."""
    table = next((block for block in part.blocks if block.kind is BlockKind.TABLE), None)
    if table is None:
        return _text(part) | {"table": None}
    captions = [block for block in part.blocks if block.kind is BlockKind.CAPTION]
    others = [block for block in part.blocks if block is not table and block not in captions]
    value = {
        "data": [list(row) for row in table.rows],
        "first_row_is_table_header": table.header in ("row", "both"),
        "first_col_is_header": table.header in ("column", "both"),
        "table_header_choice": table.header or "neither",
        "table_caption": " ".join(block.text for block in captions),
    }
    return {"text": html(others), "table": value}


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
    SectionKind.TABLE: _table,
}


def _provenance(part: Part, block: str) -> dict[str, Any]:
    """{role, kind, aspect, heading, reason, confidence, block}, and `text` where no section holds all of it."""
    entry = {
        "role": str(part.role),
        "kind": str(part.kind or ""),
        "aspect": str(part.aspect or ""),
        "heading": part.heading,
        "reason": part.reason,
        "confidence": part.confidence,
        "block": block,
    }
    is_whole = part.role is Role.SECTION and block and part.kind is not SectionKind.FIGURE
    return entry if is_whole else entry | {"text": part.text}

"""Does the article promise what no medicine can, and is it read as it was typed?

Its own words only: quotes of sources are somebody else's.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from articles.checks.components import promise, words_of
from articles.checks.finding import Finding, Severity
from articles.checks.places import LISTS, Place, chosen, name_of, path_of, plain_text, rows
from articles.document.characters import names_of, unreadable_signs
from articles.document.draft import Draft, Section
from articles.record.vocabulary import SectionKind

OF_THE_PAGE = {
    "title": ("title", "the title"),
    "summary": ("summary", "the summary"),
    "hero/alt": ("hero_alt", "the alternative text of the hero image"),
    "social_image/alt": ("social_image_alt", "the alternative text of the social image"),
    "sponsorship": ("sponsorship", "the sponsorship"),
    "ai_tool": ("ai_tool", "the AI tool"),
    "seo_title": ("seo_title", "the title for search engines"),
    "search_description": ("seo_description", "the description for search engines"),
    "change_note": ("change_note", "the change note"),
}
# A replacement character, one of private use, or UTF-8 that was read as Windows-1252; a number before or behind it.
BROKEN = re.compile(
    r"(\d[^\S\n]?)?(\ufffd|[\ue000-\uf8ff]|Ã[\u0080-\u00aa\u00ac-\u00ba\u00bc-\u00bf]|â€[\u0080-\u009f™œ]?)+([^\S\n]?\d)?"
)
NOT_OURS = {"citations", "codes"}  # the words of sources and of terminologies


def unfounded_promise(draft: Draft) -> Iterator[Finding]:
    """Words that promise a cure, safety or success: blocking; a warning where the sentence hedges (“can cure”).
    English only. Source: FDA, 6 Tip-offs to Rip-offs (health fraud); HONcode 5 (justifiability)."""
    if not draft.locale.startswith("en"):
        return
    for place in texts(draft):
        yield from promise(replace(place, value=plain_text(place.value)))


def invisible_signs_in_note(draft: Draft) -> Iterator[Finding]:
    """A note to readers with characters that reorder text, or control characters: “05 mg” can be shown as “50 mg”.
    Titles with them are in no document at all. Source: Unicode Technical Report 36 (bidirectional text spoofing)."""
    if found := unreadable_signs(draft.change_note):
        message = f"The change note contains invisible characters ({names_of(found)}). Type it again."
        yield Finding(Severity.BLOCKING, "change_note", message)


def broken_characters(draft: Draft) -> Iterator[Finding]:
    """Characters that a wrong encoding left behind, or that only one font knows: readers see a box, or another sign.
    Blocking beside a number, else a warning. Source: Unicode Standard 16.0, sections 23.5 and 23.8."""
    for place in texts(draft):
        for found in BROKEN.finditer(plain_text(place.value)):
            is_number = bool(found[1] or found[3])
            words = found[0].strip()
            message = f"Type “{words}” in {place.name} again. A character in it was damaged on the way here."
            yield Finding(Severity.BLOCKING if is_number else Severity.WARNING, place.path, message)


def texts(draft: Draft) -> Iterator[Place]:
    """Every text of the article's own, in reading order."""
    for path, (name, label) in OF_THE_PAGE.items():
        yield Place(path, label, getattr(draft, name))
    yield from (Place("synonyms", f"the other name “{name}”", name) for name in draft.synonyms)
    for section in draft.sections:
        yield from _of_section(section)
        yield from _of_offer(section, draft)


def _of_section(section: Section) -> Iterator[Place]:
    lists = LISTS.get(section.kind, {})
    for name, value in section.value.items() if isinstance(section.value, dict) else ():
        whole = [Place(path_of(section, name), name_of(section), value)]
        for place in rows(section, name) if name in lists else whole:
            for path, text in _strings(place.value, place.path):
                yield Place(path, place.name, text)


def _of_offer(section: Section, draft: Draft) -> Iterator[Place]:
    offer = chosen(section, "offer", draft.offers) if section.kind == SectionKind.CTA else None
    for place in words_of(offer) if offer else ():
        yield replace(place, path=path_of(section, "offer", place.path))


def _strings(value: object, path: str) -> Iterator[tuple[str, str]]:
    """(path, text) of every string below a value."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in NOT_OURS:
                yield from _strings(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, f"{path}/{index}")


CHECKS = (unfounded_promise, invisible_signs_in_note, broken_characters)

"""The versioned checklist of a medical review: automated checks, and items that the reviewer confirms.

The wording is our own, based on the NHS standard for creating health content, DISCERN and PIF TICK. The results are
stored in the sign-off, so that an auditor can read them years later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from articles.document.draft import Draft
from articles.errors import DomainError
from articles.record.vocabulary import Role, Scope
from articles.review.signing import checklist_decided as decided
from articles.review.signing.checklist_decided import Decide, Decision

VERSION = "2026-11"
YES, NOT_APPLICABLE = "yes", "not-applicable"
CONFIRM, SKIP = "checklist", "not-applicable"  # names of the form's fields
NHS, DISCERN, PIF = "NHS standard for creating health content", "DISCERN, question", "PIF TICK"


class ChecklistIncomplete(DomainError):
    """The reviewer has not confirmed the checklist of a review of the whole text."""

    code = "checklist-incomplete"
    title = "The checklist is not confirmed."
    status = 422


@dataclass(frozen=True)
class Item:
    """One item: `decide` is the automated check, or None if the reviewer answers.

    `is_essential`: the item applies to every article. `is_for_components`: also to offers and disclaimers.
    """

    id: str
    sentence: str
    source: str
    decide: Decide | None = None
    is_essential: bool = False
    is_for_components: bool = False


ITEMS = (
    Item("sources-dated", "Every source states its year.", f"{DISCERN} 5", decided.sources_dated),
    Item("sources-cited", "Every finding names the source that it rests on.", f"{DISCERN} 4", decided.sources_cited),
    Item("quotes-given", "The source's own words stand beside each claim.", f"{PIF} 4", decided.quotes_given),
    Item("uncertainty", "Every finding says how certain it is.", f"{DISCERN} 8", decided.uncertainty_stated),
    Item("risks", "It says what harm may come.", f"{DISCERN} 11", decided.risks_stated),
    Item("help", "It says where to turn next.", f"{DISCERN} 7", decided.help_named),
    Item("reading-level", "It reads as easily as a popular magazine.", f"{PIF} 7", decided.easy_to_read),
    Item("correct", "What it says is correct and up to date.", NHS, None, True, True),
    Item("evidence", "The sources carry the claims that they stand beside, and none that matters is left out.", NHS),
    Item("balanced", "Benefits and harms are weighed fairly; neither is played up.", f"{DISCERN} 6", None, True, True),
    Item("safe", "Nobody who acts on it comes to harm that it could have warned of.", NHS, None, True, True),
    Item("choices", "It names the other choices, doing nothing among them.", f"{DISCERN}s 12 and 14"),
    Item("daily-life", "It says what this means for daily life.", f"{DISCERN} 13"),
    Item("shared-decision", "It helps people to decide together with those who treat them.", f"{DISCERN} 15"),
    Item("understood", "Those it is for understand it and find themselves in it.", f"{PIF} 3, 6, 7", None, True, True),
    Item("interests", "Who pays and what is sold is open, and does not color the text.", NHS, None, True, True),
)
BY_REVIEWER = tuple(item for item in ITEMS if item.decide is None)


def decisions(draft: Draft | None) -> dict[str, Decision]:
    """{id: decision} of the automated checks; empty for a component."""
    return {item.id: item.decide(draft) for item in ITEMS if item.decide} if draft else {}


def asked(draft: Draft | None, *, is_article: bool = False) -> tuple[Item, ...]:
    """The items that the reviewer answers. `is_article`: also for an edition whose draft no longer exists."""
    return tuple(item for item in BY_REVIEWER if draft or is_article or item.is_for_components)


def answers(draft: Draft | None, posted: Mapping[str, Any], *, is_article: bool = False) -> dict[str, Any]:
    """{"version", "decided": {id: {verdict, detail}}, "answers": {id: "yes" | "not-applicable"}} for the sign-off.

    `posted` is the form: `checklist` is the confirmed version, `not-applicable` lists items. If another version or
    none was confirmed, there are no answers. Essential items always apply.
    """
    skipped = set(posted.get(SKIP, []))
    is_confirmed = posted.get(CONFIRM) == VERSION
    given = {item.id for item in asked(draft, is_article=is_article)} - skipped
    made = {item.id: _answer(item, given) for item in BY_REVIEWER} if is_confirmed else {}
    stated = {key: {"verdict": row.verdict, "detail": row.detail} for key, row in decisions(draft).items()}
    return {"version": VERSION, "decided": stated, "answers": made}


def posted(form: QueryDict) -> dict[str, Any]:
    """The posted fields of the checklist: the confirmed version, and the items that do not apply."""
    return {CONFIRM: form.get(CONFIRM), SKIP: form.getlist(SKIP)}


def confirmed() -> dict[str, Any]:
    """The posted fields that confirm every item, for callers such as the demo and the tests."""
    return {CONFIRM: VERSION}


def require_complete(role: str, scope: str, checklist: Mapping[str, Any] | None) -> None:
    """Raises ChecklistIncomplete if a clinician signs the whole text without answering every item."""
    if role != Role.MEDICAL or scope != Scope.WHOLE:
        return
    given = (checklist or {}).get("answers") or {}
    if (checklist or {}).get("version") != VERSION or any(not _counts(item, given) for item in BY_REVIEWER):
        raise ChecklistIncomplete(
            "Nothing was signed. Confirm the checklist first: tick “I have checked each of these”. If an item does not "
            "apply, mark it."
        )


def _answer(item: Item, given: set[str]) -> str:
    return YES if item.is_essential or item.id in given else NOT_APPLICABLE


def _counts(item: Item, given: Mapping[str, str]) -> bool:
    return given.get(item.id) in ((YES,) if item.is_essential else (YES, NOT_APPLICABLE))

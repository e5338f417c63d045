"""The checklist above a signature: the automated checks, and the items that the reviewer confirms."""

from typing import Any

from articles.review.review import Review
from articles.review.signing import checklist
from articles.review.signing.checklist_decided import FAILS


def checklist_of(review: Review) -> dict[str, Any]:
    """{version, decided, failing, holding: [(item, decision)], asked: [item]}."""
    made = checklist.decisions(review.draft)
    decided = [(item, made[item.id]) for item in checklist.ITEMS if item.id in made]
    return {
        "version": checklist.VERSION,
        "decided": decided,
        "failing": [row for row in decided if row[1].verdict == FAILS],
        "holding": [row for row in decided if row[1].verdict != FAILS],
        "asked": checklist.asked(review.draft, is_article=review.is_article),
    }

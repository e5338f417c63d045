"""The marked changes of a text that a person may sign without reading it whole, difference by difference."""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractUser as User

from articles.record.compare.differences import Change, Run, differences
from articles.record.history import find_signed
from articles.record.vocabulary import ChangeKind
from articles.review import own_words
from articles.review.needs import rules
from articles.review.review import MEDICAL, Review

NOTE_PLACE = "What readers are told"
NOTHING_TOLD = "Nothing: only the wording changed."
UPDATED = "That the text changed, without a note."


def signable(review: Review, user: User, role: str) -> list[str]:
    """The parts whose changes this person can sign now; none if the text must be read whole or cannot be signed.

    Who suggested the words signs them on the text's own page, under a sentence that says so.
    """
    if not review.has_base or rules.obstacle(review) or own_words.statement(review, user):
        return []
    wanted = list(dict.fromkeys(item.part for item in rules.lacking(review) if item.role == role))
    return [] if any(rules.refusal(review, user, role, part) for part in wanted) else wanted


def told(review: Review, parts: Sequence[str]) -> list[Change]:
    """Every difference of these parts since the latest edition, and what readers are told of it. None where a part did
    not change, or where words do not say all that changed: such a text is read whole."""
    assert review.base is not None
    found: list[Change] = []
    for part in parts:
        before, document = find_signed(review.base.digests[part]), review.documents[part]
        if before is None or review.base.digests[part] == document.digest:
            return []
        changes = differences(before, document.value, names=review.names)
        if not changes or not all(change.is_told for change in changes):
            return []
        found += changes
    return found + (_note(review) if MEDICAL in parts else [])


def keys(found: Sequence[Change]) -> list[str]:
    """What a text's differences are known by, each once, in their order."""
    return list(dict.fromkeys(each.key for each in found))


def _note(review: Review) -> list[Change]:
    """What the author proposes to tell readers: the clinician signs it with the text."""
    if not review.change:
        return []
    is_editorial = review.change["kind"] == ChangeKind.EDITORIAL
    words = NOTHING_TOLD if is_editorial else review.change["note"].strip() or UPDATED
    if review.change["correction"]:
        words = f"Correction: {words}"
    return [Change(NOTE_PLACE, "", (Run("added", words),), key=review.note_mark)]

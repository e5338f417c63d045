"""The public change note, and the author's own note where it differs."""

from dataclasses import dataclass

from articles.errors import DomainError
from articles.record.vocabulary import ChangeKind
from articles.review.needs import change_note
from articles.review.review import Review

FIRST = "This is the first edition, so readers see no change note."
EDITORIAL = (
    "The author proposes an editorial change: only the wording changed. Your signature confirms this. Readers see no "
    "change note, and the date of the last update stays the same. If readers should see a note, request changes."
)
PRESENTED = "Only the presentation changed. Readers see no change note, and the date of the last update stays the same."
NOTED = "Readers see this note with its date."
UNNOTED = "There is no note. Readers see that the text changed, and when, but not what changed."
CORRECTED = "It corrects an error, so it also appears above the article."


@dataclass(frozen=True)
class Told:
    """`kind` and `note` are public, and empty if there is no change; `words` explain their effect.

    `own` is the author's note if it is not published; `is_own_correction`: the author marked it as a correction.
    """

    kind: str
    note: str
    is_correction: bool
    words: str
    own: str
    is_own_correction: bool


def told_of(review: Review) -> Told | None:
    """None if this text is published already, or if it is a first edition without a note."""
    if review.draft is None or review.is_current:
        return None
    change, own = review.change, review.draft.change_note.strip()
    note, is_correction = change.get("note", "").strip(), change.get("correction", False)
    if not change and not own:
        return None
    return Told(
        kind=change.get("kind", ""),
        note=note,
        is_correction=is_correction,
        words=_words(review, note, is_correction),
        own=own if own != note else "",
        is_own_correction=review.draft.is_correction and not is_correction,
    )


def problem_of(review: Review) -> str:
    """Why the change note keeps the text from being signed; "" if it does not."""
    try:
        change_note.require(review)
    except DomainError as error:
        return error.detail
    return ""


def _words(review: Review, note: str, is_correction: bool) -> str:
    if not review.change:
        return FIRST
    if review.change["kind"] == ChangeKind.EDITORIAL:
        return EDITORIAL if review.asks_clinicians else PRESENTED
    if not note:
        return UNNOTED
    return f"{NOTED} {CORRECTED}" if is_correction else NOTED

"""Public change note of a change, in words; and the author's own note where that is not what they hear."""

from dataclasses import dataclass

from articles.errors import DomainError
from articles.record.vocabulary import ChangeKind
from articles.review.needs import change_note
from articles.review.review import Review

FIRST = "This is the first edition, so readers are told of no change."
EDITORIAL = (
    "The author proposes that only the wording changed, and you sign that with the text. Readers are told of no "
    "change, and the date of the last update stays. If readers should be told, request changes and say so."
)
PRESENTED = "Only the presentation changed. Readers are told of no change, and the date of the last update stays."
NOTED = "Readers see it, with the date."
UNNOTED = "No note: readers see that the text changed, with the date, and not what changed."
CORRECTED = "Readers had something wrong, so it will also stand above the article, with the date."


@dataclass(frozen=True)
class Told:
    """`kind` and `note` are what readers get, empty where there is nothing to tell; `words` say what comes of it.

    `own` is what the author wrote and readers do not hear; `is_own_correction`: the author called it a correction.
    """

    kind: str
    note: str
    is_correction: bool
    words: str
    own: str
    is_own_correction: bool


def told_of(review: Review) -> Told | None:
    """None where there is nothing to say: readers get the text already, or a first edition has no note."""
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
    """Why nobody can sign before readers are told what changed; "" if nothing stands in the way."""
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

"""The author must describe a change of the medical part for readers, or mark it as a change of wording only."""

from articles.errors import DomainError
from articles.review.review import Review


class NoteMissing(DomainError):
    """The change has no note to readers and is not marked as wording only, or it has the note of an earlier edition."""

    code = "note-missing"
    field = "change_note"
    title = "The note to readers is missing."
    status = 422


def require(review: Review) -> None:
    """Raises NoteMissing unless the author has written a note on the changed medical part, or marked it as wording."""
    base = review.base
    if not review.change or not review.asks_clinicians or base is None or base.digests == review.digests:
        return
    if review.is_editorial:
        return
    note = review.change["note"]
    if not note.strip():
        raise NoteMissing(_missing(review))
    if base.change_note and note == base.change_note:
        raise NoteMissing(
            f"The note to readers is still the one for edition {base.number}. Describe the new change, or clear the "
            "note and tick “only the wording changed”."
        )


def _missing(review: Review) -> str:
    if review.is_wording_only and review.change["correction"]:
        return "A correction changes more than the wording. Tell readers what was wrong, or clear the correction box."
    if review.is_wording_only:
        return (
            "You can tick “only the wording changed” only for a published text that has all its signatures. Describe "
            "the change for readers; they see the note with its date."
        )
    return (
        "Describe the change under “What changes for readers”, in the tab Facts. Readers see the note with its date. "
        "If there is nothing to tell them, tick “only the wording changed” there."
    )

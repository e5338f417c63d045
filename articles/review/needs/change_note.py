"""The author says what readers are told of a change of the medical part: a note of its own, or that it is wording."""

from articles.errors import DomainError
from articles.review.review import Review


class NoteMissing(DomainError):
    """Neither a note to readers nor the choice that only the wording changed; or the note of an earlier edition."""

    code = "note-missing"
    title = "Readers are not told what changed."
    status = 422


def require(review: Review) -> None:
    """Raises NoteMissing unless the author chose what readers are told of another medical part."""
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
            f"The note to readers is still the one of edition {base.number}. Say what changed now, or clear the note "
            "and choose “only the wording changed”."
        )


def _missing(review: Review) -> str:
    if review.is_wording_only and review.change["correction"]:
        return "A correction is not only wording. Say for readers what was wrong, or take the tick off the correction."
    if review.is_wording_only:
        return (
            "“Only the wording changed” can follow only a published text with all its signatures. Say for readers what "
            "changed; they see the note with its date."
        )
    return (
        "Say for readers what changed, in “Facts: what changed, for readers”; they see it with the date. If there is "
        "nothing to tell them, choose “only the wording changed” there."
    )

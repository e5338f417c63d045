"""Readers are told what a material change changed, in words of this edition's own."""

from articles.errors import DomainError
from articles.review.review import Subject


class NoteMissing(DomainError):
    """A material change without a word to readers, or with the word on an earlier one."""

    code = "note-missing"
    title = "Readers are not told what changed."
    status = 422


def require(subject: Subject) -> None:
    """A material change of the medical text tells readers what changed. Raises NoteMissing."""
    base = subject.base
    if not subject.change or not subject.asks_clinicians or base is None or base.digests == subject.digests:
        return
    note = subject.change["note"]
    if not note.strip():
        raise NoteMissing(
            "Say for readers what changed, in “Facts: what changed, for readers”; they see it with the date."
        )
    if base.change_note and note == base.change_note:
        raise NoteMissing(
            f"What readers are told of the change is still the note of edition {base.number}. Say what is new now."
        )

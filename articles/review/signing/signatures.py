"""The sign-offs that a publication relies on, and those that it still lacks."""

from articles.errors import Erased, NotSignedOff
from articles.record.compare.differences import changed_places
from articles.record.history import find_signed
from articles.record.models import Document, SignOff
from articles.record.vocabulary import Role
from articles.review.needs.missing import missing, part_label
from articles.review.review import MEDICAL, Review


def parts_to_sign(review: Review, role: str) -> list[str]:
    """The parts that still lack a signature in this role."""
    return list(dict.fromkeys(item.part for item in missing(review) if item.role == role))


def require(review: Review) -> list[SignOff]:
    """The sign-offs that a publication relies on. Raises NotSignedOff with the missing ones and the changes."""
    if lacking := missing(review):
        raise NotSignedOff(
            f"Missing signatures: {'; '.join(map(str, lacking))}.",
            missing=[str(item) for item in lacking],
            changed=changed_since_signing(review),
        )
    return _all_counting(review)


def require_in_emergency(review: Review) -> list[SignOff]:
    """The sign-offs that an emergency publication relies on. Raises NotSignedOff unless a clinician signed the medical
    part, and each part with a missing signature."""
    for part in dict.fromkeys([*(item.part for item in missing(review)), MEDICAL]):
        if not any(row.role == Role.MEDICAL for row in review.counting(part)):
            raise NotSignedOff(f"Even in an emergency, a clinician must sign the {part_label(part)}.")
    return _all_counting(review)


def changed_since_signing(review: Review) -> list[str]:
    """The places that differ from the last signed text, in words."""
    changed: list[str] = []
    for part, document in review.documents.items():
        last = SignOff.objects.filter(subject=review.id, part=part).order_by("-event").first()
        if last and last.digest != document.digest and (signed := find_signed(last.digest)):
            changed += changed_places(signed, document.value)
    return changed


def lock_documents(review: Review) -> None:
    """Lock the documents until the transaction ends, so that none is erased while it is signed or published.

    Runs once for an open review, before the ledger's counter and in a fixed order, to avoid deadlocks. Raises Erased.
    """
    if review.stored is None:
        rows = Document.objects.select_for_update().filter(digest__in=review.digests.values()).order_by("digest")
        found = list(rows.values_list("digest", "kind", "content"))
        if erased := [kind for _, kind, content in found if not content]:
            raise Erased(f"The {part_label(erased[0])}")
        review.stored = {digest for digest, _, _ in found}


def _all_counting(review: Review) -> list[SignOff]:
    lock_documents(review)
    return [row for part in review.documents for row in review.counting(part)]

"""What a publication rests on, and what it still lacks."""

from typing import Any

from articles.errors import Erased, NotSignedOff
from articles.record.compare.differences import changed_places
from articles.record.documents import read_document
from articles.record.models import Document, SignOff
from articles.record.vocabulary import Role
from articles.review.needs.missing import missing, part_label
from articles.review.review import MEDICAL, Subject


def parts_to_sign(subject: Subject, role: str) -> list[str]:
    """Parts that still lack a signature of this role."""
    return list(dict.fromkeys(item.part for item in missing(subject) if item.role == role))


def require(subject: Subject) -> list[SignOff]:
    """The sign-offs that a publication rests on. Raises NotSignedOff with what is missing and what changed."""
    if lacking := missing(subject):
        raise NotSignedOff(
            f"Still to sign: {'; '.join(map(str, lacking))}.",
            missing=[str(item) for item in lacking],
            changed=changed_since_signing(subject),
        )
    return _all_counting(subject)


def require_in_emergency(subject: Subject) -> list[SignOff]:
    """The sign-offs that an emergency rests on: a clinician's on each part that lacks one. Raises NotSignedOff."""
    for part in dict.fromkeys([*(item.part for item in missing(subject)), MEDICAL]):
        if not any(row.role == Role.MEDICAL for row in subject.counting(part)):
            raise NotSignedOff(f"In an emergency too a clinician signs the {part_label(part)}.")
    return _all_counting(subject)


def changed_since_signing(subject: Subject) -> list[str]:
    """Places that differ from what was last signed, in words."""
    changed: list[str] = []
    for part, document in subject.documents.items():
        last = SignOff.objects.filter(subject=subject.id, part=part).order_by("-event").first()
        if last and last.digest != document.digest:
            signed = Document.objects.filter(digest=last.digest).first()
            if signed and signed.content:
                changed += changed_places(read_document(bytes(signed.content)), document.value)
    return changed


def lock_documents(subject: Subject) -> list[tuple[str, Any]]:
    """[(kind, bytes)]. Before the ledger's counter and in one order, so that nobody waits in a circle."""
    rows = Document.objects.select_for_update().filter(digest__in=subject.digests.values()).order_by("digest")
    return list(rows.values_list("kind", "content"))


def _all_counting(subject: Subject) -> list[SignOff]:
    """Documents are locked until the transaction ends, so that none is erased while it is being published."""
    for kind, content in lock_documents(subject):
        if not content:
            raise Erased(f"The {part_label(kind)}")
    return [row for part in subject.documents for row in subject.counting(part)]

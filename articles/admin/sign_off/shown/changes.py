"""The changes shown on the sign-off page: since the latest edition, and since this person last saw the text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractUser as User
from django.utils.timezone import localtime

from articles.admin.sign_off.shown.earlier_text import find_values
from articles.record.compare.differences import Change, differences
from articles.record.history import find_signed
from articles.record.models import SignOff
from articles.record.vocabulary import DocumentKind
from articles.review.models import ChangeRequest
from articles.review.review import Review, Target

Names = Mapping[str, str]


@dataclass(frozen=True)
class Comparison:
    """The changes of one part."""

    label: str
    changes: list[Change]


@dataclass(frozen=True)
class Since:
    """What changed since this person saw the text; `unknown` names the parts whose earlier text is not stored."""

    words: str
    comparisons: list[Comparison]
    unknown: list[str]


def since_edition(review: Review, names: Names) -> list[Comparison]:
    """The changes part by part. If the old text was erased by law, the whole new text is marked as added."""
    old = review.base.digests if review.base else {}
    return [
        Comparison(_label(part), differences(find_signed(old[part]), document.value, names=names))
        for part, document in review.documents.items()
        if old.get(part) and old[part] != document.digest
    ]


def since_seen(target: Target, review: Review, seen: Mapping[str, str], names: Names) -> Since:
    """The changes since the text with these digests (from the posted form) was on this person's screen."""
    return _since("What changed since you read it", target, review, seen, names)


def since_last_look(target: Target, review: Review, user: User, names: Names) -> Since | None:
    """The changes since this person's last sign-off or request; None if they last saw the latest edition."""
    words, _, digests = max(_looks(review, user), key=lambda look: look[1], default=("", None, {}))
    if not digests or (review.base and all(review.base.digests.get(part) == row for part, row in digests.items())):
        return None
    return _since(words, target, review, digests, names)


def _looks(review: Review, user: User) -> list[tuple[str, datetime, dict[str, str]]]:
    request = ChangeRequest.objects.filter(subject=review.id, user_id=user.pk).order_by("at").last()
    rows = list(SignOff.objects.filter(subject=review.id, user=user.pk).order_by("event"))
    found = [(f"Changed since your last request on {_day(request.at)}", request.at, request.digests)] if request else []
    if rows:
        at = rows[-1].signed_at
        found.append((f"Changed since you signed on {_day(at)}", at, {row.part: row.digest for row in rows}))
    return found


def _since(words: str, target: Target, review: Review, seen: Mapping[str, str], names: Names) -> Since:
    moved = {part: digest for part, digest in seen.items() if review.digests.get(part) not in (None, digest)}
    old = find_values(target, moved) if moved else {}
    comparisons = [
        Comparison(_label(part), differences(value, review.documents[part].value, names=names))
        for part, value in old.items()
    ]
    return Since(words, comparisons, [_label(part) for part in moved if part not in old])


def _label(part: str) -> str:
    return str(DocumentKind(part).label)


def _day(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y}"

"""Whose words come back: who wrote each piece of a text, in this article or in another one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from articles.record.models import Edition
from articles.review.contributions.pieces import Piece
from articles.review.models import Contribution, WrittenPiece
from articles.review.review import NOTE

Marks = Mapping[str, str]  # {name: exact mark} of what a part held
Writers = dict[str, set[int]]


def credit(*, subject: str, part: str, pieces: Mapping[str, Piece], before: Marks, known: Iterable[int]) -> set[int]:
    """Remember who wrote each piece that came since `before`, and answer with those whose words come back with it.

    Nobody's words come back where a piece is what the last edition said: taking one's own change back brings nothing
    back. Who changed a piece since then has written what others make of it, too. At most five queries.
    """
    vouched = {} if part == NOTE else left_of_edition(subject, part)
    kept = {*before.values(), *vouched.values()}
    come = {name: piece for name, piece in pieces.items() if piece.exact not in kept}
    if not come:
        return set()
    old = _writers_again({piece.loose for piece in come.values()}, vouched)
    built_on = _writers_before({before[name] for name in come if name in before} - {*vouched.values()}, subject)
    rows = [
        WrittenPiece(subject=subject, exact=piece.exact, loose=piece.loose, user_key=user)
        for name, piece in come.items()
        for user in {*known} | old[piece.loose] | built_on[before.get(name, "")]
    ]
    WrittenPiece.objects.bulk_create(rows, ignore_conflicts=True)
    return set().union(*old.values())


def left_of_edition(subject: str, part: str) -> Marks:
    """What the part held when the latest edition was published."""
    edition = Edition.objects.filter(subject=UUID(subject)).order_by("number").last()
    if edition is None:
        return {}
    rows = Contribution.objects.filter(subject=subject, part=part, at__lte=edition.published_at)
    return rows.order_by("pk").values_list("left", flat=True).last() or {}


def _writers_again(loose: set[str], vouched: Marks) -> Writers:
    """{loose mark: who wrote such words, in any article}, other than those that the last edition has."""
    rows = WrittenPiece.objects.filter(loose__in=loose).exclude(exact__in={*vouched.values()})
    return _by_mark(rows.values_list("loose", "user_key"))


def _writers_before(exact: set[str], subject: str) -> Writers:
    """{exact mark: who wrote a piece that was changed just now}."""
    rows = WrittenPiece.objects.filter(subject=subject, exact__in=exact) if exact else WrittenPiece.objects.none()
    return _by_mark(rows.values_list("exact", "user_key"))


def _by_mark(rows: Iterable[tuple[str, int]]) -> Writers:
    found: Writers = defaultdict(set)
    for mark, user in rows:
        found[mark].add(user)
    return found

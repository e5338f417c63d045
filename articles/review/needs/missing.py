"""The signatures that a text lacks under its policies, whether they are requested or not."""

from collections.abc import Mapping
from dataclasses import dataclass

from articles.record.models import SignOff
from articles.record.vocabulary import DocumentKind, Role
from articles.review.review import Review


@dataclass(frozen=True)
class Missing:
    """`count` signatures of `role` are still needed on `part`, of clinicians of `specialty` if it is not empty."""

    part: str
    role: str
    count: int
    specialty: str = ""

    def __str__(self) -> str:
        number = "" if self.count == 1 else f"{self.count} × "
        special = f" ({self.specialty})" if self.specialty else ""
        return f"{number}{role_label(self.role)}{special} on the {part_label(self.part)}"


def missing(review: Review, given: Mapping[str, list[SignOff]] | None = None) -> list[Missing]:
    """The missing signatures, editors first. `given`: {part: sign-offs to count}, by default all that count."""
    found = [
        Missing(part, lack.role, lack.count, lack.specialty)
        for part, rules in review.rules.items()
        for lack in rules.lacking(given[part] if given else review.counting(part))
    ]
    return sorted(found, key=lambda item: Role.values.index(item.role))


def part_label(part: str) -> str:
    """The label of a part; unknown values, which come from posted forms, are quoted."""
    return str(DocumentKind(part).label).lower() if part in DocumentKind.values else f"part “{part[:32]}”"


def role_label(role: str) -> str:
    return str(Role(role).label).lower() if role in Role.values else f"role “{role[:32]}”"

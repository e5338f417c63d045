"""What a check returns."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Blocking stops submission and signing; a warning is shown to the reviewer; advice to the author."""

    BLOCKING = "blocking"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True)
class Finding:
    """`path` leads to the place: `title`, `hero.alt`, `body/<block id>/findings/0`; `code` is the check's name.

    `message` tells the author what to do; `source` is where the rule comes from.
    """

    severity: Severity
    path: str
    message: str
    code: str = ""
    source: str = ""

    @property
    def block(self) -> str:
        """The id of the block it stands in, or empty."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "body" and len(parts) > 1 else ""

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
    """`path` leads to the place, field names and places in lists (from 0) between slashes: `title`, `hero/alt`,
    `body` (something is missing there), `body/<block id>/findings/0/citations/1`, `body/<block id>/offer/label`
    (of the offer that stands in it). `code` is the check's name.

    `message` tells the author what to do; `source` is where the rule comes from.
    """

    severity: Severity
    path: str
    message: str
    code: str = ""
    source: str = ""

    @property
    def block(self) -> str:
        """The id of the block that it is about, or empty."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "body" and len(parts) > 1 else ""

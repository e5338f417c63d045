"""What can go wrong, as classes: one for each anticipated failure, raised where the rule is.

The API turns each into a problem (RFC 9457), the admin into a message, a command into exit 1.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied


class DomainError(Exception):
    """An anticipated failure. `code` is kebab-case and stable; `str(error)` says what to do. `field` of the article:
    where it is done, "" for none."""

    code = "domain-error"
    field = ""
    title = "This cannot be done."
    status = 409

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def reason(self) -> str:
        """What the ledger may keep for ever: the detail, without words of a document that may have to be erased."""
        return self.detail


class NotRepresentable(DomainError):
    """A value has no canonical form (RFC 8785, I-JSON): NUL, lone surrogate, float, huge integer."""

    code = "not-representable"
    title = "The text cannot be stored exactly."
    status = 422


class NotRecomposed(DomainError):
    """A publication that an earlier version composed; only its stored HTML can be served until it is composed anew."""

    code = "not-recomposed"
    title = "The publication is being updated."
    status = 503

    def __init__(self) -> None:
        super().__init__("This version of Vetted is still updating its publications; try again in a minute.")


class Refused(DomainError, PermissionDenied):
    """What nobody may do with an article by hand; Wagtail's admin and its API answer it as a lack of permission."""

    code = "refused"
    title = "This cannot be done by hand."
    status = 403


class NoAliases(Refused):
    """Two rows with one article id would be two truths."""

    code = "no-aliases"
    title = "Articles cannot have aliases."


class StillRead(Refused):
    """Readers get it, so its page or working copy is not deleted."""

    code = "still-read"
    title = "This is published."


class UnknownBlock(DomainError):
    """A draft holds a block type that this version does not know; saving would drop it."""

    code = "unknown-block"
    title = "The article contains an unknown block."


class NotSignedOff(DomainError):
    """A part lacks a signature that its policy asks for, on exactly these bytes."""

    code = "not-signed-off"
    title = "The content is not signed."

    def __init__(self, detail: str, *, missing: Sequence[str] = (), changed: Sequence[str] = ()) -> None:
        since = f" Since the last signature these changed: {'; '.join(changed)}." if changed else ""
        super().__init__(detail + since)
        self.missing = tuple(missing)
        self.changed = tuple(changed)
        self._reason = detail

    @property
    def reason(self) -> str:
        return self._reason


class ContentChanged(DomainError):
    """What was shown is not what is there now; nothing was signed."""

    code = "content-changed"
    title = "The article changed while you were reading."

    def __init__(self, detail: str, *, changed: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.changed = tuple(changed)


class CannotSign(DomainError):
    """This person may not sign this part: role, credentials, or four eyes."""

    code = "cannot-sign"
    title = "You cannot sign this."
    status = 403


class NotAuthenticated(DomainError):
    """The fresh authentication at signing failed."""

    code = "not-authenticated"
    title = "The password is not right."
    status = 403


class BlockedByFindings(DomainError):
    """Blocking findings stand against the draft."""

    code = "blocked-by-findings"
    title = "The article has blocking findings."

    def __init__(self, detail: str, *, findings: Sequence[Any] = ()) -> None:
        super().__init__(detail)
        self.findings = tuple(findings)


class NotPublished(DomainError):
    """The article has no publication to act on."""

    code = "not-published"
    title = "The article is not published."


class SlugTaken(DomainError):
    """Another article answers, or answered, at this slug in this locale."""

    code = "slug-taken"
    field = "slug"
    title = "Another article has this address."


class Unreadable(DomainError):
    """A file that intake cannot read; the message names the file's fault and what to do."""

    code = "unreadable"
    title = "The file cannot be read."
    status = 422


class Erased(DomainError):
    """These bytes were erased by law; whoever would sign or publish them would vouch for nothing."""

    code = "erased"
    title = "This text was erased."

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} contains text that was erased by law. Change the text, then have it signed.")


class CannotErase(DomainError):
    """The document is not there, is erased already, or readers still get it."""

    code = "cannot-erase"
    title = "The document cannot be erased."

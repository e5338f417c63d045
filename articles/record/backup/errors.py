"""Why there is no backup, or why one is not restored."""

from articles.errors import DomainError


class BackupFailed(DomainError):
    """A backup that would be incomplete is not made."""

    code = "backup-failed"
    title = "The backup was not made."


class RestoreRefused(DomainError):
    """The archive is damaged, foreign or for another database, or something would be lost. Nothing was changed."""

    code = "restore-refused"
    title = "The backup was not restored."


class NotUsable(DomainError):
    """The file that the operator named cannot be read or written: a usage error."""

    code = "not-usable"
    title = "The file cannot be used."
    status = 422

"""The states of an import run, of its files and of its articles, as editors see them."""

from django.db.models import TextChoices


class RunState(TextChoices):
    READING = "reading", "Reading the files"
    READY = "ready", "Ready"
    DRAFTING = "drafting", "Making drafts"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"


class FileState(TextChoices):
    WAITING = "waiting", "Waiting"
    READ = "read", "Read"
    FAILED = "failed", "Could not be read"


class ArticleState(TextChoices):
    READ = "read", "Read, no draft yet"
    DRAFTED = "drafted", "Draft made"
    UPDATED = "updated", "Draft updated"
    STALE = "stale", "Corrected after the draft"
    UNCHANGED = "unchanged", "Unchanged"
    CONFLICT = "conflict", "Edited here since"
    KEPT = "kept", "Our draft kept"
    FAILED = "failed", "Failed"
    UNDONE = "undone", "Undone"
    LEFT = "left", "Left by the undo"


# States of a run in which the worker has something to do.
BUSY = (RunState.READING, RunState.DRAFTING, RunState.UNDOING)
# States of an article whose draft this run wrote; what the bulk task makes drafts of; what one click makes one of.
WRITTEN = (ArticleState.DRAFTED, ArticleState.UPDATED, ArticleState.STALE)
TO_DRAFT = (ArticleState.READ, ArticleState.STALE)
MAY_BE_DRAFTED = (*TO_DRAFT, ArticleState.FAILED, ArticleState.UNDONE)

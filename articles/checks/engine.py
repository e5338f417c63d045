"""Runs every check over a draft. Pure: the same draft gives the same findings."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from articles.checks import calls, evidence, language, media, structure
from articles.checks.finding import Finding, Severity
from articles.document.draft import Draft
from articles.errors import BlockedByFindings

Check = Callable[[Draft], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    *structure.CHECKS,
    *evidence.CHECKS,
    *calls.CHECKS,
    *media.CHECKS,
    *language.CHECKS,
)
ORDER = list(Severity)
HEAD = ("title", "summary", "hero", "body")


def run(draft: Draft) -> list[Finding]:
    """All findings, blocking ones first, then in reading order."""
    found = [finding for check in CHECKS for finding in _named(check, draft)]
    return sorted(found, key=lambda finding: (ORDER.index(finding.severity), _place(finding.path, draft)))


def blocking(draft: Draft) -> list[Finding]:
    return [finding for finding in run(draft) if finding.severity == Severity.BLOCKING]


def require_no_blocking(draft: Draft) -> None:
    """Raises BlockedByFindings with every blocking finding."""
    if found := blocking(draft):
        messages = " ".join(finding.message for finding in found)
        raise BlockedByFindings(f"Mend these first: {messages}", findings=found)


def _named(check: Check, draft: Draft) -> Iterator[Finding]:
    """The finding's code is the check's name; the rule's source stands in its docstring."""
    source = (check.__doc__ or "").partition("Source: ")[2].strip().rstrip(".")
    return (replace(finding, code=check.__name__, source=source) for finding in check(draft))


def _place(path: str, draft: Draft) -> tuple:
    """Sorts in reading order: the page's head, then block by block, each field by field as it is stored."""
    head, *rest = path.split("/")
    if head != "body" or not rest:
        return (HEAD.index(head) if head in HEAD else len(HEAD),)
    section = next((section for section in draft.sections if section.id == rest[0]), None)
    fields = list(section.value) if section and isinstance(section.value, dict) else []
    field = fields.index(rest[1]) if rest[1:] and rest[1] in fields else -1
    return (
        HEAD.index("body"),
        section.index if section else -1,
        field,
        *(int(part) for part in rest[1:] if part.isdecimal()),
    )

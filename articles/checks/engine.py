"""Runs every check over a draft, or over a component by itself. Pure: the same draft gives the same findings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from articles.checks import calls, codes, components, head, language, links, media, structure, typed
from articles.checks.claims import evidence, numbers, risks, sources, strength
from articles.checks.finding import Finding, Severity
from articles.checks.wording import plain
from articles.document.draft import DisclaimerData, Draft, OfferData
from articles.errors import BlockedByFindings

Check = Callable[[Draft], Iterator[Finding]]
Checked = Draft | OfferData | DisclaimerData

CHECKS: tuple[Check, ...] = (
    *head.CHECKS,
    *structure.CHECKS,
    *evidence.CHECKS,
    *sources.CHECKS,
    *strength.CHECKS,
    *numbers.CHECKS,
    *risks.CHECKS,
    *calls.CHECKS,
    *media.CHECKS,
    *codes.CHECKS,
    *language.CHECKS,
    *plain.CHECKS,
    *typed.CHECKS,
    *links.CHECKS,
)
ORDER = list(Severity)
HEAD = ("title", "summary", "hero", "body")


def run(draft: Checked) -> list[Finding]:
    """All findings, blocking ones first, then in reading order."""
    found = [finding for check in checks_of(draft) for finding in _named(check, draft)]
    return sorted(found, key=lambda finding: (ORDER.index(finding.severity), _place(finding.path, draft)))


def checks_of(draft: Checked) -> tuple[Callable[[Any], Iterator[Finding]], ...]:
    """An article's, an offer's or a disclaimer's."""
    if isinstance(draft, Draft):
        return CHECKS
    return components.OF_OFFERS if isinstance(draft, OfferData) else components.OF_DISCLAIMERS


def blocking(draft: Checked) -> list[Finding]:
    return [finding for finding in run(draft) if finding.severity == Severity.BLOCKING]


def require_none(found: Sequence[Finding]) -> None:
    """Raises BlockedByFindings with these findings, if there are any."""
    if found:
        messages = " ".join(finding.message for finding in found)
        raise BlockedByFindings(f"Fix these first: {messages}", findings=found)


def _named(check: Callable[[Any], Iterator[Finding]], draft: Checked) -> Iterator[Finding]:
    """The finding's code is the check's name; the check's docstring names the source of the rule."""
    source = (check.__doc__ or "").partition("Source: ")[2].strip().rstrip(".")
    return (replace(finding, code=check.__name__, source=source) for finding in check(draft))


def _place(path: str, draft: Checked) -> tuple:
    """Sorts in reading order: the page's head, then block by block, each field by field as it is stored."""
    head, *rest = path.split("/")
    if head != "body" or not rest or not isinstance(draft, Draft):
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

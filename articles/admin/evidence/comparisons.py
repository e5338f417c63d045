"""The parts of a pack that compare and judge: differences to the edition before, findings of the checks, comments."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from wagtail.models import Comment, Revision

from articles.admin.evidence.moment import Live
from articles.authoring.models import ArticlePage
from articles.checks import engine
from articles.checks.finding import Finding
from articles.document.gather import gather
from articles.document.render import render
from articles.errors import DomainError
from articles.record.compare.differences import Change, differences
from articles.record.events import instant
from articles.record.ledger import related_events
from articles.record.ledger.sentences import indented, label, moment, one_line
from articles.record.vocabulary import DocumentKind, Role
from articles.review.models import ChangeRequest
from articles.review.roles import signer

Json = dict[str, Any]
MARKS = {"same": ("", ""), "added": ("[+", "+]"), "removed": ("[-", "-]")}
MALFORMED = (LookupError, TypeError, ValueError, AttributeError)  # stored JSON of another time's form


@dataclass(frozen=True)
class Comparison:
    """What changed in one part; `problem` says why that cannot be told."""

    label: str
    changes: list[Change]
    problem: str = ""


def comparisons_of(live: Live, names: Mapping[str, str]) -> list[Comparison]:
    """Part by part against the edition before; empty for a first edition."""
    if live.previous is None:
        return []
    values = related_events.documents([*live.previous.digests.values(), *live.edition.digests.values()])
    return [
        _compare(part, live.previous.digests.get(part, ""), digest, values, names)
        for part, digest in live.edition.digests.items()
    ]


def _compare(part: str, old: str, new: str, values: Mapping[str, Json], names: Mapping[str, str]) -> Comparison:
    said = label(DocumentKind, part)
    if old == new:
        return Comparison(said, [])
    if old not in values or new not in values:
        return Comparison(said, [], "One of the two texts was erased by law, so they cannot be compared.")
    return Comparison(said, differences(values[old], values[new], names=names))


def differences_text(live: Live, comparisons: list[Comparison]) -> str:
    if live.previous is None:
        return "This is the first edition: there is none before it to compare with.\n"
    said = [
        f"What changed from edition {live.previous.number} to edition {live.edition.number}.",
        "[+added+] [-removed-]",
        "",
    ]
    if live.edition.change_note:
        said += [f"What readers were told: {indented(live.edition.change_note)}", ""]
    for comparison in comparisons:
        said += [comparison.label.upper(), comparison.problem or ("" if comparison.changes else "Nothing.")]
        said += [line for change in comparison.changes for line in _change(change)]
    return "\n".join(said) + "\n"


def _change(change: Change) -> list[str]:
    words = "".join(f"{MARKS[run.op][0]}{run.text}{MARKS[run.op][1]}" for run in change.excerpt)
    return [f"- {one_line(change.place)} ({change.kind})", *(f"    {line}" for line in words.splitlines()), ""]


@dataclass(frozen=True)
class Findings:
    """What the checks say of the signed text; `unknown` says why that is not known."""

    found: tuple[Finding, ...] = ()
    unknown: str = ""

    def as_json(self) -> Json:
        rows = [{name: str(value) for name, value in asdict(finding).items()} for finding in self.found]
        return {"known": not self.unknown, "why": self.unknown, "findings": rows}

    def as_text(self) -> str:
        if self.unknown:
            return f"Not known: {self.unknown}\n"
        said = "The checks of today, on the draft that renders to exactly the signed texts of this edition.\n\n"
        rows = [
            f"{finding.severity}: {one_line(finding.message)} ({finding.code}, {finding.path or 'the article'})"
            for finding in self.found
        ]
        return said + ("\n".join(rows) or "Nothing found.") + "\n"


def findings_of(live: Live) -> Findings:
    """Of the edition's revision, where it still renders to the digests that were signed."""
    revision = Revision.objects.filter(pk=live.edition.revision).first() if live.edition.revision else None
    if revision is None:
        return Findings(unknown="The draft that was published is no longer kept.")
    try:
        draft = gather(revision)
        digests = {part: document.digest for part, document in render(draft).items()}
    except (DomainError, *MALFORMED) as error:
        return Findings(unknown=f"The draft that was published can no longer be read ({error}).")
    if digests != live.edition.digests:
        return Findings(
            unknown="The draft that was published no longer renders to the signed texts, since a source, an image, a "
            "person or the program changed since. The signed texts themselves are in documents/."
        )
    return Findings(tuple(engine.run(draft)))


def comments_of(article: UUID) -> list[Json]:
    """Wagtail's comments and their answers, and what reviewers asked to be changed, in order."""
    page = ArticlePage.objects.filter(article_id=article).first()
    rows = Comment.objects.filter(page=page.pk).select_related("user").prefetch_related("replies__user") if page else []
    found = [_comment(row) for row in rows]
    found += [_request(row) for row in ChangeRequest.objects.filter(subject=article).select_related("user")]
    return sorted(found, key=lambda row: (row["at"], row["text"]))


def comments_text(comments: list[Json]) -> str:
    said = []
    for row in comments:
        said.append(f"{row['at']} {row['who']} ({one_line(row['where'])}): {indented(row['text'])}")
        said += [f"    {reply['at']} {reply['who']}: {indented(reply['text'])}" for reply in row["replies"]]
    return "\n".join(said or ["Nobody commented."]) + "\n"


def _comment(row: Comment) -> Json:
    replies = [
        {"at": instant(reply.created_at), "who": _who(reply.user), "text": reply.text} for reply in row.replies.all()
    ]
    replies.sort(key=lambda reply: reply["at"])
    said = {"at": instant(row.created_at), "who": _who(row.user), "where": row.contentpath, "text": row.text}
    return said | {"resolved": moment(row.resolved_at) if row.resolved_at else "", "replies": replies}


def _request(row: ChangeRequest) -> Json:
    where = f"changes requested as {label(Role, row.role).lower()}"
    return {
        "at": instant(row.at),
        "who": _who(row.user),
        "where": where,
        "text": row.reason,
        "resolved": "",
        "replies": [],
    }


def _who(user: User | None) -> str:
    """As it is printed beside a signature: what leaves the house names nobody by what they call themselves."""
    return signer(user).name if user else "a deleted login"

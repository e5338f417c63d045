"""The evidence pack: a ZIP that answers “show me why this was live on 3 March”, and that anybody can verify.

Used by `manage.py evidence_pack` and by the download on an article's timeline. The same question gives the same
bytes, as long as the ledger has not grown: the pack holds its chain up to the head.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone

from articles.admin import lines
from articles.admin.evidence_moment import Live, live_at
from articles.admin.evidence_policies import policies_text
from articles.admin.evidence_reading import TextErased, missing_pictures, page_of, read_at
from articles.admin.evidence_record import Exhibit, chain_of, columns_of, exhibits_of, lines_of, signoffs_of
from articles.admin.evidence_signoffs import Given, as_json, given_of, in_words
from articles.admin.evidence_text import comments_of, comments_text, comparisons_of, differences_text, findings_of
from articles.admin.evidence_zip import zipped
from articles.admin.said import moment
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.record.canonical import exact_bytes
from articles.record.events import instant
from articles.record.ledger import anchors
from articles.record.models import Edition, Event, Path
from articles.record.vocabulary import EventKind, SubjectKind

Json = dict[str, Any]
Files = dict[str, bytes]


class NotAnswerable(DomainError):
    """The question itself is wrong: no such article or edition, or no moment."""

    code = "not-answerable"
    title = "This cannot be asked."
    status = 422


@dataclass(frozen=True)
class Question:
    """Which article, and when: at the publication of an `edition`, `as_of` a moment, or now where neither is given."""

    article: UUID
    edition: int | None = None
    as_of: datetime | None = None
    with_comments: bool = False


@dataclass(frozen=True)
class Pack:
    """`name` is a file name; `content` the ZIP."""

    name: str
    content: bytes


def find_article(name: str) -> UUID:
    """The article with this id or slug, old slugs too; its page may be gone. Raises NotAnswerable."""
    found = set(_called(name))
    if not found:
        raise NotAnswerable(f"There is no article “{name}”. Give its id, or a slug that it has or had.")
    if len(found) > 1:
        ids = ", ".join(sorted(map(str, found)))
        raise NotAnswerable(f"Several articles are called “{name}”, in several languages. Give the id of one: {ids}.")
    return found.pop()


def read_moment(text: str, *, now: datetime) -> datetime:
    """An instant of RFC 3339. Raises NotAnswerable for one without a zone, saying what to write."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise NotAnswerable(f"“{text}” is no moment. Write it like 2026-03-03T12:00:00Z.") from error
    if found.tzinfo is None:
        at = found.isoformat(timespec="seconds")
        raise NotAnswerable(f"“{text}” names no time zone. Write {at}Z for UTC, or {at}+01:00.")
    if found > now:
        raise NotAnswerable(f"“{text}” lies ahead; the ledger knows only what has happened.")
    return found


def make_pack(question: Question) -> Pack:
    """Raises NothingLive, saying what happened instead, and NotAnswerable."""
    live, head = _live(question), anchors.head()
    given = given_of(signoffs_of(live))
    exhibits = exhibits_of(live)
    files = _record_files(live, head, exhibits, given) | _word_files(live, exhibits, given)
    if question.with_comments:
        comments = comments_of(live.article)
        files |= {"comments.json": _json(comments), "comments.txt": comments_text(comments).encode()}
    files["README.txt"] = _readme(live, head, exhibits, files)
    return Pack(f"evidence-{live.filing.get('slug', live.article)}-edition-{live.edition.number}.zip", zipped(files))


def _called(name: str) -> Iterable[UUID]:
    try:
        article = UUID(name)
    except ValueError:
        yield from Path.objects.filter(slug=name).values_list("article", flat=True)
        yield from ArticlePage.objects.filter(slug=name).values_list("article_id", flat=True)
        return
    is_known = Event.objects.filter(subject=article, subject_kind=SubjectKind.ARTICLE).exists()
    if is_known or ArticlePage.objects.filter(article_id=article).exists():
        yield article


def _live(question: Question) -> Live:
    if question.edition is None:
        return live_at(question.article, question.as_of or timezone.now())
    row = Edition.objects.filter(subject=question.article, number=question.edition).first()
    if row is None:
        numbers = Edition.objects.filter(subject=question.article).order_by("number").values_list("number", flat=True)
        have = f"It has these: {', '.join(map(str, numbers))}." if numbers else "It was never published."
        raise NotAnswerable(f"The article has no edition {question.edition}. {have}")
    return live_at(question.article, row.published_at, upto=row.event)


def _record_files(live: Live, head: Json, exhibits: list[Exhibit], given: list[Given]) -> Files:
    """What is evidence: bytes that were signed, and lines that were written."""
    full = [line for line in lines_of(live.article) if line.number <= head["number"]]
    documents = {f"documents/{exhibit.name}.json": exhibit.content for exhibit in exhibits if exhibit.content}
    return documents | {
        "ledger.jsonl": b"".join(line + b"\n" for line in chain_of(full, head["number"])),
        "signoffs.json": exact_bytes([as_json(row) for row in given]) + b"\n",
        "pack.json": exact_bytes(_facts(live, head, exhibits)) + b"\n",
    }


def _facts(live: Live, head: Json, exhibits: list[Exhibit]) -> Json:
    """The answer, for programs: what was live, since which line, and up to where the chain goes."""
    return {
        "article": str(live.article),
        "as_of": instant(live.at),
        "edition": live.edition.number,
        "published": live.published.number,
        "digests": live.edition.digests,
        "row": columns_of(live.edition),
        "documents": [
            {"file": f"documents/{row.name}.json", "digest": row.digest, "what": row.why, "erased": not row.content}
            for row in exhibits
        ],
        "head": {"number": head["number"], "hash": head["hash"]},
    }


def _word_files(live: Live, exhibits: list[Exhibit], given: list[Given]) -> Files:
    """What makes the evidence readable."""
    names = _names(live.article, exhibits)
    comparisons, findings = comparisons_of(live, names), findings_of(live)
    context = {"live": live, "at": moment(live.at), "given": given, "exhibits": exhibits, "comparisons": comparisons}
    kinds = {"medical", "presentation", *(row.subject_kind for row in live.components.values())}
    return _pages(live, context) | {
        "differences.html": page_of("evidence/differences.html", context).encode(),
        "differences.txt": differences_text(live, comparisons).encode(),
        "findings.json": _json(findings.as_json()),
        "findings.txt": findings.as_text().encode(),
        "policies.txt": policies_text(live, kinds).encode(),
        "signoffs.txt": ("\n".join(map(in_words, given)) or "None.\n").encode(),
    }


def _pages(live: Live, context: Json) -> Files:
    try:
        article, problem = read_at(live), ""
    except TextErased as error:
        article, problem = None, error.detail
    lost = list(missing_pictures(article)) if article else []
    shown = context | {"article": article, "problem": problem, "lost": lost}
    return {
        "article.html": page_of("evidence/article.html", shown).encode(),
        "print.html": page_of("evidence/print.html", shown).encode(),
    }


def _readme(live: Live, head: Json, exhibits: list[Exhibit], files: Files) -> bytes:
    erased = Event.objects.filter(kind=EventKind.ERASED, number__lte=head["number"]).order_by("number")
    numbers = {line.data.get("digest"): line.number for line in erased if not all(row.content for row in exhibits)}
    gone = [(row, numbers.get(row.digest)) for row in exhibits if not row.content]
    title = next(
        (row.value["title"] for row in exhibits if row.name == "medical" and row.value), "(its text was erased)"
    )
    context = {
        "live": live,
        "title": title,
        "at": moment(live.at),
        "published_at": moment(live.edition.published_at),
        "head": head,
        "gone": gone,
        "names": sorted([*files, "README.txt", "manifest.json"]),
    }
    return render_to_string("evidence/README.txt", context).encode()


def _names(article: UUID, exhibits: list[Exhibit]) -> dict[str, str]:
    """What ids in the documents stand for: components by their names in the library, slots by their headings."""
    keys = lines.around(article).components
    rows = (row for model in (Offer, Disclaimer) for row in model.objects.filter(component_id__in=keys))
    found = {str(row.component_id): row.name for row in rows}
    for exhibit in exhibits:
        for section in (exhibit.value or {}).get("sections", []):
            found[section["id"]] = section.get("heading") or section.get("kind", "")
    return found


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"

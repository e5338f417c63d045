"""The evidence pack: a ZIP that answers “show me why this was live on 3 March”, and that anybody can verify.

Used by `manage.py evidence_pack` and by the download on an article's timeline. The same question gives the same
bytes, as long as the ledger has not grown: the pack holds its chain up to the head.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from articles.admin.evidence.archive import zipped
from articles.admin.evidence.comparisons import (
    comments_of,
    comments_text,
    comparisons_of,
    differences_text,
    findings_of,
)
from articles.admin.evidence.moment import Live
from articles.admin.evidence.policies import policies_text
from articles.admin.evidence.question import Question, answer
from articles.admin.evidence.reading_page import TextErased, missing_pictures, page_of, read_at
from articles.admin.evidence.record_files import Exhibit, chain_of, exhibits_of, lines_of, signoffs_of
from articles.admin.evidence.signoffs import Given, as_json, given_of, in_words
from articles.authoring.components import Disclaimer, Offer
from articles.record.canonical import exact_bytes
from articles.record.events import columns_of, instant
from articles.record.ledger import anchors
from articles.record.ledger.sentences import moment, one_line
from articles.record.models import Event
from articles.record.vocabulary import EventKind

Json = dict[str, Any]
Files = dict[str, bytes]


@dataclass(frozen=True)
class Pack:
    """`name` is a file name; `content` the ZIP."""

    name: str
    content: bytes


def make_pack(question: Question) -> Pack:
    """Raises NothingLive, saying what happened instead, and NotAnswerable."""
    live, head = answer(question), anchors.head()
    given = given_of(signoffs_of(live))
    exhibits = exhibits_of(live)
    files = _record_files(live, head, exhibits, given) | _word_files(live, exhibits, given)
    if question.with_comments:
        comments = comments_of(live.article)
        files |= {"comments.json": _json(comments), "comments.txt": comments_text(comments).encode()}
    files["README.txt"] = _readme(live, head, exhibits, files)
    return Pack(f"evidence-{live.filing.get('slug', live.article)}-edition-{live.edition.number}.zip", zipped(files))


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
    names = _names(live, exhibits)
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
    gone = [(one_line(row.why), row.digest, numbers.get(row.digest)) for row in exhibits if not row.content]
    title = next(
        (row.value["title"] for row in exhibits if row.name == "medical" and row.value), "(its text was erased)"
    )
    context = {
        "live": live,
        "title": one_line(title),
        "at": moment(live.at),
        "published_at": moment(live.edition.published_at),
        "head": head,
        "gone": gone,
        "names": sorted([*files, "README.txt", "manifest.json"]),
    }
    return render_to_string("evidence/README.txt", context).encode()


def _names(live: Live, exhibits: list[Exhibit]) -> dict[str, str]:
    """What ids in the documents stand for: components by their names in the library, slots by their headings."""
    rows = (row for model in (Offer, Disclaimer) for row in model.objects.filter(component_id__in=live.components))
    found = {str(row.component_id): row.name for row in rows}
    for exhibit in exhibits:
        for section in (exhibit.value or {}).get("sections", []):
            found[section["id"]] = section.get("heading") or section.get("kind", "")
    return found


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"

"""The evidence pack: a ZIP file that shows why an article was live at a moment, and that anyone can verify.

It holds what was stored then: signed bytes, sign-offs, ledger lines, keys. The same question gives the same bytes as
long as the ledger has not grown and delivery has signed nothing new, because a pack holds the ledger's chain up to its
head. Used by `manage.py evidence_pack` and by the download on an article's timeline.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from articles.admin.evidence import proven, verify_pack
from articles.admin.evidence.moment import Live
from articles.admin.evidence.page import TextErased, read_at, styles
from articles.admin.evidence.question import Question, answer
from articles.record.canonical import exact_bytes
from articles.record.delivery.notices import standing_notices
from articles.record.events import columns_of, instant, line_of
from articles.record.ledger import anchors, related_events
from articles.record.ledger.sentences import actor_name, label, moment, one_line, sentence
from articles.record.models import ArticleState, Document, Event, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, SubjectKind

Json = dict[str, Any]
UNDATED = (1980, 1, 1, 0, 0, 0)
UNIX, READABLE = 3, 0o644 << 16


@dataclass(frozen=True)
class Pack:
    """`name` is a file name; `content` the ZIP."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Exhibit:
    """A signed document: its file, description, digest and bytes, which are empty if they were erased by law."""

    file: str
    what: str
    digest: str
    content: bytes


@dataclass(frozen=True)
class Signed:
    """A sign-off, and the ledger line that voided it, or None."""

    row: SignOff
    part: str
    void: Event | None


def make_pack(question: Question) -> Pack:
    """The pack that answers the question. Raises NothingLive, NotAnswerable."""
    live, head = answer(question), anchors.head()
    lines = [line for line in related_events.lines_about(live.article) if line.number <= head["number"]]
    exhibits = _exhibits(live)
    signed = _signed(live, exhibits, lines)
    context = {"live": live, "at": moment(live.at), "head": head, "exhibits": exhibits, "signed": signed}
    keys = proven.keys_file(head["number"])
    numbers = proven.events_of(keys) | {given.row.pk for given in signed} | _publications(live, lines)
    files = {row.file: row.content for row in exhibits if row.content} | {
        "README.txt": render_to_string("evidence/README.txt", context).encode(),
        "article.html": _page(live, context).encode(),
        "history.txt": "".join(f"{words}\n" for words in _in_words(lines)).encode(),
        "keys.json": exact_bytes(keys) + b"\n",
        "ledger.jsonl": b"".join(line + b"\n" for line in _chain(lines, head["number"])),
        "log.json": exact_bytes(proven.log_file(numbers)) + b"\n",
        "pack.json": exact_bytes(_facts(live, head, exhibits)) + b"\n",
        "signoffs.json": exact_bytes([_sealed(given.row) for given in signed]) + b"\n",
        "verify_pack.py": Path(verify_pack.__file__).read_bytes(),
    }
    for state in ArticleState.objects.filter(article=live.article):
        files["state.jws"] = f"{state.signed}\n".encode()
    return Pack(f"evidence-{live.filing['slug']}-edition-{live.edition.number}.zip", zipped(files))


def zipped(files: dict[str, bytes]) -> bytes:
    """The ZIP of these files and a manifest of their SHA-256. It is sorted, uncompressed and undated."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    named = files | {"manifest.json": exact_bytes({"files": sums})}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as pack:
        for name in sorted(named):
            entry = zipfile.ZipInfo(name, UNDATED)
            entry.create_system, entry.external_attr = UNIX, READABLE
            pack.writestr(entry, named[name])
    return buffer.getvalue()


def _exhibits(live: Live) -> list[Exhibit]:
    """The documents of the edition, of what was shown with it, and of all earlier editions, which reviews refer to."""
    wanted = {f"documents/{part}.json": (f"{part} part", digest) for part, digest in live.edition.digests.items()}
    for key, row in live.components.items():
        what = f"{row.subject_kind} beside it, edition {row.number}"
        wanted[f"documents/{row.subject_kind}-{key}.json"] = (what, row.digests[row.subject_kind])
    for line in standing_notices(live.past):
        wanted[f"documents/notice-{line.data['notice']}.json"] = ("safety notice above it", line.data["digest"])
    for row in live.past.editions[:-1]:
        for part, digest in row.digests.items():
            wanted[f"documents/edition-{row.number}-{part}.json"] = (f"{part} part of edition {row.number}", digest)
    stored = Document.objects.in_bulk([digest for _, digest in wanted.values()])
    return [Exhibit(file, what, digest, bytes(stored[digest].content)) for file, (what, digest) in wanted.items()]


def _signed(live: Live, exhibits: list[Exhibit], lines: list[Event]) -> list[Signed]:
    """All sign-offs on these documents for this article, its components and its notices, in order."""
    notices = [line.data["notice"] for line in standing_notices(live.past)]
    given = SignOff.objects.filter(digest__in=[row.digest for row in exhibits], signed_at__lte=live.at)
    voids = {line.data["signoff"]: line for line in lines if line.kind == EventKind.VOIDED}
    rows = given.filter(subject__in=[live.article, *live.components, *notices]).order_by("event")
    return [Signed(row, label(DocumentKind, row.part), voids.get(row.pk)) for row in rows]


def _publications(live: Live, lines: list[Event]) -> set[int]:
    """The numbers of the lines that published the article's editions."""
    return {line.number for line in lines if line.kind == EventKind.PUBLISHED and line.subject == live.article}


def _facts(live: Live, head: Json, exhibits: list[Exhibit]) -> Json:
    """The machine-readable answer: what was live, the line that published it, and the head of the chain."""
    return {
        "article": str(live.article),
        "as_of": instant(live.at),
        "edition": live.edition.number,
        "published": live.published.number,
        "digests": live.edition.digests,
        "row": columns_of(live.edition),
        "documents": [{"file": row.file, "digest": row.digest, "erased": not row.content} for row in exhibits],
        "head": {"number": head["number"], "hash": head["hash"]},
    }


def _sealed(row: SignOff) -> Json:
    """{number, columns}: line `number` of the ledger seals these columns."""
    return {"number": row.pk, "columns": columns_of(row)}


def _page(live: Live, context: Json) -> str:
    try:
        shown: Json = {"article": read_at(live)}
    except TextErased as error:
        shown = {"problem": error.detail}
    return render_to_string("evidence/article.html", context | shown | {"styles": styles()})


def _in_words(lines: list[Event]) -> Iterator[str]:
    texts = related_events.notice_texts(lines)
    for line in lines:
        about = "" if line.subject_kind == SubjectKind.ARTICLE else f"{label(SubjectKind, line.subject_kind)}: "
        yield one_line(f"{line.number} | {moment(line.at)} | {actor_name(line.actor)} | {about}{sentence(line, texts)}")


def _chain(shown: list[Event], head: int) -> Iterator[bytes]:
    """The ledger from the first of these lines to the head: these lines in full, the others as hashes only."""
    full = {line.number: line for line in shown}
    between = Event.objects.filter(number__gte=shown[0].number, number__lte=head).order_by("number")
    for number, previous, own in between.values_list("number", "previous_hash", "hash").iterator():
        link = {"number": number, "previous_hash": previous, "hash": own}
        yield exact_bytes(line_of(full[number]) | {"hash": own} if number in full else link)

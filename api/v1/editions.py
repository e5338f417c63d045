"""`articles/{…}/editions/`, `{n}/`, `{n}/changes/`, `{n}/parts/{part}/`: what was signed, by whom, and the bytes."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import database
from api.protocol.caching import Caching, Representation, respond
from api.protocol.parameters import Parameter, documented, read
from api.protocol.problems import NotFound
from api.v1.answers import ARTICLE_PROBLEMS, CACHED, DIGESTS, PATH_NAME, PATH_NUMBER, PATH_PART
from api.v1.base import ArticleView
from api.v1.reading import history, lookup, signed
from api.v1.reading.filters import MOMENT, read_moment
from api.v1.reading.lookup import LOCALE_PARAMETER
from api.v1.schemas.edition import EditionChangesSerializer, EditionSerializer, EditionsSerializer
from api.v1.schemas.fields import PARTS
from api.v1.schemas.signed import SignedPartSerializer
from articles.record.compare.differences import differences
from articles.record.delivery.compose import encode
from articles.record.documents import read_document

Json = dict[str, Any]

PARAMETERS = (LOCALE_PARAMETER,)
AT = Parameter(
    "at",
    "A moment: `2026-11-23T08:17:49Z`, or a day, from its beginning (UTC).",
    read=partial(read_moment, "at"),
    schema=MOMENT,
)


def _number(text: str) -> int:
    if not signed.is_edition_number(text):
        raise ValueError("from must be the number of an edition: 1, 2, 3 …")
    return int(text)


FROM = Parameter(
    "from",
    "The number of the edition to compare with; by default the one before.",
    read=_number,
    schema={"type": "integer", "minimum": 1, "maximum": 10**signed.MAX_DIGITS - 1},
)
PART_COLUMNS = "e.published_at, d.digest, d.content"
PART_JOIN = (
    "LEFT JOIN record_edition e ON e.subject = p.article AND e.number = %s "
    "LEFT JOIN record_document d ON d.digest = e.digests ->> %s"
)


class EditionList(ArticleView):
    @extend_schema(
        operation_id="editions",
        summary="Every edition of an article, with its sign-offs",
        parameters=[PATH_NAME, *documented((*PARAMETERS, AT)), *CACHED],
        responses={200: EditionsSerializer} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """The newest first. A sign-off says who signed which digest, in which role, and with which statement. With
        `at`, only the edition that readers got at that moment."""
        asked = read(request, (*PARAMETERS, AT))
        if asked["at"]:
            article, editions = history.shown_at(name, asked["at"], locale=asked["locale"])
        else:
            article, editions = history.load(name, locale=asked["locale"])
        return _answer(request, article, {"results": editions})


class EditionDetail(ArticleView):
    @extend_schema(
        operation_id="edition",
        summary="One edition with its sign-offs",
        parameters=[PATH_NAME, PATH_NUMBER, *documented(PARAMETERS), *CACHED],
        responses={200: EditionSerializer} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str, number: str) -> HttpResponse:
        """What changed, its digests, and who signed which part of it."""
        asked, wanted = read(request, PARAMETERS), signed.edition_number(number)
        article, editions = history.load(name, locale=asked["locale"])
        for edition in editions:
            if edition["number"] == wanted:
                return _answer(request, article, edition)
        raise NotFound(f"The article has no edition {wanted}.")


class PartDetail(ArticleView):
    @extend_schema(
        operation_id="part",
        summary="The signed bytes of a part",
        parameters=[PATH_NAME, PATH_NUMBER, PATH_PART, *documented(PARAMETERS), *CACHED, *DIGESTS],
        responses={200: SignedPartSerializer} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str, number: str, part: str) -> HttpResponse:
        """Canonical JSON (RFC 8785), byte for byte as it was signed: its SHA-256 is the digest."""
        asked, wanted = read(request, PARAMETERS), signed.edition_number(number)
        if part not in dict(PARTS):
            raise NotFound(f"An edition has the parts {' and '.join(dict(PARTS))}.")
        row = lookup.find(
            name, locale=asked["locale"], columns=PART_COLUMNS, joins=PART_JOIN, parameters=(wanted, part)
        )
        published_at, named, content = row[lookup.OWN :]
        if named is None:
            raise NotFound(f"The article has no edition {wanted}.")
        at, keys = database.read_instant(published_at), (database.read_uuid(row[lookup.ARTICLE]),)
        return signed.answer(request, digest=named, content=bytes(content), published_at=at, keys=keys)


class EditionChanges(ArticleView):
    @extend_schema(
        operation_id="edition_changes",
        summary="What an edition changed",
        parameters=[PATH_NAME, PATH_NUMBER, *documented((*PARAMETERS, FROM)), *CACHED],
        responses={200: EditionChangesSerializer} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str, number: str) -> HttpResponse:
        """Block by block, with the words that were added and removed. The first edition has no changes."""
        asked, to = read(request, (*PARAMETERS, FROM)), signed.edition_number(number)
        since = asked["from"] or max(1, to - 1)
        article, editions = history.load(name, locale=asked["locale"])
        digests = {row["number"]: row["digests"] for row in editions}
        for wanted in (since, to):
            if wanted not in digests:
                raise NotFound(f"The article has no edition {wanted}.")
        texts = _texts(digests[since] | {f"to {part}": digest for part, digest in digests[to].items()})
        parts = [compared(part, texts[digests[since][part]], texts[digests[to][part]]) for part in dict(PARTS)]
        return _answer(request, article, {"from": since, "to": to, "parts": parts})


def _texts(digests: dict[str, str]) -> dict[str, Json]:
    """{digest: document}. Raises the problem `erased`."""
    sql = f"SELECT d.digest, d.content FROM record_document d WHERE d.digest IN ({database.places(digests)})"
    found = database.fetch(sql, [*digests.values()])
    for name, content in found:
        signed.require_bytes(name, content)
    return {name: read_document(bytes(content)) for name, content in found}


def compared(part: str, old: Json, new: Json) -> Json:
    changes = differences(old, new) if old != new else []
    return {
        "part": part,
        "changes": [
            {
                "place": change.place,
                "section": change.section or None,
                "kind": change.kind,
                "runs": [{"op": run.op, "text": run.text} for run in change.excerpt],
            }
            for change in changes
        ],
    }


def _answer(request: HttpRequest, article: str, value: dict) -> HttpResponse:
    content = encode(value)
    shown = Representation(content, caching=Caching(surrogate_keys=(article,)))
    return respond(request, shown, now=timezone.now())

"""`articles/{…}/editions/`, `editions/{n}/`, `editions/{n}/parts/{part}/`: what was signed, by whom, and the bytes."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import database
from api.protocol.caching import Caching, Representation, digest, respond
from api.protocol.parameters import documented, read
from api.protocol.problems import NotFound
from api.v1.answers import ARTICLE_PROBLEMS, CACHED, DIGESTS, PATH_NAME, PATH_NUMBER, PATH_PART
from api.v1.base import ArticleView
from api.v1.reading import history, lookup, signed
from api.v1.reading.lookup import LOCALE_PARAMETER
from api.v1.schemas.edition import EditionSerializer, EditionsSerializer
from api.v1.schemas.fields import PARTS
from api.v1.schemas.signed import SignedPartSerializer
from articles.record.delivery.compose import encode

PARAMETERS = (LOCALE_PARAMETER,)
PART_COLUMNS = "e.published_at, d.digest, d.content"
PART_JOIN = (
    "LEFT JOIN record_edition e ON e.subject = p.article AND e.number = %s "
    "LEFT JOIN record_document d ON d.digest = e.digests ->> %s"
)


class EditionList(ArticleView):
    @extend_schema(
        operation_id="editions",
        summary="Every edition of an article, with its sign-offs",
        parameters=[PATH_NAME, *documented(PARAMETERS), *CACHED],
        responses={200: EditionsSerializer} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """The newest first. A sign-off says who signed which digest, in which role, and with which statement."""
        asked = read(request, PARAMETERS)
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


def _answer(request: HttpRequest, article: str, value: dict) -> HttpResponse:
    content = encode(value)
    shown = Representation(content, digest(content), caching=Caching(surrogate_keys=(article,)))
    return respond(request, shown, now=timezone.now())

"""`components/{id}/editions/{n}/`: the signed bytes of an offer or a disclaimer, while it is published."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from api.protocol import database
from api.protocol.parameters import read
from api.protocol.problems import NotFound
from api.protocol.views import DeliveryView
from api.v1.answers import CACHED, COMPONENT_PROBLEMS, DIGESTS, PATH_COMPONENT, PATH_NUMBER
from api.v1.reading import lookup, signed
from api.v1.schemas.signed import SignedComponentSerializer
from articles.record.vocabulary import PublicationState, WithdrawReason

EDITION = (
    "SELECT e.published_at, d.digest, d.content, e.subject_kind, p.state FROM record_edition e "
    "JOIN record_document d ON d.digest = e.digests ->> e.subject_kind "
    "JOIN record_componentpublication p ON p.component = e.subject "
    "WHERE e.subject = %s AND e.number = %s AND e.subject_kind IN ('offer', 'disclaimer')"
)
WITHDRAWN = lookup.WITHHELD | {"reason": WithdrawReason.OTHER.value, "temporary": False}


class ComponentEdition(DeliveryView):
    @extend_schema(
        operation_id="component_edition",
        summary="The signed bytes of an offer or a disclaimer",
        parameters=[PATH_COMPONENT, PATH_NUMBER, *CACHED, *DIGESTS],
        responses={200: SignedComponentSerializer} | COMPONENT_PROBLEMS,
    )
    def get(self, request: HttpRequest, component: UUID, number: str) -> HttpResponse:
        """Canonical JSON (RFC 8785), byte for byte as it was signed: its SHA-256 is the digest in `components`."""
        read(request, ())
        wanted = (database.uuid_parameter(component), signed.edition_number(number))
        row = database.fetch_one(EDITION, wanted)
        if row is None:
            raise NotFound("There is no such edition of this component.")
        published_at, digest, content, kind, state = row
        if state != PublicationState.PUBLISHED:
            notice = lookup.WITHHELD if state == PublicationState.WITHHELD else WITHDRAWN
            raise lookup.gone(notice, what=kind, key=str(component))
        at = database.read_instant(published_at)
        return signed.answer(request, digest=digest, content=bytes(content), published_at=at, keys=(str(component),))

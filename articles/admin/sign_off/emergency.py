"""The page for publishing a draft immediately on one clinician's signature."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from articles.admin.passkeys import given_in
from articles.admin.sign_off.answers import Part, Way, part_of
from articles.admin.sign_off.one_form import OneFormView
from articles.admin.sign_off.page import SignOffPage, lay_out
from articles.admin.sign_off.views import shown_in, user_of
from articles.authoring.permissions import MAY_EMERGENCY
from articles.publishing import emergency
from articles.record import words
from articles.record.vocabulary import Role
from articles.review.draft_readers import may_read_in_emergency
from articles.review.review import MEDICAL, Review
from articles.review.signing import checklist
from articles.review.signing.meanings import in_emergency


class EmergencyView(OneFormView):
    """Shows the draft as the sign-off page does, with one form."""

    template_name = "admin/sign_off/emergency.html"
    title = "Publish in an emergency"
    explains = (
        "Your signature alone publishes this text immediately. Readers see an emergency notice until the missing "
        "signatures are in. Reviewers are asked for them at once. If any are still missing after 48 hours, the policy "
        "for overdue reviews applies."
    )
    button = "Sign and publish now"

    def require_allowed(self, user: User) -> None:
        """Requires the emergency permission. A draft that was never submitted is private to its editors."""
        if not user.has_perm(MAY_EMERGENCY) or not may_read_in_emergency(self.page, user):
            raise PermissionDenied

    def name(self) -> str:
        return str(self.page.draft_title)

    def lay_out(self, user: User, seen: Mapping[str, str] | None) -> SignOffPage:
        return lay_out(self.page, user, seen=seen, is_urgent=True)

    def answer(self, sign_off: SignOffPage, user: User) -> dict[str, Any]:
        above = words.sentence("notice-emergency", sign_off.review.documents[MEDICAL].value["language"]).text
        return super().answer(sign_off, user) | {"above": above}

    def way(self, review: Review, user: User) -> Way:
        parts = emergency.require_possible(review, user, review.shown(review.documents))
        named = tuple(part_of(review, part) for part in parts)
        return Way(Role.MEDICAL.value, str(Role.MEDICAL.label), named, in_emergency(parts))

    def on_screen(self, sign_off: SignOffPage, way: Way) -> tuple[Part, ...]:
        return tuple(sign_off.parts)

    def act(self, request: HttpRequest) -> str:
        edition = emergency.publish_in_emergency(
            page=self.page,
            user=user_of(request),
            shown=shown_in(request),
            password=given_in(request),
            reason=request.POST.get("why", ""),
            given=checklist.posted(request.POST),
            request=request,
        )
        if "emergency" not in edition.review:
            return f"Published with all required signatures as edition {edition.number}."
        return f"Published in an emergency as edition {edition.number}. Readers see an emergency notice."

"""Passkeys: one's own, in the account; and everybody's, for the medical leads who confirm and revoke them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from secrets import token_bytes
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.passkeys import NO_SCRIPT, Offer, ask, given_in, offer
from articles.admin.posted import key_of
from articles.authoring.people import Person
from articles.authoring.permissions import MAY_VOID
from articles.errors import DomainError, NotAuthenticated
from articles.record.canonical import canonical_bytes
from articles.record.events import instant
from articles.record.keys.cards import encoded
from articles.record.vocabulary import KeyCheck
from articles.review import roles
from articles.review.passkeys import ceremony, keys
from articles.review.passkeys.models import Passkey
from articles.review.policies import leads
from articles.review.signing import authentication
from articles.review.signing.authentication import NONCE_BYTES, ToSign

# What the texts are that a passkey signs here, and the one for which a confirmed person makes another key.
ENROL, REMOVE, NEW_KEY = "vetted-enrolment/1", "vetted-removal/1", "vetted-new-key/1"


class PasskeysView(WagtailAdminTemplateMixin, TemplateView):
    """My passkeys: add one, or remove one. Both ask for the password or a passkey first."""

    template_name = "admin/accounts/passkeys.html"
    page_title = "Your passkeys"
    header_icon = "key"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        account = {"url": reverse("wagtailadmin_account"), "label": "Account"}
        return [*super().get_breadcrumbs_items(), account, {"url": "", "label": self.page_title}]

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = keys.keys_of(self.user)
        person = roles.person_of(self.user)
        return super().get_context_data(**kwargs) | {
            "standing": [key for key in own if key.revoked_at is None],
            "gone": [key for key in own if key.revoked_at],
            "unconfirmed": [f"“{key.name}”" for key in keys.standing(self.user) if not key.is_usable],
            "confirm": self.offer(),
            "until": person.password_until if person else None,
            "name": self.request.POST.get("name", ""),
        }

    def offer(self) -> Offer:
        """Any key that was not revoked confirms here, and the password always does."""
        found = offer(self.request, "", ())
        return Offer(bool(keys.standing(self.user)), "", found.elsewhere, found.host)

    def post(self, request: HttpRequest) -> HttpResponse:
        act = self.finish if "credential" in request.POST else self.remove if "key" in request.POST else self.begin
        try:
            return act(request)
        except ToSign as asked:
            return ask(request, asked, keys.standing(self.user))
        except DomainError as error:
            if wants_json(request):
                return JsonResponse({"detail": error.detail})
            return self.render_to_response(self.get_context_data(error=error), status=error.status)

    def begin(self, request: HttpRequest) -> HttpResponse:
        """After the password or a passkey: what the browser needs to make another one."""
        name = keys.require_name(self.user, request.POST.get("name", ""))
        self.require_confirmed(ENROL, name)
        if not wants_json(request):
            messages.warning(request, NO_SCRIPT)
            return redirect(request.path)
        kept = ceremony.keep(self.user, self.text_of(NEW_KEY, name, timezone.now(), encoded(token_bytes(NONCE_BYTES))))
        return JsonResponse({"create": ceremony.options_to_enrol(kept.text, self.user, keys.standing(self.user))})

    def finish(self, request: HttpRequest) -> HttpResponse:
        answer = ceremony.read_answer(request.POST["credential"])
        text = ceremony.find_kept(self.user, answer)
        said = json.loads(text)
        if said["v"] != NEW_KEY:  # the others are kept before the person was authenticated
            raise NotAuthenticated("No passkey was added. Confirm with your password or a passkey first.")
        with transaction.atomic():
            key = ceremony.read_new_key(answer, text)
            ceremony.use_up(self.user, text)
            keys.add(key, user=self.user, name=said["name"])
        messages.success(request, f"“{key.name}” was added. It signs once a medical lead has confirmed it: {key.code}.")
        return redirect(request.path)

    def remove(self, request: HttpRequest) -> HttpResponse:
        key = get_object_or_404(Passkey, pk=key_of(request.POST["key"]), user_id=self.user.pk)
        self.require_confirmed(REMOVE, key.credential)
        keys.remove(key, by=self.user)
        messages.success(request, f"“{key.name}” was removed. It can no longer sign; what it signed stays valid.")
        return redirect(request.path)

    def text_of(self, what: str, name: str, at: datetime, nonce: str) -> str:
        said = {"v": what, "name": name, "user": self.user.pk, "at": instant(at), "nonce": nonce}
        return canonical_bytes(said).decode()

    def require_confirmed(self, what: str, name: str) -> None:
        """Raises NotAuthenticated unless the person typed the password, or confirmed exactly this with a passkey."""
        given, among = given_in(self.request), keys.standing(self.user)
        confirmation = authentication.confirm(self.user, given, request=self.request, among=among)
        with transaction.atomic():
            confirmation.prove(partial(self.text_of, what, name))


@dataclass(frozen=True)
class Signs:
    """A login that signs, with its keys. `roles` in words; `person`: None for one without credentials."""

    user: User
    name: str
    roles: str
    person: Person | None
    keys: list[Passkey]

    @property
    def is_enrolled(self) -> bool:
        return any(key.is_usable for key in self.keys)


class PeoplesPasskeysView(WagtailAdminTemplateMixin, TemplateView):
    """Who signs with which passkey, and until when a password counts. Leads confirm keys, and revoke them."""

    template_name = "admin/accounts/peoples_passkeys.html"
    page_title = "Passkeys of people"
    header_icon = "key"

    @classmethod
    def is_for(cls, user: User) -> bool:
        return leads.is_lead(user) or bool(user.is_active and user.is_superuser)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_for(cast(User, request.user)):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = {"people": people_who_sign(), "checks": KeyCheck.choices, "zone": timezone.get_current_timezone_name()}
        return super().get_context_data(**kwargs) | said | {"may_void": self.request.user.has_perm(MAY_VOID)}

    def post(self, request: HttpRequest) -> HttpResponse:
        key = get_object_or_404(Passkey.objects.select_related("user__person"), pk=key_of(request.POST.get("key", "")))
        acts: dict[str, Callable[[Passkey], str]] = {"confirm": self.confirm, "revoke": self.revoke}
        try:
            messages.success(request, acts.get(request.POST.get("act", ""), self.confirm)(key))
        except DomainError as error:
            messages.error(request, error.detail)
        return redirect(request.path)

    def confirm(self, key: Passkey) -> str:
        keys.confirm(key, how=self.request.POST.get("how", ""), by=cast(User, self.request.user))
        return f"Confirmed. {roles.signer(key.user).name} signs with “{key.name}” from now on."

    def revoke(self, key: Passkey) -> str:
        since = parse_datetime(self.request.POST.get("since", "") or timezone.now().isoformat())
        if since is None:
            raise keys.CannotRevokeKey("Enter the date and the time at which the person lost the passkey.")
        since = since if timezone.is_aware(since) else timezone.make_aware(since)
        keys.revoke(key, since=since, reason=self.request.POST.get("reason", ""), by=cast(User, self.request.user))
        return f"Revoked. “{key.name}” can no longer sign. If somebody else signed with it, void those sign-offs."


def people_who_sign() -> list[Signs]:
    """In three queries."""
    signing = Q(person__medical=True) | Q(person__legal=True) | Q(person__commercial=True)
    wanted = signing | Q(groups__name=roles.EDITORS) | Q(passkeys__isnull=False)
    users = roles.signers().filter(wanted).distinct().select_related("person").prefetch_related("passkeys", "groups")
    return sorted((_signs(user) for user in users), key=lambda row: row.name.casefold())


def _signs(user: User) -> Signs:
    person = roles.person_of(user)
    held = [f"{role} reviewer" for role in ("medical", "legal", "commercial") if person and person.has_role(role)]
    named = (["editor"] if roles.EDITORS in {group.name for group in user.groups.all()} else []) + held
    own = list(user.passkeys.all())  # type: ignore[attr-defined] # of Passkey.user
    return Signs(user, roles.signer(user).name, ", ".join(named), person, own)


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")

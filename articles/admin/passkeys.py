"""Passkeys on the admin's pages: what a form gives, how a page offers to confirm, and what its script is answered.

The script (static/articles/passkey.js) posts a form twice: first it asks, then it brings the passkey's answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from articles.admin.structure import RULE
from articles.record.vocabulary import DocumentKind, Role
from articles.review.passkeys import ceremony, keys
from articles.review.passkeys.models import Passkey
from articles.review.policies.rules import Rules, rules_of
from articles.review.signing.authentication import ASK, Answer, Given, ToSign, password_refusal

ASKS, ANSWER = "passkey", "assertion"  # fields of the form
NO_SCRIPT = "Your browser did not ask for your passkey, so nothing was signed. Turn on JavaScript, and sign again."


@dataclass(frozen=True)
class Offer:
    """How a person can confirm an act. `refusal`: why the password is not enough. `elsewhere`: the same page at the
    address of the admin, if this is another one, where no passkey works. `about_keys`: why a passkey that the person
    had or added is not offered."""

    has_passkey: bool
    refusal: str
    elsewhere: str
    host: str
    about_keys: str = ""

    @property
    def takes_password(self) -> bool:
        return not self.refusal


class AsksPasskey:
    """Of a view whose services may raise `ToSign`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return cast(HttpResponse, super().dispatch(request, *args, **kwargs))  # type: ignore[misc] # of the view
        except ToSign as asked:
            return ask(request, asked, keys.usable(cast(User, request.user)))


def given_in(request: HttpRequest) -> Given:
    """What the person gave to confirm: the passkey's answer, the wish to use it, or the password."""
    posted = request.POST
    if answer := posted.get(ANSWER):
        return Answer(answer)
    password = posted.get("password", "")
    return ASK if posted.get(ASKS) and not password else password


def uses_passkey(posted: Mapping[str, Any]) -> bool:
    """Whether the form was posted with the button of the passkey, so that it needs no password."""
    return bool(posted.get(ASKS) or posted.get(ANSWER))


def offer_of_words(request: HttpRequest) -> Offer:
    """For what a clinician signs without a draft: a notice, an explanation, a return."""
    return offer(request, Role.MEDICAL, [rules_of(DocumentKind.MEDICAL, None)])


def offer(request: HttpRequest, role: str, policies: Iterable[Rules]) -> Offer:
    user = cast(User, request.user)
    refusal = password_refusal(user, role, policies)
    origin = ceremony.origin()
    is_here = f"{request.scheme}://{request.get_host()}" == origin
    elsewhere = "" if is_here else origin + request.get_full_path()
    return Offer(bool(keys.usable(user)), refusal, elsewhere, origin.partition("://")[2], _about_keys(user))


def _about_keys(user: User) -> str:
    """Said where the person has keys, and none of them signs."""
    if keys.usable(user) or not keys.keys_of(user):
        return ""
    if keys.standing(user):
        return "Your passkey signs once a medical lead has confirmed it."
    return "Your passkey was removed or revoked, so it cannot sign any more."


def ask(request: HttpRequest, asked: ToSign, among: Iterable[Passkey]) -> HttpResponse:
    """What the script needs to check the text on the page, and to ask the passkey."""
    if "application/json" not in request.headers.get("Accept", ""):
        messages.warning(request, NO_SCRIPT)
        return HttpResponseRedirect(request.get_full_path())
    kept = ceremony.keep(cast(User, request.user), asked.text)
    options = ceremony.options_to_sign(kept.text, among)
    answer = {"text": kept.text, "publicKey": options, "documents": asked.documents, "rule": RULE}
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})

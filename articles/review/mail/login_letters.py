"""Letters to people about their own login, passkeys and signatures. They are sent at once."""

import json

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from articles.record.canonical import canonical_bytes
from articles.record.models import Event, SignOff
from articles.review.mail import outbox
from articles.review.mail.words import LOGIN_FACTS, Words, word


def changed(event: Event) -> None:
    """Notify the owner of a changed login, at the previous address; not for new and deleted ones or own changes."""
    key, before, after = event.data["login"], event.data["before"], event.data["after"]
    user = get_user_model()._default_manager.filter(pk=key).first()
    if user is None or event.actor.get("user") == key or "username" in after.keys() - before.keys() or not after:
        return
    said = {
        "name": event.data["name"],
        "by": event.actor.get("name", "Vetted"),
        "what": _what(sorted({*before, *after})),
        "link": settings.ADMIN_URL + reverse("wagtailadmin_password_reset"),
    }
    outbox.post(kind=outbox.LOGIN_CHANGED, about=event.number, to=[user], context=said, address=before.get("email"))


def key_changed(event: Event) -> None:
    """Notify a person that one of their passkeys signs from now on, or signs no more."""
    to = get_user_model()._default_manager.filter(pk=event.data["user"])
    said = {"name": event.data["name"], "by": event.actor.get("name", "Vetted"), "link": _passkeys_url()}
    said["reason"] = str(event.data.get("reason", ""))
    outbox.post(kind=str(event.kind), about=event.number, to=to, context=said)


def receipt(row: SignOff) -> None:
    """Send the signer what their passkey signed, and the proof, once for each statement."""
    if not row.proof:
        return
    first, *more = json.loads(row.statement)["items"]
    if (first["subject"], first["part"], first["digest"]) == (str(row.subject), row.part, row.digest):
        to = get_user_model()._default_manager.filter(pk=row.user)
        said = {"statement": row.statement, "proof": canonical_bytes(row.proof).decode(), "count": 1 + len(more)}
        outbox.post(kind="receipt", about=row.event, to=to, context=said | {"link": _passkeys_url()})


def _passkeys_url() -> str:
    return settings.ADMIN_URL + reverse("articles_passkeys")


def _what(names: list[str]) -> Words:
    """“email address, groups”, in each language."""
    words = [word(LOGIN_FACTS, name) for name in names]
    return {language: ", ".join(said[language] for said in words) for language in words[0]}

"""The letter to a person whose login was changed by another person, sent to the previous address."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from articles.record.models import Event
from articles.review.mail import outbox
from articles.review.mail.words import LOGIN_FACTS, Words, word


def changed(event: Event) -> None:
    """Notify the owner of a changed login; not for new or deleted logins, nor for one's own changes."""
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


def _what(names: list[str]) -> Words:
    """“email address, groups”, in each language."""
    words = [word(LOGIN_FACTS, name) for name in names]
    return {language: ", ".join(said[language] for said in words) for language in words[0]}

"""The demo's logins: created once with random passwords, kept in VAR_DIR, the same at every start."""

import json
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group

from cms.models import User

GROUPS: dict[str, tuple[str, ...]] = {
    "author": ("Authors",),
    "editor": ("Editors",),
    "reviewer": ("Medical reviewers",),
    "lead": ("Medical leads", "On-call clinicians"),
    "admin": (),
}

NAMES = {
    "author": ("Ada", "Muster"),
    "editor": ("Ben", "Sample"),
    "reviewer": ("Clara", "Beispiel"),
    "lead": ("David", "Ejemplo"),
    "admin": ("Site", "Admin"),
}


def passwords() -> dict[str, str]:
    """{username: password}; only the file's owner can read it."""
    file = Path(settings.VAR_DIR) / "demo_logins.json"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(json.dumps({name: secrets.token_urlsafe(12) for name in GROUPS}))
    return json.loads(file.read_text())


def make_users() -> dict[str, User]:
    """The five users, with the passwords from the file; existing users are kept."""
    return {name: _user(name, password) for name, password in passwords().items()}


def _user(name: str, password: str) -> User:
    user, is_new = User.objects.get_or_create(username=name, defaults=_named(name))
    if is_new or not user.check_password(password):
        user.is_superuser = user.is_staff = not GROUPS[name]
        user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name__in=GROUPS[name]))
    return user


def _named(username: str) -> dict[str, str]:
    """Fictional names, as in their Person record; the account page asks for both."""
    first, last = NAMES[username]
    return {"email": f"{username}@example.org", "first_name": first, "last_name": last}

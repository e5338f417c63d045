"""Permissions that a verb asks for itself, whoever calls it: a form that forgets to ask changes nothing."""

from django.contrib.auth.models import AbstractUser as User

from articles.errors import Refused


class NotPermitted(Refused):
    """The login lacks the permission of this verb."""

    code = "not-permitted"
    title = "You may not do this."


def require_permission(user: User | None, permission: str) -> None:
    """Raises NotPermitted, naming what is lacking. None is the system: what was permitted when it was scheduled."""
    if user is not None and not (user.is_active and user.has_perm(permission)):
        words = permission.partition(".")[2].replace("_", " ")
        raise NotPermitted(f"Your login lacks the permission “{words}”. An administrator gives it, by a group.")

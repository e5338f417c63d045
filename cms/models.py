"""The User: Django's, under our own name, so that it can grow without a new table."""

from django.contrib.auth.models import AbstractUser
from django.db.models import Q, UniqueConstraint
from django.db.models.functions import Lower
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from articles.errors import Refused


class LoginsStay(Refused):
    """The record names logins by key. They are deactivated, never deleted, so that no key passes to another person."""

    code = "logins-stay"
    title = "Logins cannot be deleted."


class User(AbstractUser):
    """A login. What a person may sign is in their Person record, not here."""

    class Meta(AbstractUser.Meta):
        constraints = [
            UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_one_login_for_an_address",
                violation_error_message="Another login has this email address.",
            )
        ]


@receiver(pre_delete, sender=User)
def refuse_deletion(instance: User, **signal: object) -> None:
    """Raises LoginsStay, also where a query deletes."""
    raise LoginsStay(
        f"“{instance}” cannot be deleted, because articles and signatures refer to it. Deactivate the login instead."
    )

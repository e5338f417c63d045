"""Passwords that another login set: they log in, and sign nothing until the owner sets one by the mailed link.

By the mailed link alone: who was told the given password could change it in the account, and sign as somebody else.
"""

from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone

from articles.review.models import GivenPassword


def is_given(user: User) -> bool:
    return GivenPassword.objects.filter(user=user.pk).exists()


def note_set(user: User, *, by: User | None) -> None:
    """A password was set. Nobody acts in the admin where the owner follows the mailed link, or a command sets it."""
    if by is None:
        GivenPassword.objects.filter(user=user.pk).delete()
    elif by.pk != user.pk:
        GivenPassword.objects.update_or_create(user_id=user.pk, defaults={"at": timezone.now()})

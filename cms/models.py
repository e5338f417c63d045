"""The User: Django's, under our own name, so that it can grow without a new table."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Someone who logs in. What a person may sign stands on their Person record, not here."""

"""How keys begin and end. The key itself is returned once, to the page that shows it, and is kept nowhere."""

import secrets
import string

from django.utils import timezone
from django.utils.crypto import get_random_string

from api.models import ApiKey
from api.protocol import auth

PREFIX_LETTERS = string.ascii_lowercase + string.digits


def create(key: ApiKey, *, by: str) -> str:
    """Save the key, and return what its owner must send."""
    key.prefix = get_random_string(8, PREFIX_LETTERS)
    secret = f"vk_{key.prefix}_{secrets.token_urlsafe(24)}"
    key.hash, key.created_by = auth.digest(secret), by
    key.save(force_insert=True)
    return secret


def revoke(key: ApiKey) -> None:
    """For ever. A second time changes nothing; in this process it counts at once, in others within auth.KEPT_S."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
    auth.forget()

"""The tables of passkeys: whose key it is, who confirmed it, and what a key is asked to sign."""

from base64 import b32encode
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.record.vocabulary import KeyCheck


class Passkey(models.Model):
    """A passkey of a login. It signs once a medical lead has confirmed it, and until it is revoked.

    `credential`: its id, base64url. `public_key`: as the authenticator gave it (COSE); `spki`: the same in DER, for
    everybody else. `alg`: a number of COSE. `is_synced`: the owner's account copies it between devices.
    `check_kind`: how the lead checked the person. `revoked_from`: signatures from this instant on do not count.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="passkeys")
    name = models.CharField(max_length=64)
    credential = models.CharField(max_length=1400, unique=True)
    public_key = models.BinaryField()
    spki = models.BinaryField()
    alg = models.IntegerField()
    sign_count = models.PositiveBigIntegerField(default=0)
    transports = models.JSONField(default=list)
    is_synced = models.BooleanField(default=False)
    is_backed_up = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=255, blank=True)
    check_kind = models.CharField(max_length=16, choices=KeyCheck.choices, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_from = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_from__isnull=False), name="passkey_revoked_from_an_instant"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """Eight characters of the key's SHA-256, which a lead and the person compare: 4FQ2-A7BC."""
        text = b32encode(sha256(bytes(self.spki)).digest()).decode()[:8]
        return f"{text[:4]}-{text[4:]}"

    @property
    def is_usable(self) -> bool:
        return self.confirmed_at is not None and self.revoked_at is None


class PasskeyRequest(models.Model):
    """A text that waits for a person's passkey. It is used once, within GOOD_FOR (ceremony.py).

    `challenge`: the SHA-256 of the text, base64url.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    challenge = models.CharField(max_length=43, unique=True)
    text = models.TextField()
    at = models.DateTimeField(db_index=True)

"""Keys of the API, which the delivery process reads by fixed SQL (api.protocol.auth), and how far caches are purged."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Scopes(models.TextChoices):
    """What a key is for, as OAuth writes scopes: words with spaces between them."""

    READ = "read", "Higher limits"
    SYNC = "read sync", "Higher limits, and Vetted notes how far the key has read the sync feed"


class ApiKey(models.Model):
    """A key that one system sends with its requests. Everything that the API serves is public; a key raises limits.

    prefix      the part of the key by which people and programs name it
    hash        SHA-256 of the whole key, in hex; the key itself is shown once and kept nowhere
    created_by  the name of the login that created it
    last_event  the last event of the ledger that was read by it, last_seen_at when (api.noted); null until then
    """

    name = models.CharField(max_length=100, help_text="The system that uses the key. Give each system its own key.")
    prefix = models.CharField(max_length=8, unique=True)
    hash = models.CharField(max_length=64)
    scopes = models.CharField(max_length=16, choices=Scopes.choices, default=Scopes.SYNC)
    expires_at = models.DateTimeField(
        null=True, blank=True, verbose_name="expires", help_text="Optional. The key stops working at this moment."
    )
    revoked_at = models.DateTimeField(null=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True, max_length=500, help_text="Optional: for example, whom to ask about the key.")
    last_event = models.PositiveBigIntegerField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "API key"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(revoked_at=None), name="apikey_one_of_a_name"),
            models.CheckConstraint(condition=Q(scopes__in=Scopes.values), name="apikey_known_scopes"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> str:
        if self.revoked_at:
            return "Revoked"
        return "Expired" if self.expires_at and self.expires_at <= timezone.now() else "Active"


class Purged(models.Model):
    """How far the caches in front were purged (api.purging). One row; none before the first purge.

    number    up to this event of this epoch of the database all is purged for good: twice, some time apart
    sent      up to this event it was purged once
    tried_at  when a worker tried last; failures: how often it failed since the last success, failure: why
    """

    ONLY = 1

    epoch = models.CharField(max_length=16, default="")
    number = models.PositiveBigIntegerField(default=0)
    sent = models.PositiveBigIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="purged_one_row")]

"""The record as a Django app of its own; delivery installs it without Wagtail."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    name = "articles.record"
    label = "record"
    verbose_name = "The record"

    def ready(self) -> None:
        from articles.record import epoch
        from articles.record.append_only import triggers
        from articles.record.append_only.checks import record_is_append_only
        from articles.record.search import index

        checks.register(record_is_append_only, checks.Tags.database)

        post_migrate.connect(triggers.install, sender=self, dispatch_uid="record-triggers")
        post_migrate.connect(epoch.begin, sender=self, dispatch_uid="record-epoch")
        post_migrate.connect(index.install, sender=self, dispatch_uid="record-search")

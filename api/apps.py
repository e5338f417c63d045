"""Delivery: sees the record, never drafts."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        from api.purging import purge

        purge.connect()

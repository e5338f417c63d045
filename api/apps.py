"""Delivery: sees the record, never drafts."""

from django.apps import AppConfig
from django.core.cache import close_caches
from django.core.handlers.base import reset_urlconf
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries


class ApiConfig(AppConfig):
    name = "api"
    default = True

    def ready(self) -> None:
        from api.purging import purge

        purge.connect()


class DeliveryConfig(ApiConfig):
    """For a process that delivers and nothing else. What Django does before and after each request is done by
    api.protocol.database where it is needed: a lost connection is asked again, and nothing is logged or closed. Each
    request has the same addresses."""

    default = False

    def ready(self) -> None:
        super().ready()
        for signal in (request_started, request_finished):
            for receiver in (reset_queries, close_old_connections, close_caches, reset_urlconf):
                signal.disconnect(receiver)

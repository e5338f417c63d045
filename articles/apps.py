"""Wires what reacts to saving: contributions and the ledger's submissions."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    label = "articles"
    verbose_name = "Vetted articles"

    def ready(self) -> None:
        from articles.review import receivers

        receivers.connect()

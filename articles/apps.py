"""Wires what reacts to saving: contributions, the ledger's submissions, letters."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    label = "articles"
    verbose_name = "Vetted articles"

    def ready(self) -> None:
        from articles.admin.editor import search
        from articles.publishing import receivers as published
        from articles.review import receivers
        from articles.review.mail import receivers as letter_receivers

        search.connect()
        receivers.connect()
        published.connect()
        letter_receivers.connect()

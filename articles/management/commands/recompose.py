"""`manage.py recompose`: bring every publication up to date with the record. Safe to run again."""

from django.core.management.base import BaseCommand

from articles.publishing.recompose import recompose_all, recompose_due


class Command(BaseCommand):
    help = "Recompose publications from the record, after a crash or when PUBLIC_URL or WEB_URL changed."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--due", action="store_true", help="Only those that the clock has changed.")

    def handle(self, *args, due: bool, **options) -> None:
        changed = recompose_due() if due else recompose_all()
        self.stdout.write(f"{changed} changed")

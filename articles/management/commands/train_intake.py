"""`train_intake`: teaches the models of the import anew. For developers: it needs requirements-test.txt."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.intake.teaching import train


class Command(BaseCommand):
    help = "Teach the models of the import anew from articles/intake/teaching/corpus. Takes some minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        for confidence, count, share in train.run():
            self.stdout.write(f"{confidence}: {count} sections, {share:.3f} right")

"""`manage.py daily`: publishes what is due, reminds, escalates, notes the ledger's head. The worker runs it daily."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.publishing.jobs.daily import Done, as_json, run


class Command(BaseCommand):
    help = (
        "Run the daily jobs: publish what is due, send reminders, escalate, note the ledger's head. "
        "Safe to run twice and on two machines. Exit: 0 all done, 1 a step failed, 2 usage error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor", metavar="FILE", type=Path, help="add the ledger's head to FILE; default: LEDGER_ANCHOR"
        )
        parser.add_argument("--format", default="lines", choices=["lines", "json"], help="for people or for programs")

    def handle(self, *args: Any, anchor: Path | None, format: str, **options: Any) -> None:
        is_json = format == "json"
        done = run(
            now=timezone.now(),
            anchor=anchor or settings.LEDGER_ANCHOR,
            tell=self.on_stderr if is_json else self.on_stdout,
        )
        if is_json:
            self.stdout.write(json.dumps(as_json(done), ensure_ascii=False))
        if failed := [item.step for item in done if item.is_failed]:
            raise CommandError(f"Failed: {', '.join(failed)}; the lines above say why.", returncode=1)

    def on_stdout(self, done: Done) -> None:
        self.stdout.write(line(done))

    def on_stderr(self, done: Done) -> None:
        self.stderr.write(line(done), self.style.NOTICE)


def line(done: Done) -> str:
    return f"{done.step:<13}{'FAILED: ' if done.is_failed else ''}{done.detail}."

"""`manage.py publish_due`: does what the schedule and the clock require. `manage.py worker` runs it every minute."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.publishing.jobs.due import Report, as_json, publish_due
from articles.publishing.scheduling.outcomes import Item


class Command(BaseCommand):
    help = (
        "Publish and withdraw what is due, recompose outdated articles, delete stray image files. "
        "Exit: 0 all done, 1 something failed, 2 usage error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", default="lines", choices=["lines", "json"], help="for people or for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        is_json = options["format"] == "json"
        report = publish_due(tell=self.on_stderr if is_json else self.on_stdout)
        self.stdout.write(json.dumps(as_json(report), ensure_ascii=False) if is_json else totals(report))
        if report.failed:
            raise CommandError(f"{len(report.failed)} failed; the lines above say why.", returncode=1)

    def on_stdout(self, item: Item) -> None:
        self.stdout.write(line(item))

    def on_stderr(self, item: Item) -> None:
        self.stderr.write(line(item), self.style.NOTICE)


def line(item: Item) -> str:
    when = f", scheduled for {item.scheduled_for}" if item.scheduled_for else ""
    return f"{item.result:<10}{item.title}{when}. {item.detail}"


def totals(report: Report) -> str:
    """1 published, 0 withdrawn, 0 failed, 12 recomposed, 3 stray files deleted."""
    counts = {name: len(getattr(report, name)) for name in ("published", "withdrawn", "failed")}
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{said}, {report.recomposed} recomposed, {len(report.swept)} stray files deleted."

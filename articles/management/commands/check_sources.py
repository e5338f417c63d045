"""`manage.py check_sources`: asks Crossref and PubMed what became of the sources. The worker does the same all day."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.sources import checking
from articles.sources.lookup.client import is_any_on
from articles.sources.models import Source


class Command(BaseCommand):
    help = (
        "Ask Crossref and PubMed whether sources were retracted, questioned, corrected, reinstated or superseded. "
        "Exit: 0 all answered, 1 some could not be asked or are not known there, 2 usage error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those that were asked about within a day")
        parser.add_argument("--format", default="lines", choices=["lines", "json"], help="for people or for programs")

    def handle(self, *args: Any, all: bool, format: str, **options: Any) -> None:
        if not is_any_on():
            raise CommandError("This installation asks nobody: set LOOKUP_CONTACT (docs/sources.md).", returncode=2)
        now = timezone.now()
        rows = checking.watched().order_by("pk") if all else checking.due(now)
        report = checking.check(list(rows), now=now, tell=self.on_stderr)
        done = {
            "asked": report.asked,
            "changed": [_line(source) | {"notice": source.status_notice} for source in report.changed],
            "failed": [_line(source) | {"reason": reason} for source, reason in report.failed],
        }
        if format == "json":
            self.stdout.write(json.dumps(done, ensure_ascii=False))
        else:
            for source in report.changed:
                self.stdout.write(f"{source.get_status_display()}: {source} {source.status_notice}".rstrip())
            self.stdout.write(
                f"{report.asked} asked about, {len(report.changed)} changed, {len(report.failed)} failed."
            )
        if report.failed:
            raise CommandError("Not everything was answered; the lines above say why.", returncode=1)

    def on_stderr(self, source: Source, said: str) -> None:
        self.stderr.write(f"{source.doi or source.pmid}: {said}", self.style.NOTICE)


def _line(source: Source) -> dict[str, str]:
    return {"source": str(source.source_id), "title": source.title, "status": source.status}

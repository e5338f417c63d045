"""`manage.py restore FILE [--replace] [--json]`: puts back what `manage.py backup` saved."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.record import epoch
from articles.record.backup.errors import NotUsable, RestoreRefused
from articles.record.backup.restore import pending, restore

FAILED, USAGE = 1, 2


class Command(BaseCommand):
    help = "Restore a backup into this database and its folders. Exit: 0 done, 1 refused or failed, 2 usage error."
    requires_system_checks = ()  # the database may be empty, and its triggers missing
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="an archive of `manage.py backup`")
        parser.add_argument("--replace", action="store_true", help="even if the database holds events, which are lost")
        parser.add_argument("--json", action="store_true", help="print {head, epoch, pending} for programs")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            made = restore(file, replace=replace, say=self.say)
        except NotUsable as error:
            raise CommandError(error.detail, returncode=USAGE) from error
        except RestoreRefused as error:
            raise CommandError(error.detail, returncode=FAILED) from error
        except OSError as error:
            raise CommandError(
                f"The restore is not complete: {error}. Mend it and restore again.", returncode=FAILED
            ) from error
        told = {"head": made.head, "epoch": epoch.current(), "pending": pending(made)}
        text = f"Restored up to event {made.head['number']} ({made.head['hash']}), epoch {told['epoch']}"
        self.stdout.write(json.dumps(told) if options["json"] else text)
        if told["pending"]:
            self.say(f"The backup is of an earlier version. Run `manage.py migrate`: {', '.join(told['pending'])}.")

    def say(self, text: str) -> None:
        self.stderr.write(text, self.style.NOTICE)

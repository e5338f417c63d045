"""`manage.py backup FILE [--json]`: one archive with database, picture files and uploads."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.record.backup.errors import BackupFailed, NotUsable
from articles.record.backup.take import take

FAILED, USAGE = 1, 2


class Command(BaseCommand):
    help = "Back up the database, the picture files and the uploads into one file. Exit: 0 done, 1 failed, 2 usage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="the archive, for example vetted-2026-11-24.tar")
        parser.add_argument("--json", action="store_true", help="print {path, size, head} for programs")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            made = take(file, say=lambda text: self.stderr.write(text, self.style.NOTICE))
        except NotUsable as error:
            raise CommandError(error.detail, returncode=USAGE) from error
        except BackupFailed as error:
            raise CommandError(error.detail, returncode=FAILED) from error
        except OSError as error:
            raise CommandError(f"{file} was not written: {error}.", returncode=FAILED) from error
        size, head = file.stat().st_size, made.head
        told = {"path": str(file), "size": size, "head": head}
        text = f"{file}: {size} bytes, {len(made.members)} files, up to event {head['number']} ({head['hash']})"
        self.stdout.write(json.dumps(told) if options["json"] else text)

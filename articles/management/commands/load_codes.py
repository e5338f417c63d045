"""`load_codes FILE`: loads a list of codes that authors choose from. What was loaded goes to stdout."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.authoring.codes.load import load_codes
from articles.errors import Unreadable

USAGE = 2
MOST_NAMED = 5


class Command(BaseCommand):
    help = (
        "Load a list of codes, in CSV or TSV with the columns system, code, display and, if you like, synonyms. Each "
        "terminology in the file replaces the list loaded before. Exit: 0 loaded, 1 nothing was changed, 2 usage error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the codes, as docs/operators.md describes them")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}. Check the path.", returncode=USAGE)
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                loaded = load_codes(file)
        except Unreadable as error:
            raise CommandError(f"Nothing was changed. {error}", returncode=1) from error
        for system, count in loaded.counts.items():
            self.stdout.write(f"{system}: {count} codes")
        if loaded.left_out:
            named = ", ".join(loaded.left_out[:MOST_NAMED])
            self.stderr.write(
                f"Left out, because their names are longer than an article can hold: {len(loaded.left_out)} codes "
                f"({named}{', …' if len(loaded.left_out) > MOST_NAMED else ''})."
            )

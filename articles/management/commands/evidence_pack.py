"""`manage.py evidence_pack ARTICLE [--edition N | --as-of INSTANT] --out FILE`: shows why an article was live."""

import hashlib
import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.admin.evidence.moment import NothingLive
from articles.admin.evidence.pack import make_pack
from articles.admin.evidence.question import NotAnswerable, Question, find_article, read_moment

FAILED, USAGE = 1, 2


class Command(BaseCommand):
    help = "Write a ZIP that shows what readers got of an article, and why. Exit: 0 done, 1 nothing was live, 2 usage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("article", metavar="ARTICLE", help="its id, its slug or a former slug")
        when = parser.add_mutually_exclusive_group()
        when.add_argument("--edition", type=int, metavar="N", help="as it was when edition N was published")
        when.add_argument(
            "--as-of", metavar="INSTANT", help="as it was then, for example 2026-03-03T12:00:00Z; default: now"
        )
        parser.add_argument("--out", type=Path, metavar="FILE", required=True, help="the file to write the ZIP to")

    def handle(self, *args: Any, article: str, out: Path, **options: Any) -> None:
        try:
            pack = make_pack(asked(article, options))
        except NotAnswerable as error:
            raise CommandError(error.detail, returncode=USAGE) from error
        except NothingLive as error:
            raise CommandError(error.detail, returncode=FAILED) from error
        write(out, pack.content)
        self.stdout.write(f"{hashlib.sha256(pack.content).hexdigest()}  {out}")


def asked(article: str, options: dict[str, Any]) -> Question:
    moment = read_moment(options["as_of"], now=timezone.now()) if options["as_of"] else None
    return Question(find_article(article), options["edition"], moment)


def write(out: Path, content: bytes) -> None:
    """Write the whole file or none."""
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, out)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error}.", returncode=USAGE) from error

"""`import_articles PATH…`: turns files into drafts. The report goes to stdout or a file, progress to stderr."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from wagtail.models import Locale

from articles.authoring.models import ArticleIndexPage
from articles.intake.beside import in_folder
from articles.intake.formats import AUTO, FORMATS, find_files
from articles.intake.importing import Destination, import_articles

USAGE = 2


class Command(BaseCommand):
    help = "Import files as article drafts; publishes nothing. Exit: 0 all imported, 1 a file failed, 2 usage error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of files")
        parser.add_argument("--format", default=AUTO, choices=[AUTO, *FORMATS], help="auto: by the file's content")
        parser.add_argument(
            "--under", default="articles", metavar="SLUG", help="slug of the article index that the drafts go under"
        )
        parser.add_argument("--locale", metavar="LOCALE", help="language of the articles; default: the index's")
        parser.add_argument("--user", metavar="USERNAME", help="the owner of the drafts")
        parser.add_argument(
            "--pictures", type=Path, metavar="FOLDER", help="where the pictures lie that the texts only name"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and report, but create nothing")
        parser.add_argument("--report", metavar="FILE", help="write the report as JSON; - for stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        files = get_files(options["paths"], options["format"])
        require_folder(options["report"])
        to = get_destination(options["under"], options["locale"], options["user"])
        if folder := options["pictures"]:
            to = replace(to, beside=in_folder(require_directory(folder)))
        progress = tqdm(files, file=sys.stderr, unit="file", disable=None if len(files) > 1 else True)
        entries = [
            each
            for path in progress
            for each in import_articles(path, to=to, format_name=options["format"], dry_run=options["dry_run"])
        ]
        self.tell(entries, options["report"])
        if failed := sum(each["status"] == "failed" for each in entries):
            raise CommandError(f"{failed} of {len(entries)} articles failed.", returncode=1)

    def tell(self, entries: list[dict[str, Any]], report: str | None) -> None:
        if report is None:
            self.stdout.write("\n".join(line for each in entries for line in summary(each)))
            return
        text = json.dumps({"files": entries}, ensure_ascii=False, indent=2)
        if report == "-":
            self.stdout.write(text)
        else:
            write_report(Path(report), text)


def get_files(paths: list[Path], format_name: str) -> list[Path]:
    """Every file below the paths. A path that does not exist, or a folder without files, is a usage error."""
    if absent := next((path for path in paths if not path.exists()), None):
        raise usage(f"There is no file or folder {absent}. Check the path.")
    files = [file for path in paths for file in find_files(path, format_name)]
    if not files:
        raise usage("The folder contains no file that can be read. Name the format with --format.")
    return files


def require_directory(folder: Path) -> Path:
    if not folder.is_dir():
        raise usage(f"There is no folder {folder}. Check the path after --pictures.")
    return folder


def get_destination(under: str, locale_code: str | None, username: str | None) -> Destination:
    """Where the drafts go. An index in the requested language is preferred."""
    indexes = ArticleIndexPage.objects.filter(slug=under).order_by("pk")
    if not indexes.exists():
        known = ", ".join(ArticleIndexPage.objects.order_by("slug").values_list("slug", flat=True).distinct())
        raise usage(f"There is no article index “{under}”. Known: {known or 'none'}.")
    locale = get_locale(locale_code) if locale_code else None
    parent = indexes.filter(locale=locale).first() or indexes.first()
    assert parent is not None
    return Destination(parent, locale or parent.locale, get_user(username) if username else None)


def get_locale(code: str) -> Locale:
    if locale := Locale.objects.filter(language_code=code).first():
        return locale
    known = ", ".join(Locale.objects.values_list("language_code", flat=True))
    raise usage(f"There is no locale “{code}”. Known: {known}. Add it under Settings, Locales.")


def get_user(username: str) -> AbstractBaseUser:
    if user := get_user_model().objects.filter(username=username).first():
        return user
    raise usage(f"There is no user “{username}”. Check the name, or leave --user out.")


def require_folder(report: str | None) -> None:
    """Checks, before any draft is made, that the report's folder exists."""
    if report not in (None, "-") and not Path(str(report)).parent.is_dir():
        raise usage(f"There is no folder for the report {report}. Create it first.")


def write_report(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        message = f"The drafts were created, but the report cannot be written to {path}: {error.strerror}."
        raise CommandError(message, returncode=1) from error


def usage(message: str) -> CommandError:
    return CommandError(message, returncode=USAGE)


def summary(entry: dict[str, Any]) -> list[str]:
    """The result of one file, in a few lines for people."""
    if entry["status"] == "failed":
        return [f"failed        {entry['path']}: {entry['error']}"]
    counts = ", ".join(f"{len(entry[name])} {name.replace('_', ' ')}" for name in ("sections", "sources", "left_out"))
    lines = [f"{entry['status']:<13} {entry['title']} ({counts})"]
    if entry["page"]:
        lines.append(f"{'':<13} {entry['page']['edit_url']}")
    return lines + [f"{'':<13} ! {warning}" for warning in entry["warnings"]]

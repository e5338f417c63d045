"""`manage.py recompose`: rewrites everything that delivery reads, from the record. Safe to run again."""

from django.core.management.base import BaseCommand, CommandError

from articles.publishing import images
from articles.publishing.recompose import recompose_all, recompose_due


class Command(BaseCommand):
    help = "Recompose publications from the record, after a crash or a change of PUBLIC_URL or WEB_URL."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--due", action="store_true", help="only those that the clock has changed")

    def handle(self, *args, due: bool, **options) -> None:
        changed = recompose_due() if due else recompose_all()
        self.stdout.write(f"{changed} changed")
        if not due and (lost := images.mend()):
            self.stdout.write("\n".join(lost))
            raise CommandError(
                f"{len(lost)} picture files are lost: their originals are missing or give different bytes. Restore the "
                "files from a backup of EDITION_FILES_ROOT, or choose the pictures again in each article, and publish.",
                returncode=1,
            )

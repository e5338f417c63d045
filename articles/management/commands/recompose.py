"""`manage.py recompose`: write everything that delivery reads anew, from the record. Safe to run again."""

from django.core.management.base import BaseCommand, CommandError

from articles.publishing import images
from articles.publishing.recompose import recompose_all, recompose_due


class Command(BaseCommand):
    help = "Recompose publications from the record, after a crash or when PUBLIC_URL or WEB_URL changed."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--due", action="store_true", help="Only those that the clock has changed.")

    def handle(self, *args, due: bool, **options) -> None:
        changed = recompose_due() if due else recompose_all()
        self.stdout.write(f"{changed} changed")
        if not due and (lost := images.mend()):
            self.stdout.write("\n".join(lost))
            raise CommandError(
                f"{len(lost)} picture files are lost: their originals are gone or give other bytes. Take the files "
                "from a backup of EDITION_FILES_ROOT, or choose the picture anew in each article and publish that.",
                returncode=1,
            )

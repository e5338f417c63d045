"""`manage.py demo`: migrates, takes the samples through the whole pipeline, and serves them. `make demo` calls it."""

import os
import sys
from io import StringIO

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from articles.publishing.proof import issuing
from cms import env
from cms.demo.walk import walk


class Command(BaseCommand):
    help = "Prepare the demo, and serve it in the foreground, with a worker, until INT or TERM."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="stop before serving")

    def handle(self, *args, prepare_only: bool, **options) -> None:
        if has_unknown_migrations():
            raise CommandError(
                "An earlier version made this demo. Delete it with `make demo-clean`, then run `make demo` again."
            )
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0)
        self.stdout.write("Taking the sample articles through import, review and publication …")
        walk()
        if not issuing.current():
            self.stdout.write("Making the organisation's key and the delivery key …")
            call_command("keys", "init", stdout=StringIO(), stderr=StringIO())
        if not prepare_only:
            self.stdout.flush()
            os.chdir(env.ROOT)
            os.execv(sys.executable, [sys.executable, "-m", "cms.demo.serve"])


def has_unknown_migrations() -> bool:
    """Whether the database records a migration that the code does not have, not even in a squashed one."""
    loader = MigrationLoader(connection, load=False)
    loader.load_disk()
    replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    return bool(MigrationRecorder(connection).applied_migrations().keys() - loader.disk_migrations.keys() - replaced)

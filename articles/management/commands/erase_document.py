"""`manage.py erase_document DIGEST --reason TEXT [--user USERNAME]`: erases a signed document's bytes by law."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from articles.errors import CannotErase
from articles.publishing.erase import erase

USAGE = 2


class Command(BaseCommand):
    help = "Erase the bytes of a signed document for ever; its digest stays. Exit: 0 erased, 1 refused, 2 usage error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("digest", metavar="DIGEST", help="sha-256:… as in the API and the ledger")
        parser.add_argument("--reason", required=True, help="kept in the ledger; do not repeat what is to be erased")
        parser.add_argument("--user", metavar="USERNAME", help="who decided; default: the system")

    def handle(self, *args: Any, digest: str, reason: str, user: str | None, **options: Any) -> None:
        by = get_user_model().objects.filter(username=user).first() if user else None
        if user and by is None:
            raise CommandError(f"There is no user {user}. Check the username.", returncode=USAGE)
        try:
            event = erase(digest=digest, reason=reason, by=by)
        except CannotErase as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(f"{digest} erased: event {event.number}")

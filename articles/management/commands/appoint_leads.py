"""`manage.py appoint_leads ANN BEN`: names the first medical leads.

They enter people and policies in the admin, and confirm what the other one entered.
"""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles.review.policies import leads
from articles.review.policies.recorded import note_policies, recorded

USAGE = 2


class Command(BaseCommand):
    help = "Name the first medical leads. Exit: 0 done, 1 refused, 2 usage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("usernames", nargs="+", metavar="USERNAME", help="of an active login; two are best")

    @transaction.atomic
    def handle(self, *args: Any, usernames: list[str], **options: Any) -> None:
        if leads.are_enough():
            raise CommandError(
                "There are two medical leads already; an administrator adds others in the admin.", returncode=1
            )
        users = get_user_model()._default_manager.filter(username__in=usernames, is_active=True)
        if missing := sorted(set(usernames) - {user.get_username() for user in users}):
            raise CommandError(f"No active login is called {', '.join(missing)}.", returncode=USAGE)
        with recorded(*users, by=None):
            for user in users:
                user.groups.add(Group.objects.get(name=leads.LEADS))
        note_policies()
        self.stderr.write(f"Medical leads now: {', '.join(sorted(usernames))}.")
        if not leads.are_enough():
            self.stderr.write("Appoint a second one: until then a superuser confirms roles, and the ledger says so.")

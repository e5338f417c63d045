"""`manage.py appoint_leads ANN BEN`: appoints the first medical leads.

They enter people and policies in the admin, and each confirms what the other entered.
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
    help = "Appoint the first medical leads. Exit: 0 done, 1 refused, 2 usage error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "usernames", nargs="+", metavar="USERNAME", help="the username of an active login; name two if you can"
        )

    @transaction.atomic
    def handle(self, *args: Any, usernames: list[str], **options: Any) -> None:
        if leads.are_enough():
            raise CommandError(
                "There are already two medical leads. An administrator adds others in the admin.", returncode=1
            )
        users = get_user_model()._default_manager.filter(username__in=usernames, is_active=True)
        if missing := sorted(set(usernames) - {user.get_username() for user in users}):
            raise CommandError(f"There is no active login {', '.join(missing)}. Check the username.", returncode=USAGE)
        with recorded(*users, by=None):
            for user in users:
                user.groups.add(Group.objects.get(name=leads.LEADS))
        note_policies()
        self.stderr.write(f"Medical leads now: {', '.join(sorted(usernames))}.")
        if not leads.are_enough():
            self.stderr.write("Appoint a second one. Until then a superuser confirms roles, and the ledger says so.")

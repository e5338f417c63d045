"""`manage.py demo`: migrate, take the samples through the whole pipeline, serve. What `make demo` calls."""

import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from cms import serve
from cms.demo import logins
from cms.demo.walk import walk


class Command(BaseCommand):
    help = "Prepare the demo and serve it in the foreground."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="Stop before serving.")

    def handle(self, *args, prepare_only: bool, **options) -> None:
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0)
        self.stdout.write("Taking the sample articles through import, review and publication …")
        walk()
        if not prepare_only:
            sys.exit(serve.run([serve.server()], self.announce))

    def announce(self) -> None:
        url = settings.PUBLIC_URL
        self.stdout.write(f"home:     {url}/")
        self.stdout.write(f"admin:    {url}/admin/")
        self.stdout.write(f"articles: {url}/api/v1/articles/")
        self.stdout.write(f"API docs: {url}/api/v1/docs/")
        for name, password in logins.passwords().items():
            self.stdout.write(f"login: {name} {password}")
        self.stdout.write(f"Ready: {url}/")
        self.stdout.flush()

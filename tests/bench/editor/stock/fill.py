"""Fills the stock side with the same article: `python -m tests.bench.editor.stock.fill`.

Prints {pk, username, password}.
"""

import json

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.files.images import ImageFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from wagtail.images.models import Image  # noqa: E402
from wagtail.images.tests.utils import get_test_image_file  # noqa: E402
from wagtail.models import Page  # noqa: E402

from tests.bench.editor.stock.models import DESCRIBED, Source, StockPage  # noqa: E402

PASSWORD = "a long enough password"


def main() -> None:
    folder = settings.STATIC_ROOT.parent / settings.MIGRATION_MODULES["stock"]
    folder.mkdir()
    (folder / "__init__.py").touch()
    call_command("makemigrations", "stock", verbosity=0)
    call_command("migrate", verbosity=0)
    author = get_user_model().objects.create_superuser("author", "author@example.org", PASSWORD)
    Source.objects.bulk_create(Source(pk=int(pk), title=title) for pk, title in DESCRIBED["sources"].items())
    file = ImageFile(get_test_image_file(size=(640, 480)).file, name="picture.png")
    Image.objects.create(pk=DESCRIBED["image"], title="A scalp", file=file)
    page = StockPage(title="A long article", slug="a-long-article", live=False, owner=author)
    page.body = json.dumps(DESCRIBED["body"])
    Page.objects.get(depth=1).add_child(instance=page)
    page.save_revision(user=author)
    print(json.dumps({"pk": page.pk, "username": "author", "password": PASSWORD}))


if __name__ == "__main__":
    main()

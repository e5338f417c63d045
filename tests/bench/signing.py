"""Signs states over a database of the bench, and prints how long it took: see states.py."""

import json
import os
import time
from datetime import timedelta
from io import StringIO

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.authoring.models import ArticlePage  # noqa: E402
from articles.publishing.proof import keep  # noqa: E402
from articles.publishing.withdraw import withdraw  # noqa: E402
from articles.record.models import ArticleState, Edition, Publication  # noqa: E402
from tests import worlds  # noqa: E402


def main() -> None:
    for name in ("organisation", "delivery"):
        setattr(settings, f"{name.upper()}_KEY", os.path.join(os.environ["VAR_DIR"], f"{name}.pem"))
    call_command("keys", "init", stdout=StringIO(), stderr=StringIO())
    first = Edition.objects.filter(subject_kind="article").first()
    have = set(Edition.objects.values_list("subject", flat=True))
    lacking = Publication.objects.exclude(article__in=have).values_list("article", "edition", "event")
    Edition.objects.bulk_create(
        Edition(pk=event, subject=article, number=edition, event=event, **_same(first))
        for article, edition, event in lacking
    )
    found, now = {}, timezone.now()

    def measured(name: str, at) -> None:
        begun, signed = time.perf_counter(), set(ArticleState.objects.values_list("signed", flat=True))
        before = time.perf_counter() - begun
        keep.keep(at)
        found[name] = round(time.perf_counter() - begun - before, 3)
        found[f"{name}, articles"] = len(set(ArticleState.objects.values_list("signed", flat=True)) - signed)

    while keep.growth.is_behind():
        keep.growth.grow(now=now)
    measured("first", now)
    withdraw(page=ArticlePage.objects.earliest("pk"), reason="safety", by=worlds.people().editor)
    measured("after an act", now)
    at = now + timedelta(hours=12)
    for turn in range(1, 10):
        measured(f"half-time {turn}", at)
        if not found[f"half-time {turn}, articles"]:
            break
    measured("nothing to do", at)
    found["engine"] = connection.vendor
    print(json.dumps(found))


def _same(edition) -> dict:
    fields = ("subject_kind", "digests", "signoffs", "review", "published_at")
    return {name: getattr(edition, name) for name in fields} | {"translation_key": None}


if __name__ == "__main__":
    main()

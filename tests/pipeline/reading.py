"""What readers get, and whether the record agrees with itself: for tests of any stage."""

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.record.ledger.verify import verify
from articles.record.models import Publication


def stored(page: ArticlePage) -> dict[str, Any]:
    """The stored body."""
    return json.loads(bytes(Publication.objects.get(article=page.article_id).body))


def get(page: ArticlePage, path: str = ""):
    """The API's answer for the article."""
    return Client().get(f"/api/v1/articles/{page.article_id}/{path}")


def verified() -> None:
    """Fails with every finding of `ledger verify`."""
    findings, _ = verify(now=timezone.now())
    assert not findings, "\n".join(map(str, findings))

"""The system under the machine: one article, its people, a clock, and what readers get of it."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.publishing import notices
from articles.record.ledger.verify import verify
from articles.record.models import Publication
from articles.record.vocabulary import Role
from articles.review.models import Policy
from tests.factories import (
    complete_body,
    make_article,
    make_clinician,
    make_disclaimer,
    make_image,
    make_offer,
    make_on_call,
    make_source,
    make_user,
    sign_as,
)

REAL_NOW, ALONE = timezone.now, notices.ALONE


class World:
    """Everything happens in a transaction that is rolled back at the end."""

    def __init__(self, after_grace: str) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.ahead = timedelta()
        timezone.now = lambda: REAL_NOW() + self.ahead  # type: ignore[assignment]
        Policy.objects.filter(kind="medical").update(after_grace=after_grace)
        notices.ALONE = 0  # every notice needs a second person
        self.people = _people()
        self.disclaimer = make_disclaimer(by=self.people["author"])
        sign_as(self.disclaimer, self.people["reviewer"], Role.MEDICAL)
        self.offer = make_offer(by=self.people["author"])
        sign_as(self.offer, self.people["editor"], Role.EDITOR)
        sign_as(self.offer, self.people["reviewer"], Role.MEDICAL)
        self.source, self.image = make_source(), make_image()
        page = make_article(
            by=self.people["author"],
            summary="0 words.",
            seo_title="Found 0",
            search_description="For those who search.",
            body=complete_body(self.source, self.offer),
            disclaimers=[self.disclaimer],
            hero=self.image,
        )
        self.key, self.article = page.pk, page.article_id

    def close(self) -> None:
        timezone.now = REAL_NOW  # type: ignore[assignment]
        notices.ALONE = ALONE
        connection.run_on_commit.clear()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @property
    def page(self) -> ArticlePage:
        return ArticlePage.objects.get(pk=self.key)

    def settle(self) -> None:
        """What would follow a commit: the machine's transaction never commits."""
        while connection.run_on_commit:
            _, callback, _ = connection.run_on_commit.pop(0)
            callback()

    def served(self) -> tuple[int, dict[str, Any]]:
        answer = Client().get(f"/api/v1/articles/{self.article}/")
        return answer.status_code, answer.json()

    def stored(self) -> SimpleNamespace | None:
        row = Publication.objects.filter(article=self.article).first()
        return row and SimpleNamespace(state=row.state, edition=row.edition, body=json.loads(bytes(row.body) or b"{}"))

    def findings(self) -> list[str]:
        return [str(finding) for finding in verify(now=timezone.now())[0]]


def _people() -> dict[str, Any]:
    on_call = make_on_call()
    return {
        "author": make_user("author", "Authors"),
        "editor": make_user("editor", "Editors"),
        "second": make_user("second", "Editors"),
        "reviewer": make_clinician(),
        "other": make_clinician("other", name="Dr Other"),
        "on-call": on_call,
        "lead": make_user("lead", "Medical leads"),
        "root": make_user("root", is_superuser=True),
    }

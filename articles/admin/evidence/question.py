"""The question that an evidence pack answers, parsed from user input: which article, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone

from articles.admin.evidence.moment import Live, live_at
from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.record.models import Edition, Event, Path
from articles.record.slugs import one_form
from articles.record.vocabulary import SubjectKind


class NotAnswerable(DomainError):
    """The question is invalid: the article, the edition or the moment does not exist."""

    code = "not-answerable"
    title = "The question is not valid."
    status = 422


@dataclass(frozen=True)
class Question:
    """Which article, and when: at the publication of an `edition`, `as_of` a moment, or now if neither is given."""

    article: UUID
    edition: int | None = None
    as_of: datetime | None = None


def find_article(name: str) -> UUID:
    """The id of the article with this id or slug, including old slugs and deleted pages. Raises NotAnswerable."""
    found = sorted(set(map(str, _called(name))))
    if not found:
        raise NotAnswerable(f"There is no article “{name}”. Give its id, or a slug that it has or had.")
    if len(found) > 1:
        raise NotAnswerable(f"Several articles have the slug “{name}”. Give the id of one: {', '.join(found)}.")
    return UUID(found[0])


def read_moment(text: str, *, now: datetime) -> datetime:
    """Parse an RFC 3339 instant. Raises NotAnswerable if it is malformed, in the future, or without a time zone."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise NotAnswerable(f"“{text}” is not a date and time. Write it like 2026-03-03T12:00:00Z.") from error
    if found.tzinfo is None:
        at = found.isoformat(timespec="seconds")
        raise NotAnswerable(f"“{text}” has no time zone. Write {at}Z for UTC, or {at}+01:00.")
    try:
        found = found.astimezone(UTC)
    except OverflowError as error:
        raise NotAnswerable(f"“{text}” is outside the years 1 to 9999.") from error
    if found > now:
        raise NotAnswerable(f"“{text}” is in the future. A pack can only show the past.")
    return found


def _called(name: str) -> Iterable[UUID]:
    try:
        article = UUID(name)
    except ValueError:
        yield from Path.objects.filter(slug=one_form(name)).values_list("article", flat=True)
        yield from ArticlePage.objects.filter(slug__in=[name, one_form(name)]).values_list("article_id", flat=True)
        return
    is_known = Event.objects.filter(subject=article, subject_kind=SubjectKind.ARTICLE).exists()
    if is_known or ArticlePage.objects.filter(article_id=article).exists():
        yield article


def answer(question: Question) -> Live:
    """What was live. Raises NothingLive, NotAnswerable."""
    if question.edition is None:
        return live_at(question.article, question.as_of or timezone.now())
    row = Edition.objects.filter(subject=question.article, number=question.edition).first()
    if row is None:
        numbers = Edition.objects.filter(subject=question.article).order_by("number").values_list("number", flat=True)
        have = f"It has these: {', '.join(map(str, numbers))}." if numbers else "It was never published."
        raise NotAnswerable(f"The article has no edition {question.edition}. {have}")
    return live_at(question.article, row.published_at, upto=row.event)

"""What readers get of an article or component now, in words; said wherever the admin shows one."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from articles.record.models import ComponentPublication, Publication
from articles.record.vocabulary import PublicationState, WithdrawReason

ROW = ("state", "edition", "notice", "published_at")


@dataclass(frozen=True)
class ReadersGet:
    """`edition` is 0 where readers get nothing; `path` is the API's address of what they get."""

    words: str
    edition: int = 0
    path: str = ""


def of_article(article: UUID) -> ReadersGet:
    """“edition 2, published on 23 November 2026”, or “nothing”, and why."""
    row = Publication.objects.filter(article=article).only("state", "edition", "notice", "published_at").first()
    return _of(article, row)


def annotate(pages: QuerySet) -> QuerySet:
    """Pages that carry what `of_row` needs, in the one query of a listing."""
    key = "article_id" if hasattr(pages.model, "article_id") else "articlepage__article_id"
    mine = Publication.objects.filter(article=OuterRef(key))
    return pages.annotate(**{f"readers_{name}": Subquery(mine.values(name)[:1]) for name in ROW})


def of_row(page) -> str:
    """In words, for an annotated article; empty for a folder. Asks the database nothing."""
    article = getattr(page, "article_id", None)
    if article is None:
        return ""
    said = {name: getattr(page, f"readers_{name}") for name in ROW}
    return _of(article, Publication(**said) if said["state"] else None).words


def _of(article: UUID, row: Publication | None) -> ReadersGet:
    if row is None or row.state != PublicationState.PUBLISHED:
        return ReadersGet(f"nothing: {_why_nothing(row)}")
    return ReadersGet(_edition(row), row.edition, f"/api/v1/articles/{article}/")


def of_component(component: UUID) -> ReadersGet:
    row = ComponentPublication.objects.filter(component=component).first()
    if row is None or row.state != PublicationState.PUBLISHED:
        return ReadersGet(f"nothing: {_why_nothing(row)}")
    return ReadersGet(_edition(row), row.edition, f"/api/v1/components/{component}/editions/{row.edition}/")


def _why_nothing(row: Publication | ComponentPublication | None) -> str:
    if row is None:
        return "it was never published"
    if row.state == PublicationState.WITHHELD:
        return "withheld until it is signed again"
    reason = (getattr(row, "notice", None) or {}).get("reason", "")
    return f"withdrawn ({WithdrawReason(reason).label.lower()})" if reason in WithdrawReason.values else "withdrawn"


def _edition(row: Publication | ComponentPublication) -> str:
    return f"edition {row.edition}, published on {row.published_at:%-d %B %Y}"

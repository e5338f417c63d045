"""The publication status of an article or component in words, wherever the admin shows one."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.timezone import localtime

from articles.record.models import ComponentPublication, Publication
from articles.record.vocabulary import PublicationState, WithdrawReason

ROW = ("state", "edition", "notice", "published_at")


@dataclass(frozen=True)
class ReadersGet:
    """`status`: “Edition 2, published on 23 November 2026”, “Not published yet” or “Withdrawn (safety)”.

    `edition` is 0 where nothing is published; `path` is the API's address of the published version.
    """

    status: str
    edition: int = 0
    path: str = ""

    @property
    def words(self) -> str:
        """The same as the end of a sentence: Readers get “edition 2, …” or “nothing: withdrawn (safety)”."""
        end = f"{self.status[:1].lower()}{self.status[1:]}"
        return end if self.edition else f"nothing: {end}"


def of_article(article: UUID) -> ReadersGet:
    row = Publication.objects.filter(article=article).only("state", "edition", "notice", "published_at").first()
    return _of(article, row)


def annotate(pages: QuerySet) -> QuerySet:
    """Pages that carry what `of_row` needs, in the one query of a listing."""
    key = "article_id" if hasattr(pages.model, "article_id") else "articlepage__article_id"
    mine = Publication.objects.filter(article=OuterRef(key))
    return pages.annotate(**{f"readers_{name}": Subquery(mine.values(name)[:1]) for name in ROW})


def of_row(page) -> str:
    """The status of an annotated article; empty for a folder. Asks the database nothing."""
    article = getattr(page, "article_id", None)
    if article is None:
        return ""
    said = {name: getattr(page, f"readers_{name}") for name in ROW}
    return _of(article, Publication(**said) if said["state"] else None).status


def _of(article: UUID, row: Publication | None) -> ReadersGet:
    if row is None or row.state != PublicationState.PUBLISHED:
        return ReadersGet(_why_nothing(row))
    return ReadersGet(_edition(row), row.edition, f"/api/v1/articles/{article}/")


def of_component(component: UUID) -> ReadersGet:
    row = ComponentPublication.objects.filter(component=component).first()
    if row is None or row.state != PublicationState.PUBLISHED:
        return ReadersGet(_why_nothing(row))
    return ReadersGet(_edition(row), row.edition, f"/api/v1/components/{component}/editions/{row.edition}/")


def _why_nothing(row: Publication | ComponentPublication | None) -> str:
    if row is None:
        return "Not published yet"
    if row.state == PublicationState.WITHHELD:
        return "Withheld until it is signed again"
    reason = (getattr(row, "notice", None) or {}).get("reason", "")
    return f"Withdrawn ({WithdrawReason(reason).label.lower()})" if reason in WithdrawReason.values else "Withdrawn"


def _edition(row: Publication | ComponentPublication) -> str:
    return f"Edition {row.edition}, published on {localtime(row.published_at):%-d %B %Y}"

"""Report: links of published articles that do not answer."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from articles.admin.names import Named, names_of
from articles.admin.reports.base import ArticleReport
from articles.publishing.jobs.links import BROKEN_AFTER
from articles.publishing.models import OutgoingLink
from articles.record.vocabulary import SubjectKind

NAMED = 5


@dataclass(frozen=True)
class LinkRow:
    address: Named
    problem: str
    good_at: str
    articles: str


class LinkReport(ArticleReport):
    """Those that never answered first, then by the day on which they last did."""

    name = "articles_report_links"
    model = OutgoingLink
    page_title = "Broken links"
    header_icon = "link"
    headings = {"address": "Link", "problem": "Problem", "good_at": "Last answered", "articles": "Articles"}
    note = "Links are checked once a day. A link is listed once it has failed on two days in a row."

    def get_queryset(self) -> QuerySet[OutgoingLink]:
        broken = OutgoingLink.objects.filter(failures__gte=BROKEN_AFTER)
        return broken.order_by(F("good_at").asc(nulls_first=True), "address")

    def rows_of(self, found: list[OutgoingLink]) -> list[LinkRow]:
        keys = {key for row in found for key in row.articles[:NAMED]}
        named = names_of([(SubjectKind.ARTICLE, UUID(key)) for key in sorted(keys)], self.user)
        return [
            LinkRow(
                Named(row.address, row.address),
                f"{row.problem[:1].upper()}{row.problem[1:]}",
                f"{row.good_at:%-d %B %Y}" if row.good_at else "Never",
                _articles(sorted(str(named[key]) for key in row.articles[:NAMED] if key in named), len(row.articles)),
            )
            for row in found
        ]


def _articles(names: list[str], count: int) -> str:
    more = count - len(names)
    return ", ".join([*names, *([f"{more} more"] if more else [])])

"""Report: the published version of each article, who reviewed it, and when its next review is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet

from articles.admin import publication_status
from articles.admin.names import Named, names_of, visible_articles
from articles.admin.reports import review_state
from articles.admin.reports.base import ArticleReport
from articles.admin.reports.review_state import NEVER, Facts, Stand, facts_of, is_due_within
from articles.authoring.models import ArticlePage
from articles.authoring.topics import Topic
from articles.record.vocabulary import ArticleType, DocumentKind, SubjectKind
from articles.review.models import Policy
from articles.review.policies import rules as policies
from articles.review.roles import full_name


class StatusFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label="Review", choices=Stand.choices, method="stands")
    article_type = django_filters.ChoiceFilter(label="Type", choices=ArticleType.choices)
    topic = django_filters.ModelChoiceFilter(label="Topic", queryset=Topic.objects.all(), field_name="topics__topic")
    due_within = django_filters.NumberFilter(
        label="Review due within (days)", method="falls_due", min_value=0, max_value=3660
    )

    class Meta:
        model = ArticlePage
        fields = ["status", "article_type", "topic", "due_within"]

    def stands(self, queryset: QuerySet[ArticlePage], name: str, value: str) -> QuerySet[ArticlePage]:
        facts = self._facts()
        if value == Stand.NEVER:
            return queryset.exclude(article_id__in=list(facts))
        return queryset.filter(article_id__in=[key for key, row in facts.items() if row.stand == value])

    def falls_due(self, queryset: QuerySet[ArticlePage], name: str, value) -> QuerySet[ArticlePage]:
        now = timezone.now()
        return queryset.filter(
            article_id__in=[key for key, row in self._facts().items() if is_due_within(row, int(value), now)]
        )

    def _facts(self) -> dict:
        """Of every publication. The status depends on today's date, so it is computed here and not in SQL."""
        if not hasattr(self, "_known"):
            now = timezone.now()
            self._known = {row.article: facts_of(row, now) for row in review_state.rows()}
        return self._known


@dataclass(frozen=True)
class StatusRow:
    title: Named
    article_type: str
    locale: str
    published: str
    status: str
    last_review_on: str
    next_review_on: str
    reviewed_by: str
    policy: str
    owner: str


class StatusReport(ArticleReport):
    """Sorted by title. Drafts that were never submitted are listed only for people who may edit them."""

    name = "articles_report_status"
    model = ArticlePage
    page_title = "Review status"
    header_icon = "doc-full"
    filterset_class = StatusFilterSet
    headings = {
        "title": "Title",
        "article_type": "Type",
        "locale": "Language",
        "published": "Published version",
        "status": "Review",
        "last_review_on": "Last review",
        "next_review_on": "Next review",
        "reviewed_by": "Reviewed by",
        "policy": "Policies",
        "owner": "Owner",
    }
    links = ("title",)
    note = "Dates are days in UTC. A review is due in the 30 days before its date, and overdue after it."

    def get_queryset(self) -> QuerySet[ArticlePage]:
        rows = publication_status.annotate(visible_articles(self.user))
        return rows.select_related("owner", "locale").prefetch_related("topics__topic").order_by("title", "pk")

    def rows_of(self, found: list[ArticlePage]) -> list[StatusRow]:
        keys = [page.article_id for page in found]
        now = timezone.now()
        facts = {row.article: facts_of(row, now) for row in review_state.rows().filter(article__in=keys)}
        named = names_of([(SubjectKind.ARTICLE.value, key) for key in keys], self.user)
        rules = sorted(policies.policies_of(DocumentKind.MEDICAL), key=lambda policy: policy.name)
        return [_row(page, facts.get(page.article_id, NEVER), named[str(page.article_id)], rules) for page in found]


def _row(page: ArticlePage, facts: Facts, title: Named, rules: Iterable[Policy]) -> StatusRow:
    return StatusRow(
        title,
        ArticleType(page.article_type).label,
        page.locale.language_code,
        publication_status.of_row(page),
        str(facts.stand.label),
        in_words(facts.last_review_on),
        in_words(facts.next_review_on),
        "; ".join(facts.reviewed_by),
        ", ".join(policy.name for policy in rules if _applies(policy, page)),
        full_name(page.owner) if page.owner else "",
    )


def _applies(policy: Policy, page: ArticlePage) -> bool:
    """Whether the policy applies to the page. The prefetched topics are read, so no query is made for each page."""
    topics = {row.topic_id for row in page.topics.all()}
    return policies.applies(
        policy,
        DocumentKind.MEDICAL,
        is_chosen=policy.pk == page.policy_id,
        article_type=page.article_type,
        is_under_topic=bool(topics & {topic.pk for topic in policy.topics.all()}),
    )


def in_words(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""

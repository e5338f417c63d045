"""The list of articles, for everyone who works in the admin: where each is, when its review is due, whose it is.

It answers the admin's search, too. People see the articles and the titles that `names` lets them see.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Lower, NullIf, Trim
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.search import admin_search_areas
from wagtail.models import Locale

from articles.admin import publication_status
from articles.admin.names import Named, titled, visible_articles
from articles.admin.reports import review_state
from articles.admin.reports.article_links import urls_of
from articles.admin.reports.base import ArticleReport
from articles.admin.reports.drafts import DraftFacts, Progress, facts_of_drafts, progress_by_page
from articles.admin.reports.review_state import NEVER, Facts, Stand, facts_of, is_due_within
from articles.admin.reports.search import having
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_REPORT
from articles.authoring.topics import Topic
from articles.record.models import Publication
from articles.record.vocabulary import ArticleType, DocumentKind
from articles.review.models import Policy
from articles.review.policies import rules as policies
from articles.review.roles import full_name
from articles.review.translations import in_several_languages, outdated

MOST_WORDS = 10  # of a search
SAID = {
    Stand.CURRENT: "Published",
    Stand.DUE: "Published, review due",
    Stand.OVERDUE: "Published, review overdue",
    Stand.EMERGENCY: "Published in an emergency",
}
OUTDATED = ("outdated-translation", "Outdated translation")
OWNER = Trim(Concat("owner__first_name", Value(" "), "owner__last_name"))


class OwnerField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, user) -> str:
        return full_name(user)


class OwnerFilter(django_filters.ModelChoiceFilter):
    field_class = OwnerField


def owners(request) -> QuerySet:
    """The owners of the articles that the person may see."""
    seen = visible_articles(request.user).values("owner")
    return get_user_model()._default_manager.filter(pk__in=seen).order_by("first_name", "last_name", "username")


class ArticleFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label="Status", choices=[*Progress.choices, *Stand.choices, OUTDATED], method="has_status"
    )
    due_within = django_filters.NumberFilter(
        label="Review due within (days)", method="falls_due", min_value=0, max_value=3660
    )
    topic = django_filters.ModelChoiceFilter(label="Topic", queryset=Topic.objects.all(), field_name="topics__topic")
    owner = OwnerFilter(label="Owner", queryset=owners)
    locale = django_filters.ModelChoiceFilter(label="Language", queryset=Locale.objects.all())
    article_type = django_filters.ChoiceFilter(label="Type", choices=ArticleType.choices)

    class Meta:
        model = ArticlePage
        fields = ["status", "due_within", "topic", "owner", "locale", "article_type"]

    def has_status(self, queryset: QuerySet[ArticlePage], name: str, value: str) -> QuerySet[ArticlePage]:
        facts = self._facts()
        if value == Stand.NEVER:
            return queryset.exclude(article_id__in=list(facts))
        if value in Progress.values:
            return self._has_progress(queryset, value)
        if value == OUTDATED[0]:
            several = in_several_languages().values_list("article_id", flat=True)
            return queryset.filter(article_id__in=list(outdated(several)))
        return queryset.filter(article_id__in=[key for key, row in facts.items() if row.stand == value])

    def falls_due(self, queryset: QuerySet[ArticlePage], name: str, value) -> QuerySet[ArticlePage]:
        now = timezone.now()
        return queryset.filter(
            article_id__in=[key for key, row in self._facts().items() if is_due_within(row, int(value), now)]
        )

    def _has_progress(self, queryset: QuerySet[ArticlePage], value: str) -> QuerySet[ArticlePage]:
        """Of the drafts that the person hears of (drafts.facts_of_drafts)."""
        known = progress_by_page()
        told = queryset if self.request.user.has_perm(MAY_REPORT) else queryset.filter(may_edit=True)
        if value == Progress.DRAFT:
            return told.exclude(article_id__in=list(self._facts())).exclude(pk__in=list(known))
        return told.filter(pk__in=[pk for pk, progress in known.items() if progress == value])

    def _facts(self) -> dict:
        """Of every publication. The status depends on today's date, so it is computed here and not in SQL."""
        if not hasattr(self, "_known"):
            now = timezone.now()
            self._known = {row.article: facts_of(row, now) for row in review_state.rows()}
        return self._known


@dataclass(frozen=True)
class ArticleRow:
    title: Named
    status: str
    next_review_on: str
    findings: str
    topics: str
    owner: str
    article_type: str
    language: str
    published: str
    review: str
    last_review_on: str
    reviewed_by: str
    policy: str


class ArticleList(ArticleReport):
    """Sorted by title. Drafts that were never submitted are listed only for people who may edit them."""

    name = "articles_list"
    permission = ""
    model = ArticlePage
    page_title = "Articles"
    verbose_name_plural = "articles"
    header_icon = "doc-full"
    filterset_class = ArticleFilterSet
    is_searchable = True
    paginate_by = 30  # the checks run for each draft
    default_ordering = "title"
    headings = {
        "title": "Title",
        "status": "Status",
        "next_review_on": "Next review",
        "findings": "Findings",
        "topics": "Topics",
        "owner": "Owner",
        "article_type": "Type",
        "language": "Language",
        "published": "Published version",
        "review": "Review",
        "last_review_on": "Last review",
        "reviewed_by": "Reviewed by",
        "policy": "Policies",
    }
    unexported = ("findings",)  # thousands of drafts would take minutes to check
    unshown = ("published", "review", "last_review_on", "reviewed_by", "policy")
    classes = {"title": "title"}
    sorts = {
        "title": Lower("shown_title"),
        "next_review_on": F("next_on"),
        "owner": Lower(Coalesce(NullIf(OWNER, Value("")), "owner__username")),
        "article_type": F("article_type"),
        "language": F("locale__language_code"),
    }
    note = (
        "A review counts as due 30 days before its date, and as overdue after that. "
        "Findings are those of the latest draft. "
        "The download also has the edition, the last review, the reviewers and the policies."
    )

    def get_context_data(self, *args, **kwargs):
        others = [area for area in admin_search_areas.search_items_for_request(self.request) if area.name != "articles"]
        return super().get_context_data(*args, **kwargs) | {"elsewhere": others if self.is_searching else []}

    def get_queryset(self) -> QuerySet[ArticlePage]:
        next_on = Publication.objects.filter(article=OuterRef("article_id")).values("next_review_on")[:1]
        rows = publication_status.annotate(titled(visible_articles(self.user), self.user))
        rows = rows.annotate(next_on=Subquery(next_on)).defer_streamfields()
        rows = rows.select_related("owner", "locale").prefetch_related("topics__topic")
        return self.search_queryset(self.order_queryset(rows))

    def order_queryset(self, queryset: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
        by = self.sorts[self.ordering.removeprefix("-")]
        turned = by.desc(nulls_last=True) if self.ordering.startswith("-") else by.asc(nulls_last=True)
        return queryset.order_by(turned, self.sorts["title"], "pk")

    def search_queryset(self, queryset: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
        """Articles with each of the words, wherever it stands (search.having)."""
        for word in self.search_query.split()[:MOST_WORDS]:
            queryset = queryset.filter(having(word))
        return queryset

    def rows_of(self, found: list[Any]) -> list[ArticleRow]:
        keys = [page.article_id for page in found]
        now = timezone.now()
        facts = {row.article: facts_of(row, now) for row in review_state.rows().filter(article__in=keys)}
        urls = urls_of(found, facts, self.user)
        rules = sorted(policies.policies_of(DocumentKind.MEDICAL), key=lambda policy: policy.name)
        drafts = facts_of_drafts(found, self.user, is_checked=not self.is_export)
        old = outdated(keys)
        return [
            _row(
                page,
                facts.get(page.article_id, NEVER),
                drafts.get(page.article_id, DraftFacts()),
                Named(page.shown_title, urls.get(page.article_id, "")),
                rules,
                is_outdated=page.article_id in old,
            )
            for page in found
        ]


def _row(
    page: ArticlePage, facts: Facts, draft: DraftFacts, title: Named, rules: Iterable[Policy], *, is_outdated: bool
) -> ArticleRow:
    published = publication_status.of_row(page)
    return ArticleRow(
        title,
        _status(facts, draft, published, is_outdated=is_outdated),
        in_words(facts.next_review_on),
        draft.findings,
        ", ".join(sorted(row.topic.name for row in page.topics.all())),
        full_name(page.owner) if page.owner else "",
        ArticleType(page.article_type).label,
        str(page.locale),
        published,
        str(facts.stand.label),
        in_words(facts.last_review_on),
        "; ".join(facts.reviewed_by),
        ", ".join(policy.name for policy in rules if _applies(policy, page)),
    )


def _status(facts: Facts, draft: DraftFacts, published: str, *, is_outdated: bool) -> str:
    """“Published, review due. Outdated translation. In review, waiting for medical reviewer”."""
    if facts.stand == Stand.NEVER:
        return draft.stage or published
    said = [SAID.get(facts.stand, published), OUTDATED[1] if is_outdated else "", draft.stage]
    return ". ".join(filter(None, said))


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

"""Finds what is about something: published articles, drafts, schedules, offers and disclaimers, in every language.

Something is found if it has any of the words, codes or substances, under any of the topics.
"""

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.publishing.models import Schedule
from articles.record.models import ComponentPublication, Document, Edition, Facet, Publication
from articles.record.search import codes
from articles.record.vocabulary import SERVED, PublicationState, ScheduleState

TAG = re.compile(r"<[^>]*>")
ACCENTS = re.compile("[\u0300-\u036f]+")
Component = Offer | Disclaimer


@dataclass(frozen=True)
class Criteria:
    """`codes` are system|code, `topics` slugs. Upper and lower case, spacing and accents make no difference."""

    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.codes or self.substances or self.topics)


@dataclass(frozen=True)
class Chosen:
    """A published article in the list of search results. `matched`: what it was found by."""

    article: UUID
    title: str
    locale: str
    slug: str
    edition: int
    matched: tuple[str, ...] = ()


@dataclass
class Found:
    """`drafts`: texts that readers do not have. `components`: offers and disclaimers that articles show."""

    articles: list[Chosen] = field(default_factory=list)
    drafts: list[ArticlePage] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)


def find(criteria: Criteria, *, may_read: Callable[[ArticlePage], bool] = lambda page: True) -> Found:
    """Everything that matches; nothing without criteria. `may_read`: whether a draft may be named to the person."""
    if not criteria:
        return Found()
    articles = select(criteria)
    drafts = [page for page in _drafts(criteria) if may_read(page)]
    about = {row.article for row in articles} | {page.article_id for page in drafts}
    waiting = Schedule.objects.filter(article__in=about, state=ScheduleState.WAITING)
    return Found(articles, drafts, list(waiting), [] if criteria.topics else _components(criteria))


def select(criteria: Criteria) -> list[Chosen]:
    """The published articles that match, by title; none without criteria."""
    rows = Publication.objects.filter(state__in=SERVED).order_by("title", "article")
    found = (
        _under(criteria, rows).only("article", "title", "locale", "slug", "edition", "body")
        if criteria
        else rows.none()
    )
    matches = _Matches(criteria)
    chosen = (
        Chosen(row.article, row.title, row.locale, row.slug, row.edition, matches.in_answer(bytes(row.body)))
        for row in found.iterator(chunk_size=100)
    )
    return [row for row in chosen if row.matched or matches.is_open]


def withdrawn(criteria: Criteria) -> list[ArticlePage]:
    """The withdrawn articles whose latest edition matches, or all without criteria; the latest withdrawal first."""
    rows = Publication.objects.filter(state=PublicationState.WITHDRAWN, notice__temporary=False).order_by("-event")
    keys = list(rows.values_list("article", flat=True))
    if criteria:
        matching = _editions_matching(criteria, keys)
        keys = [key for key in keys if key in matching]
    found = {page.article_id: page for page in ArticlePage.objects.filter(article_id__in=keys)}
    return [found[key] for key in keys if key in found]


def _editions_matching(criteria: Criteria, articles: list[UUID]) -> set[UUID]:
    matches = _Matches(criteria)
    if criteria.topics:
        under = Publication.objects.filter(article__in=articles).values_list("article", "filing")
        slugs = {key: {topic["slug"] for topic in filing.get("topics", ())} for key, filing in under}
        articles = [key for key in articles if slugs.get(key, set()) & set(criteria.topics)]
    latest = dict(Edition.objects.filter(subject__in=articles).order_by("number").values_list("subject", "digests"))
    if matches.is_open:
        return set(latest)
    signed = {digest for digests in latest.values() for digest in digests.values()}
    documents = Document.objects.filter(digest__in=signed).iterator(chunk_size=100)
    matching = {row.digest for row in documents if matches.in_document(bytes(row.content))}
    return {key for key, digests in latest.items() if matching & set(digests.values())}


def _drafts(criteria: Criteria) -> Iterator[ArticlePage]:
    """Pages whose latest saved text is not the latest edition's, or was never published."""
    published = Edition.objects.filter(subject=OuterRef("article_id")).order_by("-number").values("revision")[:1]
    pages = ArticlePage.objects.annotate(published=Subquery(published)).exclude(latest_revision=None)
    pages = pages.select_related("latest_revision", "locale").order_by("draft_title", "pk")
    if criteria.topics:
        pages = pages.filter(topics__topic__slug__in=criteria.topics).distinct()
    matches = _Matches(criteria)
    for page in pages.iterator(chunk_size=100):
        is_published = page.published == page.latest_revision_id
        if not is_published and (matches.is_open or matches.in_content(page.latest_revision.content)):
            yield page


def _components(criteria: Criteria) -> list[Component]:
    """Published offers and disclaimers that match, as readers get them or as they are edited now."""
    matches, found = _Matches(criteria), list[Component]()
    served = dict(
        ComponentPublication.objects.exclude(state=PublicationState.WITHDRAWN).values_list("component", "digest")
    )
    documents = {row.digest: bytes(row.content) for row in Document.objects.filter(digest__in=served.values())}
    for model in (Offer, Disclaimer):
        for component in model.objects.filter(component_id__in=served):
            signed = documents.get(served[component.component_id], b"")
            if matches.in_document(signed) or matches.in_content(component.serializable_data()):
                found.append(component)
    return found


def _under(criteria: Criteria, rows: QuerySet[Publication]) -> QuerySet[Publication]:
    if not criteria.topics:
        return rows
    return rows.filter(article__in=Facet.objects.filter(name="topic", value__in=criteria.topics).values("article"))


class _Matches:
    """Which of the criteria a text has. `is_open`: only topics were given, so every text matches."""

    def __init__(self, criteria: Criteria) -> None:
        self.words = {plain(each): each for each in (*criteria.words, *criteria.substances)}
        self.codes = {codes.one_form(*each.split("|", 1)): each for each in criteria.codes}
        self.is_open = not self.words and not self.codes

    def in_answer(self, body: bytes) -> tuple[str, ...]:
        """In what the API serves. Most answers are told apart without being parsed, by their HTML."""
        is_plain = not self.codes and not any(sign in word for word in self.words for sign in '"\\')
        if not body or (is_plain and not self._words_in([body.decode()])):
            return ()
        return self._in(json.loads(body)["content"])

    def in_document(self, content: bytes) -> tuple[str, ...]:
        """In a signed document; an erased one has no content."""
        return self._in(json.loads(content)) if content else ()

    def in_content(self, content: Any) -> tuple[str, ...]:
        """In a revision, whose streams are JSON in strings."""
        return self._in(_opened(content))

    def _in(self, value: Any) -> tuple[str, ...]:
        found = self._words_in(list(_texts(value)))
        return (*found, *(said for code, said in self.codes.items() if code in set(_codes(value))))

    def _words_in(self, texts: list[str]) -> list[str]:
        """A tag may stand inside a word, or between two."""
        joined = html.unescape(" ".join(texts))
        text = f"{plain(TAG.sub('', joined))} {plain(TAG.sub(' ', joined))}" if self.words else ""
        return [said for word, said in self.words.items() if word in text]


def plain(text: str) -> str:
    """Without case, accents and spacing, so that names are found as people type them."""
    letters = text if text.isascii() else ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return " ".join(letters.split()).casefold()


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _opened(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_opened(item) for item in value]
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _texts(value: Any) -> Iterator[str]:
    """Every string of a value. The text of a block, which may be in several spans, is one string."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        if value.get("_type") == "block":
            yield "".join(span.get("text", "") for span in value["children"])
        yield from _all_texts(value.values())
    elif isinstance(value, list):
        yield from _all_texts(value)


def _all_texts(values: Iterable[Any]) -> Iterator[str]:
    for item in values:
        yield from _texts(item)


def _codes(value: Any) -> Iterator[str]:
    """Every code of a value, in its one form."""
    if isinstance(value, dict):
        if isinstance(value.get("system"), str) and isinstance(value.get("code"), str):
            yield codes.one_form(value["system"], value["code"])
        for item in value.values():
            yield from _codes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _codes(item)

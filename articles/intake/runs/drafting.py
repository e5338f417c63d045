"""Makes drafts of a run's articles, each in a transaction of its own: a new one, or a new revision of an earlier one.

A draft that somebody touched since the last import is not written over: the row becomes a conflict, which shows the
difference. What was made is not made again, so a run may be stopped at any moment and go on.
"""

import logging
import time
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.coreutils import find_available_slug
from wagtail.models import Locale, Page

from articles.authoring.models import ArticleAuthor, ArticlePage, ArticleTopic
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.errors import DomainError
from articles.intake.beside import without_picture
from articles.intake.drafting import create_draft, fill
from articles.intake.models import ImportedArticle, ImportRun
from articles.intake.outline import Manuscript, Outline, Picture
from articles.intake.outline_json import digest, read_origin, read_outline
from articles.intake.runs import mapping as mappings
from articles.intake.runs.earlier import find_earlier, is_same, is_untouched
from articles.intake.runs.editing import NotPossible
from articles.intake.runs.legacy import legacy_of, slug_of
from articles.intake.runs.linking import link, pages_of, paths_here
from articles.intake.runs.reading import IN_VETTED
from articles.intake.runs.sent import sent_pictures
from articles.intake.states import MAY_BE_DRAFTED, TO_DRAFT, ArticleState

logger = logging.getLogger(__name__)

NO_PLACE = "The folder for the drafts was deleted. Start a new import, and choose another folder."


def draft_some(run: ImportRun, *, seconds: float) -> bool:
    """Make the next drafts of the run, for about so long. Whether there are more."""
    until = time.monotonic() + seconds
    keys = ImportedArticle.objects.filter(run=run, state__in=TO_DRAFT).order_by("file", "position")
    for key in list(keys.values_list("pk", flat=True)):
        try_draft(key)
        if time.monotonic() >= until:
            return True
    return _link_some(run, until)


def _link_some(run: ImportRun, until: float) -> bool:
    """Write drafts again whose text links to articles that got their draft later. Whether there are more."""
    here = paths_here()
    rows = ImportedArticle.objects.filter(run=run, state__in=(ArticleState.DRAFTED, ArticleState.UPDATED))
    for key, links, linked in list(rows.exclude(links=[]).order_by("pk").values_list("pk", "links", "linked")):
        if (count := sum(path in here for path in links)) > linked:
            _link(key, count)
            if time.monotonic() >= until:
                return True
    return False


@transaction.atomic
def _link(key: int, count: int) -> None:
    """A draft that somebody touched meanwhile stays as it is. Either way it is not tried again."""
    rows = ImportedArticle.objects.select_for_update(of=("self",)).select_related("run__by", "file", "draft")
    article = rows.get(pk=key)
    if is_untouched(article.draft):
        _write(article, article.draft)
    ImportedArticle.objects.filter(pk=key).update(linked=count)


def try_draft(key: int) -> ImportedArticle:
    """As `make_draft`; what goes wrong is said in the row."""
    try:
        return make_draft(key)
    except ValidationError as error:
        return _fail(key, " ".join(error.messages))
    except DomainError as error:
        return _fail(key, error.detail)
    except Exception:  # the edge of a worker: the other articles go on
        logger.exception("The draft of imported article %s failed", key)
        return _fail(key, IN_VETTED)


@transaction.atomic
def make_draft(key: int) -> ImportedArticle:
    """The draft of this article, new or updated, or the reason why there is none: see the row's state.

    Raises ValidationError if Wagtail refuses the page.
    """
    rows = ImportedArticle.objects.select_for_update(of=("self",)).select_related("run__by", "run__parent", "file")
    article = rows.get(pk=key)
    ImportRun.objects.filter(pk=article.run_id).update(beat_at=timezone.now())
    if article.outline is None:
        raise NotPossible(article.problem or "This article could not be read, so there is no draft of it.")
    if article.state not in MAY_BE_DRAFTED:
        return article
    if article.draft is not None and article.revision is not None:
        return _write(article, article.draft)
    article.earlier = find_earlier(article)
    if article.earlier is None:
        return _create(article)
    if is_same(article, article.earlier) and article.edited is None:
        return _settle(article, article.earlier.draft, ArticleState.UNCHANGED)
    return _write(article, article.earlier.draft)


def outline_to_draft(article: ImportedArticle) -> Outline:
    """The outline that counts, with the mapping of the run applied, and with links to the articles that are here."""
    mapping, origin = mappings.read_mapping(article.run.mapping), read_origin(article.origin)
    pages = pages_of(article.links)
    article.linked = len(pages)
    return link(mappings.apply(mapping, read_outline(article.shown), origin), origin, pages)


def _create(article: ImportedArticle) -> ImportedArticle:
    parent, locale = _place(article)
    outline = outline_to_draft(article)
    page, is_new = create_draft(
        outline=outline,
        title=article.title,
        content_hash=article.sha256,
        path=article.file.name,
        parent=parent,
        locale=locale,
        by=article.run.by,
        manuscript=_manuscript(article, outline),
        prepare=_prepare(article, parent),
    )
    return _settle(article, page, ArticleState.DRAFTED if is_new else ArticleState.UNCHANGED)


def _write(article: ImportedArticle, page: ArticlePage | None) -> ImportedArticle:
    """A new revision of the draft, unless somebody touched it: then nothing is written."""
    if page is None or not is_untouched(page):
        return _settle(article, page, ArticleState.CONFLICT)
    draft = page.get_latest_revision_as_object()
    outline = outline_to_draft(article)
    fill(
        draft,
        outline,
        title=article.title,
        content_hash=article.sha256,
        path=article.file.name,
        by=article.run.by,
        manuscript=_manuscript(article, outline),
    )
    _dress(draft, article)
    draft.save_revision(user=article.run.by)
    ArticlePage.objects.filter(pk=page.pk).update(legacy=draft.legacy)
    page.refresh_from_db(fields=["latest_revision"])
    is_own = article.earlier is None
    return _settle(article, page, ArticleState.DRAFTED if is_own else ArticleState.UPDATED)


def _manuscript(article: ImportedArticle, outline: Outline) -> Manuscript:
    """What the file says of the article beside its words, and its pictures: in the file, or added to the run."""
    pictures = tuple(Picture(each.name, bytes(each.data)) for each in article.pictures.order_by("pk"))
    pictures += sent_pictures(article.run, outline, pictures)
    article.lacking = len(without_picture(outline, pictures))
    return Manuscript(origin=read_origin(article.origin), pictures=pictures)


def _settle(article: ImportedArticle, page: ArticlePage | None, state: str) -> ImportedArticle:
    article.draft, article.state, article.problem = page, state, ""
    if page is not None and state in (ArticleState.DRAFTED, ArticleState.UPDATED):
        revision = page.latest_revision
        revision.refresh_from_db(fields=["content"])
        article.revision, article.revision_sha256 = revision.pk, digest(revision.content)
        article.drafted = digest(article.shown)
    written = ["revision", "revision_sha256", "drafted", "linked", "lacking"]
    article.save(update_fields=["draft", "state", "problem", "earlier", *written])
    return article


def _place(article: ImportedArticle) -> tuple[Page, Locale]:
    """The folder, in the language of the article where there is one, and the language."""
    parent = article.run.parent
    if parent is None:
        raise NotPossible(NO_PLACE)
    locale = Locale.objects.filter(language_code=article.language).first() or parent.locale
    return parent.get_translation_or_none(locale) or parent, locale


def _prepare(article: ImportedArticle, parent: Page) -> Callable[[ArticlePage], None]:
    def prepare(page: ArticlePage) -> None:
        if slug := slug_of(read_origin(article.origin)):
            page.slug = find_available_slug(parent, slug)
        _dress(page, article)

    return prepare


def _dress(page: ArticlePage, article: ImportedArticle) -> None:
    """What the article was before, its topics and its byline."""
    origin, mapping = read_origin(article.origin), mappings.read_mapping(article.run.mapping)
    page.legacy = legacy_of(origin) | mappings.reviewed(mapping, origin)
    if topics := Topic.objects.in_bulk(mappings.topics_of(mapping, origin)):
        page.topics = [ArticleTopic(topic=topic, sort_order=at) for at, topic in enumerate(topics.values())]
    if people := Person.objects.in_bulk(mappings.people_of(mapping, origin)):
        page.authors = [ArticleAuthor(person=person, sort_order=at) for at, person in enumerate(people.values())]


def _fail(key: int, problem: str) -> ImportedArticle:
    article = ImportedArticle.objects.get(pk=key)
    article.state, article.problem = ArticleState.FAILED, problem
    article.save(update_fields=["state", "problem"])
    return article

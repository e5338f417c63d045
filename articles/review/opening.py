"""Opens a review: loads an article or a component once, locked if it is to be changed, for use by all later steps."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.document.components import render_component
from articles.document.documents import Document
from articles.document.draft import Draft
from articles.document.gather import gather, require_known_blocks
from articles.document.render import render
from articles.errors import DomainError, NotPublished
from articles.record import history
from articles.record.documents import read_document
from articles.record.models import Document as Stored
from articles.record.models import Edition, Publication
from articles.record.vocabulary import SubjectKind
from articles.review.policies.history import held
from articles.review.policies.rules import Rules, policies_of, rules_of, rules_of_draft
from articles.review.review import MEDICAL, PRESENTATION, Review, Target, digests_of


def open_review(target: Target) -> Review:
    """The review of the target, which is locked until the transaction ends. Raises UnknownBlock, NotRepresentable."""
    review = load(lock(target))
    review.is_locked = True
    return review


def load(target: Target) -> Review:
    """The review of the latest saved state, without a lock. Raises UnknownBlock, NotRepresentable."""
    return load_article(target) if isinstance(target, ArticlePage) else load_component(target)


def load_article(page: ArticlePage) -> Review:
    revision = page.get_latest_revision()
    draft = gather(revision)
    require_known_blocks(draft)
    documents, past = render(draft), history.load(draft.article)
    rules = rules_of_draft(draft, also=held(past, digests_of(documents)))
    return Review(
        SubjectKind.ARTICLE.value,
        draft.article,
        draft.title,
        documents,
        rules,
        draft,
        past,
        target=page,
        revision=revision,
    )


def load_current(page: ArticlePage, *, opened: Review | None = None) -> Review:
    """The review of the published text, from the bytes of the latest edition. Raises NotPublished.

    `draft` is the revision of that edition if it still renders to these bytes, otherwise None. The policies are those
    of the edition, not of the current draft. `opened`: the review of the same article, if it is open already.
    """
    review = load_edition(page, opened=opened)
    if not review.is_in_force:
        raise NotPublished("The article was withdrawn. Publishing it again requires all signatures.")
    assert review.base is not None
    same = opened.draft if opened and opened.digests == review.base.digests else None
    review.draft = same or _draft_of(page, review.base)
    return review


def load_edition(page: ArticlePage, *, opened: Review | None = None) -> Review:
    """The review of the latest edition, withdrawn or not, from its bytes and without a draft. Raises NotPublished."""
    past = opened.history if opened else history.load(page.article_id)
    if not past.editions:
        raise NotPublished("The article was never published, so there is no edition to sign again.")
    edition = past.editions[-1]
    documents = {part: _document(edition.digests[part]) for part in (MEDICAL, PRESENTATION)}
    title = str(documents[MEDICAL].value.get("title", page.title))
    rules = _rules_of_edition(edition, documents)
    return Review(SubjectKind.ARTICLE.value, page.article_id, title, documents, rules, None, past, True, page)


def _draft_of(page: ArticlePage, edition: Edition) -> Draft | None:
    """The draft that the edition was rendered from; None if it renders differently now, since its sources may have
    changed."""
    revision = page.revisions.filter(pk=edition.revision).first()
    if revision is None:
        return None
    try:
        draft = gather(revision)
        rendered = {part: document.digest for part, document in render(draft).items()}
    except DomainError:
        return None
    return draft if rendered == edition.digests else None


def load_component(component: Offer | Disclaimer) -> Review:
    part, key = component.subject_kind, component.component_id
    documents, past = {part: render_component(component)}, history.load(key)
    also = held(past, digests_of(documents))
    rules = {part: rules_of(part, component.policy_id, also=also[part])}
    return Review(part, key, component.name, documents, rules, None, past, target=component)


def _rules_of_edition(edition: Edition, documents: Mapping[str, Document]) -> dict[str, Rules]:
    """The rules of the edition: by its type, its published topics, and the policies that it was published under."""
    filing = Publication.objects.filter(article=edition.subject).values_list("filing", flat=True).first() or {}
    topics = [topic["slug"] for topic in filing.get("topics", ())]
    kind = documents[MEDICAL].value.get("article_type", "")
    given = {"article_type": kind, "topics": topics, "also": edition.review.get("policies", ())}
    among = policies_of(*documents)
    return {part: rules_of(part, None, among=among, **given) for part in documents}


def lock(target: Target) -> Any:
    """The row, reloaded and locked until the transaction ends, with an article's publication.

    All code locks in this order, and before the ledger's counter, to avoid deadlocks.
    """
    model: type[Model] = type(target)
    row = model._default_manager.select_for_update().get(pk=target.pk)
    if isinstance(target, ArticlePage):
        Publication.objects.select_for_update().filter(article=target.article_id).values_list("article").first()
    return row


def _document(digest: str) -> Document:
    row = Stored.objects.get(digest=digest)
    content = bytes(row.content)
    return Document(row.kind, read_document(content) if content else {}, content, row.digest, row.format)

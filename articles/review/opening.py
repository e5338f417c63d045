"""Opens a review: loads an article or a component once, locked where it is acted on, so that it can be handed on."""

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
    """What is to be signed, locked until the transaction ends. Raises UnknownBlock, NotRepresentable."""
    review = load(lock(target))
    review.is_locked = True
    return review


def load(target: Target) -> Review:
    """The subject as its latest saved state renders. Raises UnknownBlock, NotRepresentable."""
    return load_article(target) if isinstance(target, ArticlePage) else load_component(target)


def load_article(page: ArticlePage) -> Review:
    revision = page.get_latest_revision()
    draft = gather(revision)
    require_known_blocks(draft)
    documents, past = render(draft), history.load(draft.article)
    rules = rules_of_draft(draft, also=held(draft.article, past, digests_of(documents)))
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
    """The article as readers get it: the bytes of its latest edition. Raises NotPublished.

    `draft` is the revision of that edition where it still renders to these bytes, else None. The policies are those
    that apply to the edition, whatever the draft says by now. `opened`: the same article, where it is open already.
    """
    past = opened.history if opened else history.load(page.article_id)
    if not past.editions:
        raise NotPublished("The article was never published, so there is no edition to sign again.")
    edition = past.editions[-1]
    documents = {part: _document(edition.digests[part]) for part in (MEDICAL, PRESENTATION)}
    title = str(documents[MEDICAL].value.get("title", page.title))
    rules = _rules_of_edition(edition, documents)
    review = Review(SubjectKind.ARTICLE.value, page.article_id, title, documents, rules, None, past, True, page)
    if not review.is_in_force:
        raise NotPublished("The article was withdrawn; publishing it again needs all signatures anew.")
    review.draft = opened.draft if opened and opened.digests == edition.digests else _draft_of(page, edition)
    return review


def _draft_of(page: ArticlePage, edition: Edition) -> Draft | None:
    """What the edition was rendered from, where it still renders to the same; its sources may have changed since."""
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
    also = held(key, past, digests_of(documents))
    rules = {part: rules_of(part, component.policy_id, also=also[part])}
    return Review(part, key, component.name, documents, rules, None, past, target=component)


def _rules_of_edition(edition: Edition, documents: Mapping[str, Document]) -> dict[str, Rules]:
    """By its own type, by the topics under which readers find it, and by the policies that it was published under."""
    filing = Publication.objects.filter(article=edition.subject).values_list("filing", flat=True).first() or {}
    topics = [topic["slug"] for topic in filing.get("topics", ())]
    kind = documents[MEDICAL].value.get("article_type", "")
    given = {"article_type": kind, "topics": topics, "also": edition.review.get("policies", ())}
    among = policies_of(*documents)
    return {part: rules_of(part, None, among=among, **given) for part in documents}


def lock(target: Target) -> Any:
    """The row again, locked until the transaction ends, and what readers get of an article: in this order everywhere,
    and before the ledger's counter, so that nobody waits in a circle."""
    model: type[Model] = type(target)
    row = model._default_manager.select_for_update().get(pk=target.pk)
    if isinstance(target, ArticlePage):
        Publication.objects.select_for_update().filter(article=target.article_id).values_list("article").first()
    return row


def _document(digest: str) -> Document:
    row = Stored.objects.get(digest=digest)
    content = bytes(row.content)
    return Document(row.kind, read_document(content) if content else {}, content, row.digest, row.format)

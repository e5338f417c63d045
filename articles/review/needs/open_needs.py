"""In which roles a signature is asked for now, by the workflow, by a changed component, or by a review that is due."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from wagtail.models import TaskState

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.record.delivery.clock import DUE_DAYS
from articles.record.models import Edition, Publication
from articles.record.vocabulary import SERVED
from articles.review import workflow
from articles.review.models import SignOffTask, Step
from articles.review.needs import renewal
from articles.review.review import Subject, Target, load, load_current
from articles.review.signing.signatures import missing


def signable(subject: Subject) -> Subject:
    """What is to be signed now: the draft where the workflow runs, else the text that readers get, to vouch again."""
    page = ArticlePage.objects.filter(article_id=subject.id).first() if subject.is_article else None
    if page is None or subject.is_edition or not subject.is_in_force or _step(subject.id) is not None:
        return subject
    try:
        return load_current(page)
    except DomainError:
        return subject


def load_asked(target: Target) -> Subject:
    """What is to be signed now, as `signable` says; it needs no draft that renders. Raises what `load` raises."""
    if isinstance(target, ArticlePage) and _step(target.article_id) is None:
        try:
            return load_current(target)
        except DomainError:
            pass  # readers get nothing to vouch for
    return load(target)


def roles_asked(subject: Subject) -> set[str]:
    """Roles whose signature is missing and whose turn it is, of what `signable` gave.

    Of an edition (`load_current`) those that vouching for it again waits for, whatever a workflow asks of the draft.
    """
    lacking = {item.role for item in missing(subject)}
    if not subject.is_article:
        return set() if subject.is_current and subject.is_vouched else lacking
    step = None if subject.is_edition else _step(subject.id)
    if step is not None:
        return lacking & workflow.ROLES[step] if step == Step.EDITORIAL else lacking
    if not subject.is_in_force or not is_read(subject.id):
        return set()
    is_asked = not subject.is_vouched or _is_due(subject.id)
    return set(renewal.roles_to_sign_again(subject)) if is_asked else set()


def due_articles(today: date) -> list[UUID]:
    """Articles that readers get, or would get, whose review is due or overdue, the longest first."""
    rows = Publication.objects.filter(state__in=SERVED, next_review_on__lt=today + timedelta(days=DUE_DAYS))
    return list(rows.order_by("next_review_on", "article").values_list("article", flat=True))


def may_be_asked(target: Target) -> bool:
    """Whether it is worth rendering: of articles those in the workflow, due, or published in an emergency."""
    if not isinstance(target, ArticlePage):
        return True
    key = target.article_id
    return _step(key) is not None or _is_due(key) or _was_emergency(key)


def find_target(subject: UUID) -> Target | None:
    """The article or component of this id."""
    page = ArticlePage.objects.filter(article_id=subject).first()
    return page or next(filter(None, (_component(model, subject) for model in (Offer, Disclaimer))), None)


def try_load(target: Target) -> Subject | None:
    """None for a draft that cannot be rendered now, which nobody can sign."""
    try:
        return load(target)
    except DomainError:
        return None


def try_load_asked(target: Target) -> Subject | None:
    """None for a draft that is asked for and cannot be rendered now."""
    try:
        return load_asked(target)
    except DomainError:
        return None


def _component(model: type[Offer] | type[Disclaimer], subject: UUID) -> Offer | Disclaimer | None:
    return model._default_manager.filter(component_id=subject).first()


def _step(article: UUID) -> Step | None:
    """The step of the workflow that runs now."""
    page = ArticlePage.objects.filter(article_id=article).first()
    state = page.current_workflow_task_state if page else None
    if state is None or state.status != TaskState.STATUS_IN_PROGRESS:
        return None
    task = state.task.specific
    return Step(task.step) if isinstance(task, SignOffTask) else None


def is_read(article: UUID) -> bool:
    return Publication.objects.filter(article=article, state__in=SERVED).exists()


def _is_due(article: UUID) -> bool:
    day = timezone.now().date() + timedelta(days=DUE_DAYS)
    return Publication.objects.filter(article=article, state__in=SERVED, next_review_on__lt=day).exists()


def _was_emergency(article: UUID) -> bool:
    latest = Edition.objects.filter(subject=article).order_by("-number").first()
    return latest is not None and bool(latest.review.get("emergency"))

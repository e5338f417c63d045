"""Decides which signatures a text still needs, and why a person may not give one. No other module decides this.

Signing calls `refusal`. The table of open needs (table.py) is written from `needs`; start page, letters, reminders and
assignments read that table.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.record.delivery.clock import DUE_DAYS
from articles.record.models import Edition, Publication, SignOff
from articles.record.vocabulary import SERVED, DeclineReason, EventKind, Role, Scope
from articles.review import blocking, roles
from articles.review.four_eyes import contributors
from articles.review.logins import with_other_logins
from articles.review.models import ChangeRequest, Step
from articles.review.needs import change_note
from articles.review.needs.missing import Missing, missing, part_label, role_label
from articles.review.needs.retracted import require_standing_sources
from articles.review.opening import load, load_current
from articles.review.policies.rules import is_of
from articles.review.review import MEDICAL, Review, Target

EVERY_ROLE = frozenset(Role.values)
TURN = {Step.EDITORIAL: frozenset({Role.EDITOR.value}), Step.MEDICAL: EVERY_ROLE}


def needs(review: Review) -> list[Missing]:
    """The signatures that are requested for this text now, editors first.

    For a draft: the missing ones of the roles whose turn it is in the workflow. For a published edition: the missing
    ones after a voided signature or an emergency, or if its review is due. For a component: the missing ones of its
    working copy, unless changes to exactly this text were requested.
    """
    if not review.is_article:
        is_done = (review.is_current and review.is_vouched) or _was_sent_back(review)
        return [] if is_done else lacking(review)
    step = None if review.is_edition else current_step(review.id)
    return _of(review, _turn(review, step)) if step or review.is_edition else []


def asked(review: Review) -> tuple[Review, list[Missing]]:
    """The text that is to be signed now, and the requested signatures.

    The text is the draft while the workflow runs, otherwise the published edition. Raises what `load` raises.
    """
    if not isinstance(review.target, ArticlePage):
        return review, needs(review)
    step = current_step(review.id)
    turn = _turn(review, step)
    if not turn:
        return review, []
    if review.is_edition and step:
        text = load(review.target)
    else:
        text = review if review.is_edition or step else load_current(review.target, opened=review)
    return text, _of(text, turn)


def lacking(review: Review) -> list[Missing]:
    """The signatures that can be given now, requested or not, editors first."""
    return missing(review, given(review))


def given(review: Review) -> dict[str, list[SignOff]]:
    """{part: sign-offs that count for the text as it is now}.

    When a published edition is reviewed again, editors' signatures still count. Others on the medical part count only
    if they were given on the whole text since the last review. Until the signatures are complete again after an
    emergency or a voided signature, all of them count.
    """
    rows = {part: review.counting(part) for part in review.documents}
    if not review.is_edition or (not review.is_vouched and missing(review)):
        return rows
    since = _reviewed_at(review)
    kept = [row for row in rows[MEDICAL] if row.role == Role.EDITOR or (row.event > since and row.scope == Scope.WHOLE)]
    return rows | {MEDICAL: kept}


def refusal(review: Review, user: User, role: str, part: str) -> str | None:
    """Why this person may not sign this part in this role now, as a message for them; None if they may.

    `obstacle` returns what keeps everyone from signing the text.
    """
    label = part_label(part)
    if role not in review.rules[part].signatures():
        return f"The policy does not require a signature as {role_label(role)} on the {label}."
    said = role_refusal(user, role, review.language) or independence_refusal(review, user, part)
    return said or _surplus(review, user, role, part)


def role_refusal(user: User, role: str, language: str = "") -> str | None:
    """Why the person may not sign in this role (and language) today; None if they may."""
    if role in roles.roles_of(user, on=timezone.now().date(), language=language):
        return None
    if roles.is_assistant(user):
        return "Assistants prepare and comment, and never sign. Ask an editor or a clinician to sign this."
    return (
        f"You cannot sign this as {role_label(role)}. Ask a medical lead to check your roles, credentials and "
        "languages, and whether a second lead has confirmed them."
    )


def independence_refusal(review: Review, user: User, part: str) -> str | None:
    """Why a contributor to the part, or a person with a conflict of interest, may not sign it; None for others."""
    if user.pk in contributors(review, part):
        return f"You contributed to the {part_label(part)}, so someone else must sign it (four-eyes rule)."
    own = with_other_logins({user.pk}, links=review.links)
    conflicts = [row for row in review.declines if row.reason == DeclineReason.CONFLICT_OF_INTEREST]
    declared = next((row for row in reversed(conflicts) if row.user_id in own), None)
    if declared is None:
        return None
    return (
        f"You declared a conflict of interest on {declared.at:%-d %B %Y}, so someone else must sign this. "
        "This applies until the next edition."
    )


def barred(review: Review, part: str) -> set[int]:
    """Keys of the logins that are not asked to sign the part: those of contributors, signers and decliners."""
    logins = {row.user for row in given(review)[part]} | {row.user_id for row in review.declines if row.user_id}
    return contributors(review, part) | with_other_logins(logins, links=review.links)


def obstacle(review: Review) -> str:
    """What keeps everyone from signing the text until it changes, as a message; "" for nothing."""
    try:
        blocking.require_no_new(review)
        change_note.require(review)
        if review.is_edition:
            require_standing_sources(review)
    except DomainError as error:
        return error.detail
    return ""


def load_asked(target: Target) -> Review:
    """The text to be signed now: an article's draft while its workflow runs, otherwise the published edition.

    Raises what `load` raises.
    """
    if isinstance(target, ArticlePage) and current_step(target.article_id) is None:
        try:
            return load_current(target)
        except DomainError:
            pass  # there is no published edition to sign again
    return load(target)


def may_be_asked(target: Target) -> bool:
    """Whether signatures may be needed: always for components; for articles in the workflow, due, or published in an
    emergency."""
    if not isinstance(target, ArticlePage):
        return True
    key = target.article_id
    return current_step(key) is not None or _is_due(key) or _was_emergency(key)


def due_articles() -> QuerySet[Publication]:
    """Published and withheld articles whose review is due or overdue."""
    day = timezone.now().date() + timedelta(days=DUE_DAYS)
    return Publication.objects.filter(state__in=SERVED, next_review_on__lt=day)


def is_read(article: UUID) -> bool:
    return Publication.objects.filter(article=article, state__in=SERVED).exists()


def find_target(subject: UUID) -> Target | None:
    """The article or component with this id, or None."""
    page = ArticlePage.objects.filter(article_id=subject).first()
    return page or next(filter(None, (_component(model, subject) for model in (Offer, Disclaimer))), None)


def try_load(target: Target) -> Review | None:
    """The review, or None for a draft that cannot be rendered, and therefore not signed, now."""
    try:
        return load(target)
    except DomainError:
        return None


def current_step(article: UUID) -> Step | None:
    """The step of the workflow whose signatures are requested now, or None."""
    pages = ArticlePage.objects.filter(article_id=article).annotate(key=Cast("pk", CharField()))
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        workflow_state__object_id__in=pages.values("key"),
        task__signofftask__isnull=False,
    )
    step = states.values_list("task__signofftask__step", flat=True).first()
    return Step(step) if step else None


def _of(review: Review, turn: Collection[str]) -> list[Missing]:
    return [item for item in lacking(review) if item.role in turn] if turn else []


def _turn(review: Review, step: Step | None) -> Collection[str]:
    """Roles that are asked to sign now: for the draft if a `step` runs, otherwise for the published edition, if any."""
    if step:
        return TURN[step]
    if not review.is_in_force:
        return ()
    rows = due_articles() if review.is_vouched else Publication.objects.filter(state__in=SERVED)
    return EVERY_ROLE if rows.filter(article=review.id).exists() else ()


def _surplus(review: Review, user: User, role: str, part: str) -> str | None:
    """Why this person's signature is not needed on the part; None if it is."""
    label, logins = part_label(part), with_other_logins({user.pk}, links=review.links)
    if any(row.user in logins for row in given(review)[part]):
        return f"You have already signed this version of the {label}, with this or another login."
    wanted = [item.specialty for item in lacking(review) if (item.part, item.role) == (part, role)]
    if not wanted:
        return f"The {label} already has all the signatures that it needs in this role."
    own = roles.signer(user).specialty if any(wanted) else ""
    if not any(fits(own, name) for name in wanted):
        return (
            f"The policy requires a clinician of {' and '.join(wanted)} on the {label}. Your specialty is "
            f"{own or 'not recorded'}."
        )
    return None


def fits(specialties: str, wanted: str) -> bool:
    """Whether a clinician's specialties include the required one; "" accepts any."""
    return not wanted or is_of(specialties, wanted)


def _reviewed_at(review: Review) -> int:
    """Number of the event that completed the last review: the publication, or a later re-affirmation."""
    reaffirmed = [event.number for event in review.history.events if event.kind == EventKind.REAFFIRMED]
    return max([review.base.event if review.base else 0, *reaffirmed])


def _was_sent_back(review: Review) -> bool:
    """Whether changes were requested to exactly this text of a component."""
    last = ChangeRequest.objects.filter(subject=review.id).order_by("-pk").first()
    return last is not None and last.digests == review.digests


def _is_due(article: UUID) -> bool:
    return due_articles().filter(article=article).exists()


def _was_emergency(article: UUID) -> bool:
    latest = Edition.objects.filter(subject=article).order_by("-number").first()
    return latest is not None and bool(latest.review.get("emergency"))


def _component(model: type[Offer] | type[Disclaimer], subject: UUID) -> Offer | Disclaimer | None:
    return model._default_manager.filter(component_id=subject).first()

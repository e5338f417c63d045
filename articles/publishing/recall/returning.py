"""Return unchanged: withdrawn articles come back as they were, by one clinician's signature. Source: design §6.

Only after a withdrawal for a reason that says nothing against the text, and only while the draft is still the text that
was published. The review date stays. One statement covers all articles of an act, and one transaction returns them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest

from articles.authoring.models import ArticlePage
from articles.errors import ContentChanged, DomainError
from articles.publishing.publish import publish_page, require_disclaimers
from articles.publishing.recompose import recompose_after, rewrite
from articles.publishing.session.signing import NothingTicked, Shown, Signed, read_token, token_of
from articles.record.event_data import Returned
from articles.record.models import SignOff
from articles.record.vocabulary import EventKind, Role, Scope, WithdrawReason
from articles.review.needs import rules, table
from articles.review.needs.retracted import require_standing_sources
from articles.review.opening import load_edition, open_review
from articles.review.review import MEDICAL, Review
from articles.review.roles import actor, signer
from articles.review.signing import authentication, signoffs
from articles.review.signing.authentication import Confirmation, Given
from articles.review.signing.meanings import of_a_return

MOST = 100  # articles of one act
ACT = "return"  # in the page's token, in place of a role
REASONS = (WithdrawReason.LEGAL, WithdrawReason.SUPERSEDED, WithdrawReason.OTHER)
LABELS = " or ".join(f"“{reason.label.lower()}”" for reason in REASONS)


class CannotReturn(DomainError):
    """The article cannot come back by this signature alone."""

    code = "cannot-return"
    title = "The article was not returned."


@dataclass
class Candidate:
    """A withdrawn article and a person who may return it. `review` is that of its draft."""

    review: Review
    user: User

    @cached_property
    def edition(self) -> Review:
        """The published text itself, of which the draft must be the same."""
        assert isinstance(self.review.target, ArticlePage)
        return load_edition(self.review.target, opened=self.review)

    @cached_property
    def obstacle(self) -> str:
        """Why this person cannot return it; "" if they can."""
        return _obstacle(self) or _refusal(self)

    @property
    def title(self) -> str:
        """As readers had it; the draft's may be private."""
        return self.edition.name

    @property
    def shown(self) -> Shown:
        return Shown(str(self.review.id), self.title, self.review.digests, {}, [])


def candidates(pages: Iterable[ArticlePage], user: User) -> list[Candidate]:
    """These withdrawn articles, in their order. Each is opened, so the caller gives one page of a list."""
    reviews = (rules.try_load(page) for page in pages)
    return [Candidate(review, user) for review in reviews if review and review.withdrawn]


def page_token(user: User, shown: Iterable[Candidate]) -> str:
    return token_of(user, ACT, (each.shown for each in shown if not each.obstacle))


def return_unchanged(
    *, user: User, token: str, ticked: Collection[str], password: Given, request: HttpRequest | None = None
) -> Signed:
    """Return the ticked articles of the page, at most MOST. `ticked`: ids of articles.

    An article that changed meanwhile, or that this person may not return, is left out and named. Raises
    ContentChanged, NothingTicked, NotAuthenticated; then nothing was returned.
    """
    act, shown = read_token(token, user)
    chosen = [text for text in shown if text.subject in ticked] if act == ACT else []
    if not chosen:
        raise NothingTicked("Nothing was returned. Select the articles that come back.")
    if len(chosen) > MOST:
        raise CannotReturn(f"Nothing was returned. Select at most {MOST} articles at a time.")
    confirmation = authentication.confirm(user, password, request=request)
    signed = _return(chosen, user, confirmation)
    for row in signed.signoffs:
        recompose_after(row.subject)
    return signed


@transaction.atomic
def _return(chosen: Sequence[Shown], user: User, confirmation: Confirmation) -> Signed:
    signed, opened = Signed(), list[Candidate]()
    for text in sorted(chosen, key=lambda text: text.subject):  # everybody locks in this order
        try:
            opened.append(_open(text, user))
        except DomainError as error:
            signed.left_out.append((text.title, error.detail))
    if opened:
        ready = [signoffs.Ready(each.edition, [MEDICAL], returns=True) for each in opened]
        meaning, scope = of_a_return(), Scope.CHANGES
        signed.signoffs = signoffs.write_all(
            ready, Role.MEDICAL, scope=scope, confirmation=confirmation, meaning=meaning
        )
    for each, row in zip(opened, signed.signoffs, strict=True):
        _publish(each.review, row, user)
    return signed


def _open(text: Shown, user: User) -> Candidate:
    """The article, locked, if it is what the page showed and may come back. Raises ContentChanged, CannotReturn."""
    target = rules.find_target(UUID(text.subject))
    if target is None:
        raise ContentChanged("It was deleted.")
    found = Candidate(open_review(target), user)
    if found.obstacle:
        raise CannotReturn(found.obstacle)
    if found.review.digests != text.digests:
        raise ContentChanged("It was changed, published and withdrawn again meanwhile.")
    return found


def _publish(draft: Review, row: SignOff, user: User) -> None:
    assert draft.base is not None and isinstance(draft.target, ArticlePage)
    if state := draft.target.current_workflow_state:
        state.cancel(user=user)
    publish_page(draft, user)
    data: Returned = {"edition": draft.base.number, "digests": draft.digests, "signoffs": [row.pk]}
    rewrite(draft.id, EventKind.RETURNED, actor=actor(user), data=data)
    table.rewrite(draft.id)


def _refusal(found: Candidate) -> str:
    """Why this person in particular cannot return the article; "" if they can."""
    edition, user = found.edition, found.user
    if said := rules.role_refusal(user, Role.MEDICAL, edition.language):
        return said
    wanted = edition.policies[MEDICAL].specialties
    if wanted and not any(rules.fits(signer(user).specialty, name) for name in wanted):
        return f"The policy requires a clinician of {' or '.join(wanted)}."
    return rules.independence_refusal(edition, user, MEDICAL) or ""


def _obstacle(found: Candidate) -> str:
    """What keeps everyone from returning the article; "" for nothing."""
    draft = found.review
    if draft.withdrawal is None or draft.is_in_force or draft.base is None:
        return "It is not withdrawn."
    if (reason := draft.withdrawal.data["reason"]) not in REASONS:
        label = WithdrawReason(reason).label.lower()
        return f"It was withdrawn with the reason “{label}”, so the whole text must be reviewed and signed again."
    if draft.digests != draft.base.digests:
        return "It was changed since it was published, so the change must be reviewed."
    if not draft.is_vouched:
        return "Its signatures were not complete, so the whole text must be reviewed and signed again."
    try:
        require_standing_sources(found.edition)
        require_disclaimers(draft.draft.disclaimers if draft.draft else ())
    except DomainError as error:
        return error.detail
    return ""

"""Accepted suggestions: whose words a draft's changes are, and when the suggester may sign them. Source: design §6.

An accepted suggestion is the accepting editor's change, but somebody else's words. The suggester may sign only while
every difference is their own accepted suggestion and the change is editorial; otherwise another clinician reads them.
"""

from functools import reduce

from django.contrib.auth.models import AbstractUser as User

from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.review.logins import with_other_logins
from articles.review.models import Suggestion
from articles.review.responses.applying import made_with, rendered
from articles.review.responses.fields import opened
from articles.review.review import MEDICAL, Review
from articles.review.roles import signer


def suggesters(review: Review) -> set[int]:
    """Keys of the logins that may not sign the draft's medical part, because their words were taken into it."""
    users = {row.user_id for row in review.accepted_suggestions if row.user_id}
    return set() if not users or may_sign_own(review) else users


def may_sign_own(review: Review) -> bool:
    """Whether the change is editorial, and nothing but suggestions of one person."""
    rows = review.accepted_suggestions
    if not rows or not review.is_editorial or not rows[0].user_id:
        return False
    own = with_other_logins({rows[0].user_id}, links=review.links)
    return {row.user_id for row in rows} <= own and _digest_with(review, rows) == review.digests[MEDICAL]


def statement(review: Review, user: User) -> str:
    """What a suggester's signature says besides, about whose words they are; "" for everybody else."""
    rows = review.accepted_suggestions
    own = with_other_logins({user.pk}, links=review.links)
    if not any(row.user_id in own for row in rows) or not may_sign_own(review):
        return ""
    names = dict.fromkeys(signer(row.decided_by).name for row in rows if row.decided_by)
    return f"The changes are my own suggestions, which {' and '.join(names) or 'an editor'} accepted."


def _digest_with(review: Review, rows: list[Suggestion]) -> str:
    """The digest of the edition's medical part with these suggestions in it; "" if they do not fit into it."""
    assert review.base is not None and isinstance(review.target, ArticlePage)
    revision = review.target.revisions.filter(pk=review.base.revision).first()
    if revision is None:
        return ""
    try:
        return rendered(revision, reduce(made_with, rows, opened(revision.content)))[MEDICAL].digest
    except DomainError:
        return ""

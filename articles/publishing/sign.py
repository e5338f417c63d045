"""Signing as people do it: the signature, and the publication that follows from the last one, in one transaction.

Then, after the commit, whatever stands on the article or component is brought up to date.
"""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest

from articles.publishing import reaffirm
from articles.publishing.publish import publish_component, with_image_files
from articles.publishing.recompose import ARTICLE, COMPONENT, recompose_after
from articles.record.vocabulary import Scope
from articles.review import workflow
from articles.review.needs.table import write_needs
from articles.review.opening import open_review
from articles.review.review import Review, Target
from articles.review.signing import authentication, signatures, signoffs


def sign(
    *,
    target: Target,
    user: User,
    role: str,
    shown: Mapping[str, str],
    password: str,
    scope: str = Scope.WHOLE,
    checklist: Mapping[str, object] | None = None,
    request: HttpRequest | None = None,
) -> Review:
    """Sign, and let the last required signature publish. The review, as it is then.

    `shown`: {part: digest that was on the screen, note: mark}; `checklist`: what the form posted of it. Raises
    NotAuthenticated, and what `signoffs.sign` raises; then nothing was signed.
    """
    method = authentication.confirm_password(user, password, request=request)
    signature = {"user": user, "role": role, "shown": shown, "method": method, "scope": scope, "checklist": checklist}
    review = with_image_files(lambda: _sign(target, user, signature))
    if review.has_changed_for_readers:
        recompose_after(review.id, relation=ARTICLE if review.is_article else COMPONENT)
    return review


@transaction.atomic
def _sign(target: Target, user: User, signature: Mapping) -> Review:
    review = open_review(target)
    signoffs.sign(review, **signature)
    follow(review, user)
    write_needs(review)
    return review


def follow(review: Review, user: User) -> None:
    """The workflow's next step; and, where readers get this text already, the signatures that it lacked."""
    if not review.is_article:
        if not signatures.missing(review):
            publish_component(review, by=user)
            reaffirm.settle_component(review, by=user)
        return
    workflow.move_on(review, by=user)
    if review.is_current and not review.has_changed_for_readers:
        reaffirm.settle(review, by=user)

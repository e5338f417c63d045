"""Signing by people: a signature, and the publication after the last one, in one transaction.

After the commit, the articles that show or link to the article or component are recomposed.
"""

from collections.abc import Callable, Mapping

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
from articles.review.signing.authentication import Given


def sign(
    *,
    target: Target,
    user: User,
    role: str,
    shown: Mapping[str, str],
    password: Given,
    scope: str = Scope.WHOLE,
    checklist: Mapping[str, object] | None = None,
    request: HttpRequest | None = None,
) -> Review:
    """Sign, and publish with the last required signature. Returns the review after signing.

    `shown`: {part: digest that was on the screen, note: mark}; `checklist`: its posted fields. Raises NotAuthenticated,
    and what `signoffs.sign` raises; then nothing was signed.
    """
    confirmation = authentication.confirm(user, password, request=request)
    signature = {"role": role, "shown": shown, "confirmation": confirmation, "scope": scope, "checklist": checklist}
    return carry_out(lambda: _sign(target, user, signature))


def carry_out(act: Callable[[], Review]) -> Review:
    """Do what may publish a text, in a transaction of its own; then recompose the articles that show or link to it."""
    review = with_image_files(act)
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
    """Move the workflow on; if this text is published already, re-affirm it with the new signatures."""
    if not review.is_article:
        if not signatures.missing(review):
            publish_component(review, by=user)
            reaffirm.settle_component(review, by=user)
        return
    workflow.move_on(review, by=user)
    if review.is_current and not review.has_changed_for_readers:
        reaffirm.settle(review, by=user)

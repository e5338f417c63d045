"""Signing as people do it: the signature and the publication that follows from the last one, in one transaction.

Then, after the commit, whatever stands on the article or component is brought up to date.
"""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest

from articles.authoring.models import ArticlePage
from articles.publishing import reaffirm
from articles.publishing.publish import prepare, write_component
from articles.publishing.recompose import ARTICLE, COMPONENT, recompose_after
from articles.record.delivery import publications
from articles.record.models import SignOff
from articles.record.vocabulary import Scope
from articles.review import workflow
from articles.review.review import Target, load, load_article, load_component
from articles.review.signing import signatures, signoffs


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
) -> list[SignOff]:
    """Sign, and let the last required signature publish. Raises what `signoff.sign` and publishing raise."""
    subject = load(target)
    prepare(subject)
    with transaction.atomic():
        given = signoffs.sign(
            target=target,
            user=user,
            role=role,
            shown=shown,
            password=password,
            scope=scope,
            checklist=checklist,
            request=request,
        )
        follow(target, user)
    if publications.current_event(subject.id) > given[-1].event:
        recompose_after(subject.id, relation=ARTICLE if subject.is_article else COMPONENT)
    return given


def follow(target: Target, user: User) -> None:
    """The workflow's next step; and, where readers get this text already, the signatures that it lacked."""
    if isinstance(target, ArticlePage):
        page = type(target).objects.get(pk=target.pk)
        workflow.advance(page, by=user)
        if load_article(page).is_current:
            reaffirm.settle(page, by=user)
    elif not signatures.missing(load_component(target)):
        write_component(component=target, by=user)
        reaffirm.settle_component(target, by=user)

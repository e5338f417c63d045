"""Signing as people do it: the signature and the publication that follows from the last one, in one transaction.

Then, after the commit, whatever stands on the article or component is brought up to date.
"""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest

from articles.authoring.models import ArticlePage
from articles.publishing.publish import prepare, write_component
from articles.publishing.recompose import ARTICLE, COMPONENT, recompose_after
from articles.record import publications
from articles.record.models import SignOff
from articles.record.vocabulary import Scope
from articles.review import signoff, tasks
from articles.review.subjects import Target, load, load_component


def sign(
    *,
    target: Target,
    user: User,
    role: str,
    shown: Mapping[str, str],
    password: str,
    scope: str = Scope.WHOLE,
    request: HttpRequest | None = None,
) -> list[SignOff]:
    """Sign, and let the last required signature publish. Raises what `signoff.sign` and publishing raise."""
    subject = load(target)
    prepare(subject)
    with transaction.atomic():
        given = signoff.sign(
            target=target, user=user, role=role, shown=shown, password=password, scope=scope, request=request
        )
        _follow(target, user)
    if publications.current_event(subject.id) > given[-1].event:
        recompose_after(subject.id, relation=ARTICLE if subject.draft else COMPONENT)
    return given


def _follow(target: Target, user: User) -> None:
    if isinstance(target, ArticlePage):
        tasks.advance(type(target).objects.get(pk=target.pk), by=user)
    elif not signoff.missing(load_component(target)):
        write_component(component=target, by=user)

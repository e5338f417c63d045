"""Signing as people do it: the signature, and what follows from the last one, in one transaction."""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest

from articles.authoring.models import ArticlePage
from articles.publishing.publish import prepare, publish_component
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
    prepare(load(target))
    with transaction.atomic():
        given = signoff.sign(
            target=target, user=user, role=role, shown=shown, password=password, scope=scope, request=request
        )
        _follow(target, user)
    return given


def _follow(target: Target, user: User) -> None:
    if isinstance(target, ArticlePage):
        tasks.advance(type(target).objects.get(pk=target.pk), by=user)
    elif not signoff.missing(load_component(target)):
        publish_component(component=target, by=user)

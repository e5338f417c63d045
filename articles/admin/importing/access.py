"""Who may import, and who may open a run: people who may add articles, and for others' runs, who may edit them."""

from typing import cast

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from articles.admin.folders import CHANGE, POLICY, may_add_articles
from articles.intake.models import ImportedArticle, ImportRun


def runs_of(user: User) -> QuerySet[ImportRun]:
    """The user's own runs, and those into folders whose articles the user may edit."""
    editable = POLICY.instances_user_has_permission_for(user, CHANGE)
    return ImportRun.objects.filter(Q(by_id=user.pk) | Q(parent__in=editable.values("pk")))


def get_run(user: User, pk: int) -> ImportRun:
    """Raises Http404 if there is no such run, or none that the user may open."""
    run = runs_of(user).select_related("by", "parent").filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def get_article(user: User, pk: int) -> ImportedArticle:
    """Of a run that the user may open. Raises Http404."""
    rows = ImportedArticle.objects.select_related("run__by", "run__parent", "file", "draft").defer("original")
    article = rows.filter(pk=pk, run__in=runs_of(user)).first()
    if article is None:
        raise Http404
    return article


class ImportersOnly:
    """A view for people who may add articles."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_add_articles(cast(User, request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

"""Who may add articles, and in which folders."""

from django.contrib.auth.models import AbstractUser as User
from django.db.models import QuerySet
from wagtail.permission_policies.pages import PagePermissionPolicy

from articles.authoring.models import ArticleIndexPage

POLICY = PagePermissionPolicy()
ADD, CHANGE = "add", "change"


def may_add_articles(user: User) -> bool:
    """Whether the user may add pages anywhere; clinicians may not."""
    return bool(POLICY.user_has_permission(user, ADD))


def folders_of(user: User) -> QuerySet[ArticleIndexPage]:
    """The folders to which the user may add articles."""
    held = POLICY.instances_user_has_permission_for(user, ADD)
    return ArticleIndexPage.objects.filter(pk__in=held.values("pk")).order_by("title", "pk")

"""The base of both kinds of page: what the admin refuses by hand, code is refused too."""

from wagtail.models import Page

from articles.authoring.permissions import ArticlePermissionTester
from articles.authoring.rules import require_no_alias, require_not_read


class Guarded(Page):
    """No aliases, and no deleting of what readers get. No gate: that is the record (DECISIONS.md, 1)."""

    class Meta:
        abstract = True

    def permissions_for_user(self, user):
        return ArticlePermissionTester(user, self)

    def save(self, *args, **kwargs):
        require_no_alias(self)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        require_not_read(self)
        return super().delete(*args, **kwargs)

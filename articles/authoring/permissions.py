"""Permissions: their names, what a verb requires, and what Wagtail's admin may offer people to do with an article."""

from django.contrib.auth.models import AbstractUser as User
from wagtail.models import PagePermissionTester

from articles.authoring.rules import is_read
from articles.errors import Refused

MAY_ASSIGN = "articles.assign_article"
MAY_CHANGE_LOGINS = "cms.change_user"
MAY_EMERGENCY = "articles.emergency_article"
MAY_MERGE = "articles.delete_source"  # a merge takes a record out of the library, as deleting does
MAY_NOTICE = "articles.notice_article"
MAY_QUESTION = "articles.question_source"
MAY_REFILE = "articles.refile_article"
MAY_REPORT = "articles.report_article"
MAY_SCHEDULE = "articles.schedule_article"
MAY_VOID = "articles.void_article"
MAY_WITHDRAW = "articles.withdraw_article"


class NotPermitted(Refused):
    """The login lacks the permission of this verb."""

    code = "not-permitted"
    title = "You do not have permission to do this."


def require_permission(user: User | None, permission: str) -> None:
    """A verb asks for its permission itself, whoever calls it: a form that forgets to ask changes nothing.

    None is the system: what was permitted when it was scheduled. Raises NotPermitted, naming what is lacking.
    """
    if user is not None and not (user.is_active and user.has_perm(permission)):
        words = permission.partition(".")[2].replace("_", " ")
        raise NotPermitted(
            f"You do not have the permission “{words}”. An administrator can add you to a group that has it."
        )


class ArticlePermissionTester(PagePermissionTester):
    """As Wagtail's, without publishing, unpublishing, aliasing and deleting what readers get; superusers included.

    This keeps the admin honest; it is no gate. The record is (DECISIONS.md, 1).
    """

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        """Readers lose an article by `withdraw` alone, which asks for a reason."""
        return False

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk) and not is_read(self.page)

    def can_move(self) -> bool:
        """As Wagtail's: a move changes nothing for readers."""
        return super().can_delete(ignore_bulk=True)

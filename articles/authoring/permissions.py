"""What Wagtail's admin may offer people to do with an article. Nobody publishes by hand: signatures do."""

from wagtail.models import PagePermissionTester

from articles.authoring.rules import is_read


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

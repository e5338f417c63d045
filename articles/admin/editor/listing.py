"""Lists of articles with the published version of each, from the list's own query."""

from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.usage import ContentTypeUseView

from articles.admin import publication_status

READERS_GET = Column("readers_get", label="Published version", accessor=publication_status.of_row, width="20%")


class ArticleIndexView(ExplorableIndexView):
    base_columns = [*ExplorableIndexView.base_columns, READERS_GET]

    def annotate_queryset(self, pages):
        return super().annotate_queryset(publication_status.annotate(pages))


class ArticleUseView(ContentTypeUseView):
    base_columns = [*ContentTypeUseView.base_columns, READERS_GET]

    def annotate_queryset(self, pages):
        return super().annotate_queryset(publication_status.annotate(pages))

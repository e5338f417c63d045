"""Lists of articles with what readers get of each, told in the list's own query."""

from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.usage import ContentTypeUseView

from articles.admin import readers_get

READERS_GET = Column("readers_get", label="Readers get", accessor=readers_get.of_row, width="20%")


class ArticleIndexView(ExplorableIndexView):
    base_columns = [*ExplorableIndexView.base_columns, READERS_GET]

    def annotate_queryset(self, pages):
        return super().annotate_queryset(readers_get.annotate(pages))


class ArticleUseView(ContentTypeUseView):
    base_columns = [*ContentTypeUseView.base_columns, READERS_GET]

    def annotate_queryset(self, pages):
        return super().annotate_queryset(readers_get.annotate(pages))

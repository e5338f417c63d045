"""Import in the admin, as Wagtail loads it."""

from django.urls import path, reverse_lazy
from wagtail import hooks

from articles.admin.folders import may_add_articles
from articles.admin.importing import article, compare, views
from articles.admin.importing.mapping import MappingView
from articles.admin.importing.panels import ImportMenuItem, ImportPanel
from articles.admin.importing.undo import UndoView


@hooks.register("register_admin_urls")
def importing_urls():
    run, one = "import/<int:pk>/", "import/articles/<int:pk>/"
    return [
        path("import/", views.StartView.as_view(), name="articles_import"),
        path(run, views.RunView.as_view(), name="articles_import_run"),
        path(f"{run}progress/", views.Progress.as_view(), name="articles_import_progress"),
        path(f"{run}drafts/", views.DraftAll.as_view(), name="articles_import_draft_all"),
        path(f"{run}undo/", UndoView.as_view(), name="articles_import_undo"),
        path(f"{run}continue/", views.Continue.as_view(), name="articles_import_continue"),
        path(f"{run}files/", views.AddFiles.as_view(), name="articles_import_files"),
        path(f"{run}views/", views.AddViews.as_view(), name="articles_import_views"),
        path(f"{run}mapping/", MappingView.as_view(), name="articles_import_mapping"),
        path(one, article.ArticleView.as_view(), name="articles_import_article"),
        path(f"{one}edit/", article.Edit.as_view(), name="articles_import_edit"),
        path(f"{one}title/", article.Rename.as_view(), name="articles_import_title"),
        path(f"{one}draft/", article.Draft.as_view(), name="articles_import_draft"),
        path(f"{one}compare/", compare.CompareView.as_view(), name="articles_import_compare"),
        path(f"{one}changes/", compare.ChangesView.as_view(), name="articles_import_changes"),
        path(f"{one}keep/", compare.KeepView.as_view(), name="articles_import_keep"),
        path(f"{one}original/", compare.OriginalView.as_view(), name="articles_import_original"),
    ]


@hooks.register("register_admin_menu_item")
def import_menu_item():
    return ImportMenuItem("Import", reverse_lazy("articles_import"), icon_name="upload", order=150)


@hooks.register("construct_homepage_panels", order=1)  # after the start page has arranged its own
def show_the_way_in(request, shown) -> None:
    if may_add_articles(request.user):
        shown.append(ImportPanel())

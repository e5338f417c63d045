"""*Help* in the menu: our guides, in place of Wagtail's."""

from django.urls import path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from articles.admin.guides.views import GUIDES, GuideView, picture


@hooks.register("register_admin_urls")
def urls():
    return [
        path("guides/<slug:name>/", GuideView.as_view(), name="articles_guide"),
        path("guides/images/<slug:name>.png", picture, name="articles_guide_picture"),
    ]


for at, (name, title) in enumerate(GUIDES.items()):
    item = MenuItem(
        title, reverse_lazy("articles_guide", args=[name]), name=f"guide-{name}", icon_name="help", order=at
    )
    hooks.register("register_help_menu_item", lambda item=item: item)


@hooks.register("construct_help_menu")
def leave_out_wagtails(request, items) -> None:
    items[:] = [item for item in items if not item.name.startswith(("whats-new-in-wagtail", "editor-guide"))]

"""The start page, as Wagtail loads it."""

from wagtail import hooks

from articles.admin.home import panels

hooks.register("register_admin_urls", panels.urls)


@hooks.register("construct_homepage_panels")
def show_what_waits(request, shown) -> None:
    """In place of Wagtail's own list, which knows approvals but no signatures."""
    shown[:] = panels.arrange(shown)


@hooks.register("construct_homepage_summary_items", order=1000)  # after all who count something
def count_no_pages(request, items) -> None:
    """“4 Pages” counts the root and a folder beside two articles."""
    items.clear()

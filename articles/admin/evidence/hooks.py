"""An article's timeline and its evidence pack, as Wagtail loads them."""

from django.urls import path
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from articles.admin.evidence.timeline import TimelineView, timeline_buttons
from articles.admin.evidence.views import download


@hooks.register("register_admin_urls")
def evidence_urls():
    return [
        path("articles/<int:pk>/timeline/", TimelineView.as_view(), name="articles_timeline"),
        path("articles/<int:pk>/evidence/", download, name="articles_evidence"),
    ]


@hooks.register("register_page_header_buttons")
def timeline_header_buttons(page, user, view_name, next_url=None) -> list[Button]:
    return timeline_buttons(page, user)

"""Sources, people, policies, topics and components, as Wagtail loads them."""

from django.urls import path
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from articles.admin.library.decide import DecideSourceView
from articles.admin.library.looking_up import (
    LookUpOfArticle,
    LookUpOfSource,
    article_look_up_buttons,
    look_up_buttons,
)
from articles.admin.library.merging import MergeView, merge_buttons
from articles.admin.library.views import (
    PEOPLE,
    POLICIES,
    ConfirmPersonView,
    RecordedDeleteMany,
    refuse_to_delete_what_policies_need,
    warn_after_saving,
)
from articles.admin.library.viewsets import Library
from articles.authoring.people import Person
from articles.review.models import Policy

register_permission_policy(Person, PEOPLE, exact_class=True)
register_permission_policy(Policy, POLICIES, exact_class=True)
register_snippet(Library)

hooks.register("before_delete_snippet", refuse_to_delete_what_policies_need)
hooks.register("after_create_snippet", warn_after_saving)
hooks.register("after_edit_snippet", warn_after_saving)
hooks.register("register_snippet_listing_buttons", merge_buttons)
hooks.register("register_snippet_listing_buttons", look_up_buttons)
hooks.register("register_page_header_buttons", article_look_up_buttons)
hooks.register("register_bulk_action", RecordedDeleteMany, order=1)  # after Wagtail's, in whose place it stands


@hooks.register("register_admin_urls")
def library_urls():
    return [
        path("people/<int:pk>/confirm/", ConfirmPersonView.as_view(), name="articles_confirm_person"),
        path("sources/<int:pk>/decide/", DecideSourceView.as_view(), name="articles_decide_source"),
        path("sources/<int:pk>/look-up/", LookUpOfSource.as_view(), name="articles_look_up_source"),
        path("articles/<int:pk>/sources/", LookUpOfArticle.as_view(), name="articles_look_up_sources"),
        path("sources/<int:pk>/merge/", MergeView.as_view(), name="articles_merge_source"),
    ]


@hooks.register("register_log_actions")
def merge_in_the_history(actions) -> None:
    """What the history of a source says of a merge."""
    actions.register_action("articles.merge", "Merge", "Merged into another record of the same work")
    actions.register_action("articles.separate", "Separate", "Separated from another record")

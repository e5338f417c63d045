"""Sources, people, policies, topics and components, as Wagtail loads them."""

from django.urls import path
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

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
hooks.register("register_bulk_action", RecordedDeleteMany, order=1)  # after Wagtail's, in whose place it stands


@hooks.register("register_admin_urls")
def library_urls():
    return [path("people/<int:pk>/confirm/", ConfirmPersonView.as_view(), name="articles_confirm_person")]

"""Views on policies and people: for medical leads alone, deletions with their line, and the second lead's page."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views.snippets import DeleteView

from articles.admin.library.panels import confirmation_of
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.errors import DomainError
from articles.review.models import Policy
from articles.review.policies import changes, leads, reach
from articles.review.policies.recorded import facts_of
from articles.sources.models import Source

CHANGES = {"add", "change", "delete"}
GOVERNED = Policy | Person | Topic


class LeadsOnly(ModelPermissionPolicy):
    """As Wagtail's, but a change asks for the group as well; superusers included."""

    def user_has_permission(self, user, action):
        return super().user_has_permission(user, action) and (action not in CHANGES or _is_lead(user))

    def users_with_any_permission(self, actions):
        users = super().users_with_any_permission(actions)
        return users.filter(groups__name=leads.LEADS) if set(actions) <= CHANGES else users


def _is_lead(user) -> bool:
    """Asked for each row of a list, so kept for the request."""
    if not hasattr(user, "_is_medical_lead"):
        user._is_medical_lead = leads.is_lead(user)
    return user._is_medical_lead


PEOPLE, POLICIES = LeadsOnly(Person), LeadsOnly(Policy)


class RecordedDeleteView(DeleteView):
    def delete_action(self) -> None:
        changes.delete(self.object, by=self.request.user)


class RecordedDeleteMany(DeleteBulkAction):
    """In place of Wagtail's, for all snippets."""

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        if not all(isinstance(row, GOVERNED) for row in objects):
            return cast(tuple[int, int], super().execute_action(objects, **kwargs))
        for row in objects:
            changes.delete(row, by=kwargs["self"].request.user)
        return len(objects), 0


def refuse_to_delete_what_policies_need(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """Wagtail's hook before snippets are deleted, one or many."""
    refusals = [changes.why_not_deleted(row) for row in instances if isinstance(row, GOVERNED)]
    refusals += [why_kept(row) for row in instances if isinstance(row, Source)]
    for words in filter(None, refusals):
        messages.error(request, words)
    return redirect(instances[0].snippet_viewset.get_url_name("list")) if any(refusals) else None


def why_kept(source: Source) -> str:
    """Records of one work stay together: drafts and signed texts may name any of them."""
    is_one_of_several = source.merged_into or source.merged.exists()
    return (
        f"“{source}” is one of several records of its work that were merged, so it stays." if is_one_of_several else ""
    )


def warn_after_saving(request: HttpRequest, instance: Any) -> None:
    """Wagtail's hook after a snippet was made or changed: what was saved, and does not count yet."""
    if isinstance(instance, Policy) and not reach.texts_under(instance):
        messages.warning(
            request,
            f"“{instance}” does not apply to any text yet. No draft has its type or topics, or uses it by choice.",
        )
    if isinstance(instance, Person) and instance.has_any_role and instance.confirmed_at is None:
        messages.warning(request, confirmation_of(instance))


class ConfirmPersonView(WagtailAdminTemplateMixin, TemplateView):
    """A second lead reads what a person signs with, and confirms it."""

    template_name = "admin/library/confirm_person.html"
    page_title = "Confirm a person's signing details"
    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.person = get_object_or_404(Person, pk=kwargs["pk"])
        user = cast(User, request.user)
        if not (leads.is_lead(user) or user.is_superuser):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {
            getattr(Person._meta.get_field(name), "verbose_name", name): in_words(getattr(self.person, name))
            for name in facts_of(self.person)
            if name != "login"
        }
        mark = changes.mark_of(self.person)
        context = super().get_context_data(**kwargs) | {"person": self.person, "facts": facts, "mark": mark}
        try:
            changes.require_confirmation(self.person, by=cast(User, self.request.user))
        except DomainError as error:
            context["refusal"] = error.detail
        return context | {"are_enough": leads.are_enough()}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            changes.confirm(self.person, shown=request.POST.get("mark", ""), by=cast(User, request.user))
        except DomainError as error:
            messages.error(request, error.detail)
            return redirect("articles_confirm_person", self.person.pk)
        messages.success(request, f"Confirmed. {self.person.name} now signs with these details.")
        return redirect(Person.snippet_viewset.get_url_name("list"))


def in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return str((", ".join(value) if isinstance(value, list) else value) or "–")

"""Logins in Wagtail's admin: each change with its line in the ledger, a password by mail, and no deletions."""

import hashlib
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.forms.auth import PasswordResetForm
from wagtail.admin.widgets import Button
from wagtail.users.views import groups, users
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, SetActiveStateBulkAction

from articles.addresses import address_of
from articles.authoring.permissions import MAY_CHANGE_LOGINS
from articles.errors import DomainError
from articles.publishing.people import handing_over
from articles.review.needs.table import name_of
from articles.review.policies.recorded import recorded

HOUR_S = 3600
MAILS_AN_HOUR = 3  # to one address
ASKED_AN_HOUR = 10  # from one address: a hospital's people share one
NOT_DELETED = (
    "Logins cannot be deleted, because articles and signatures refer to them. "
    "Edit the login and untick “Active” instead."
)


class RecordedLogin:
    """Of a view that saves one login."""

    def save_instance(self) -> User:
        with recorded(self.form.instance, by=self.request.user):  # type: ignore[attr-defined] # of the view
            return super().save_instance()  # type: ignore[misc]


class LoginCreateView(RecordedLogin, users.CreateView):
    pass


class LoginEditView(RecordedLogin, users.EditView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = False
        self.stored = get_user_model()._default_manager.get(pk=self.object.pk)  # as it is without the form

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [*super().header_more_buttons, *hand_over_buttons(self.stored, self.request.user)]

    def is_valid(self, form: Any) -> bool:
        """Also whether the login may be deactivated, if the form does that."""
        is_valid = super().is_valid(form)
        if is_valid and self._deactivates(form):
            try:
                handing_over.require_may_leave(self.stored, by=self.request.user)
            except DomainError as error:
                form.add_error("is_active", error.detail)
                self.produced_error_message = self.get_error_message()
                return False
        return is_valid

    def form_valid(self, form: Any) -> HttpResponse:
        """A login with open work stays active until the next page has handed it over. Other changes are saved."""
        if not self._deactivates(form) or not handing_over.work_of(self.stored).is_any:
            return cast(HttpResponse, super().form_valid(form))
        form.instance.is_active = True
        super().form_valid(form)
        return lead_to_hand_over(self.request, [self.stored])

    def _deactivates(self, form: Any) -> bool:
        return self.stored.is_active and form.cleaned_data.get("is_active") is False


class LoginIndexView(users.IndexView):
    def get_delete_url(self, instance: User) -> None:
        return None


class LoginViewSet(users.UserViewSet):
    index_view_class = LoginIndexView
    add_view_class = LoginCreateView
    edit_view_class = LoginEditView


class GroupEditView(groups.EditView):
    """A group of another name gives other rights: a line for each of its members."""

    def save_instance(self) -> Group:
        with recorded(*self.object.user_set.all(), by=self.request.user):
            return super().save_instance()


class GroupDeleteView(groups.DeleteView):
    def delete_action(self) -> None:
        with recorded(*self.object.user_set.all(), by=self.request.user):
            super().delete_action()


class GroupViewSet(groups.GroupViewSet):
    edit_view_class = GroupEditView
    delete_view_class = GroupDeleteView


class SetActiveState(SetActiveStateBulkAction):
    def prepare_action(self, objects: list[Any], objects_without_access: Any) -> HttpResponse | None:
        """Nobody is deactivated while one of them has open work, or must stay."""
        leaving = [user for user in objects if user.is_active]
        if self.cleaned_form.cleaned_data["mark_as_active"] or not leaving:
            return None
        try:
            handing_over.require_may_leave(*leaving, by=self.request.user)
        except DomainError as error:
            messages.error(self.request, error.detail)
            return redirect("wagtailusers_users:index")
        busy = [user for user in leaving if handing_over.work_of(user).is_any]
        return lead_to_hand_over(self.request, busy) if busy else None

    @classmethod
    def execute_action(
        cls, objects: Any, user: Any = None, mark_as_active: bool = False, **kwargs: Any
    ) -> tuple[int, int]:
        """Saves each login, as the form does, so that the same follows: Wagtail's updates the rows behind our back."""
        others = [each for each in objects if each != user]
        with recorded(*others, by=user):
            for each in others:
                each.is_active = mark_as_active
                each.save(update_fields=["is_active"])
        return len(others), 0


class AssignRole(AssignRoleBulkAction):
    def get_execution_context(self) -> dict[str, Any]:
        return super().get_execution_context() | {"user": self.request.user}

    @classmethod
    def execute_action(cls, objects: Any, user: Any = None, **kwargs: Any) -> Any:
        with recorded(*objects, by=user):
            return super().execute_action(objects, **kwargs)


def lead_to_hand_over(request: HttpRequest, busy: list[Any]) -> HttpResponse:
    """To the page of the login, or to the list of logins if there are several."""
    names = " and ".join(name_of(user) for user in busy)
    has = "has" if len(busy) == 1 else "have"
    messages.warning(request, f"{names} {has} open work, so nobody was deactivated yet. Hand it over first.")
    if len(busy) > 1:
        return redirect("wagtailusers_users:index")
    return redirect("articles_hand_over", busy[0].pk)


def hand_over_buttons(user: Any, request_user: Any) -> list[Button]:
    """In the menus of a login, for people who may deactivate it."""
    if not user.is_active or user == request_user or not request_user.has_perm(MAY_CHANGE_LOGINS):
        return []
    url = reverse("articles_hand_over", args=[user.pk])
    return [Button("Hand over and deactivate", url=url, icon_name="user", priority=30)]


def refuse_to_delete_logins(request: HttpRequest, what: Any, *bulk: Any) -> HttpResponse | None:
    """Wagtail's hook before a login is deleted (`what`: the login), and before bulk actions (`what`: the action)."""
    if bulk and (what != "delete" or bulk[-1].model is not get_user_model()):
        return None
    messages.error(request, NOT_DELETED)
    return redirect("wagtailusers_users:index")


def invite(request: HttpRequest, user: User) -> None:
    """Wagtail's hook after a login was made: its owner gets a link by mail, and sets a password of their own."""
    form = PasswordResetForm({"email": user.email})
    if form.is_valid():
        form.save(
            request=request,
            subject_template_name="mail/invitation/subject.txt",
            email_template_name="mail/invitation/body.txt",
            extra_email_context={"address": settings.ADMIN_URL},
        )
        messages.info(request, f"A link to set a password has been emailed to {user.email}. Nobody else can set it.")


class LimitedPasswordResetForm(PasswordResetForm):
    """Wagtail's, with a few mails an hour. The answer is the same with and without: it tells of no login."""

    def save(self, *args: Any, **options: Any) -> None:
        request, email = options.get("request"), self.cleaned_data["email"].casefold()
        if request and _count(f"from:{address_of(request)}") > ASKED_AN_HOUR:
            return
        if _count(f"to:{email}") <= MAILS_AN_HOUR:
            super().save(*args, **options)


def _count(whose: str) -> int:
    """How often within the hour that began with the first time, this one included."""
    key = f"password-reset:{hashlib.sha256(whose.encode()).hexdigest()}"
    cache.add(key, 0, HOUR_S)
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two
        cache.set(key, 1, HOUR_S)
        return 1

"""Items of the main menu that only some people see."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest
from django.urls import reverse_lazy
from wagtail.admin.menu import MenuItem


class MenuItemFor(MenuItem):
    """A menu item shown only to the people whom its page is for."""

    def __init__(self, label: str, url_name: str, *, is_for: Callable[[User], bool], **kwargs: Any) -> None:
        super().__init__(label, reverse_lazy(url_name), **kwargs)
        self.is_for = is_for

    def is_shown(self, request: HttpRequest) -> bool:
        return self.is_for(cast(User, request.user))

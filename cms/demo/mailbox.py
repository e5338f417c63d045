"""The demo's mail, stored in a folder of VAR_DIR and shown to administrators under *Mail*."""

import email
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.env import FILES

MOST = 200
BETWEEN = "\n" + "-" * 79 + "\n"  # as Django's file backend writes them


class MailView(WagtailAdminTemplateMixin, TemplateView):
    """The latest letters, each with its text. Only a superuser may read them: they hold links to set passwords."""

    template_name = "admin/mail/index.html"
    page_title = "Mail"
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not lies_in_a_folder():
            raise Http404
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"letters": [shown(letter) for letter in newest(MOST)]}


class MailMenuItem(MenuItem):
    """Shown to superusers if mail is stored in a folder; the view checks it again."""

    def is_shown(self, request: HttpRequest) -> bool:
        return lies_in_a_folder() and request.user.is_superuser


def lies_in_a_folder() -> bool:
    return settings.EMAIL_BACKEND == FILES


def newest(most: int) -> list[EmailMessage]:
    return sorted(letters(Path(settings.EMAIL_FILE_PATH)), key=sent_at)[::-1][:most]  # type: ignore[misc]


def letters(folder: Path) -> Iterator[EmailMessage]:
    """Every letter in the folder, in the order of sending within a file; a file may contain several."""
    for file in sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns):
        for text in file.read_text().split(BETWEEN):
            if text.strip():
                yield email.message_from_bytes(text.encode(), policy=default)


def sent_at(letter: EmailMessage) -> datetime:
    return letter["Date"].datetime


def shown(letter: EmailMessage) -> dict[str, Any]:
    body = letter.get_body(("plain",))
    text = body.get_content() if body else ""
    return {"to": letter["To"], "subject": letter["Subject"], "at": sent_at(letter), "text": text}

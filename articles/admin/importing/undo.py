"""The page that undoes a run: what will be deleted and what stays, before anything is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.admin.importing.views import RunPage, require_rest
from articles.errors import DomainError
from articles.intake.runs.tasks import queue
from articles.intake.states import WRITTEN, RunState


class UndoView(RunPage):
    template_name = "admin/importing/undo.html"
    page_title = "Undo this import"
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        made = self.run.articles.filter(state__in=WRITTEN)
        return super().get_context_data(**kwargs) | {
            "run": self.run,
            "made": made.filter(earlier=None).count(),
            "updated": made.exclude(earlier=None).count(),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            require_rest(self.run)
            queue(self.run, RunState.UNDOING)
            messages.success(request, "The import is being undone. Drafts that somebody has worked on are left.")
        except DomainError as error:
            messages.error(request, error.detail)
        return redirect("articles_import_run", self.run.pk)

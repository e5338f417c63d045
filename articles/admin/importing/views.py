"""Import: the page on which a run begins, and the page of a run."""

from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.importing.access import ImportersOnly, get_run, runs_of
from articles.admin.importing.forms import FilesForm, StartForm, ViewsForm
from articles.admin.importing.progress import progress_of, sizes
from articles.admin.importing.rows import line_of, state_filters
from articles.errors import DomainError
from articles.intake.models import ImportRun
from articles.intake.runs.editing import NotPossible
from articles.intake.runs.queue import Order, keep_views, ordered
from articles.intake.runs.starting import add_files, start_run
from articles.intake.runs.tasks import is_stalled, queue
from articles.intake.states import BUSY, TO_DRAFT, WRITTEN, ArticleState, RunState

ON_A_PAGE, RUNS_ON_A_PAGE = 50, 20
AnyForm = TypeVar("AnyForm", FilesForm, ViewsForm)
BUSY_NOW = "This import is still working. Wait until it has finished, then try again."


class Page(ImportersOnly, WagtailAdminTemplateMixin):
    """What the pages of this room share: the way back, in the breadcrumbs."""

    header_icon = "upload"

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    def crumbs(self) -> list[tuple[str, str]]:
        """[(address, label)] between the start page and this one."""
        return [(reverse("articles_import"), "Import")]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        made = [{"url": url, "label": label} for url, label in self.crumbs()]
        return [*super().get_breadcrumbs_items(), *made, {"url": "", "label": self.get_page_title()}]


class StartView(Page, FormView):
    """Drop files or paste text; and the imports so far."""

    template_name = "admin/importing/start.html"
    form_class = StartForm
    page_title = "Import"

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.user}

    def form_valid(self, form: StartForm) -> HttpResponse:
        given = form.cleaned_data
        run = start_run(
            by=self.user,
            parent=given["parent"],
            language=given["language"],
            format_name=given["format"],
            uploads=form.uploads(),
        )
        return redirect("articles_import_run", run.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = runs_of(self.user).select_related("by")
        page = Paginator(runs, RUNS_ON_A_PAGE).get_page(self.request.GET.get("p", 1))
        counts = sizes([run.pk for run in page.object_list])
        return super().get_context_data(**kwargs) | {
            "runs": [(run, counts.get(run.pk)) for run in page.object_list],
            "page": page,
        }


class RunPage(Page, TemplateView):
    """A page of one import."""

    @cached_property
    def run(self) -> ImportRun:
        return get_run(self.user, self.kwargs["pk"])

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (reverse("articles_import_run", args=[self.run.pk]), self.run.name)]


class RunView(RunPage):
    """One import: how far it is, and its articles."""

    template_name = "admin/importing/run.html"

    def crumbs(self) -> list[tuple[str, str]]:
        return super().crumbs()[:-1]

    def get_page_title(self) -> str:
        return self.run.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state, order = self.request.GET.get("state", ""), self.request.GET.get("order", "")
        state = state if state in ArticleState.values else ""
        order = order if order in Order.values else Order.FILE.value
        rows = ordered(self.run.articles.defer("original", "blocks", "outline", "edited", "origin"), order)
        rows = rows.filter(state=state) if state else rows
        page = Paginator(rows.select_related("file"), ON_A_PAGE).get_page(self.request.GET.get("p", 1))
        filters = state_filters(self.run, state)
        counts = {each.state: each.count for each in filters}
        return super().get_context_data(**kwargs) | {
            "run": self.run,
            "progress": progress_of(self.run),
            "rows": [line_of(row) for row in page.object_list],
            "page": page,
            "filters": filters,
            "state": state,
            "order": order,
            "orders": Order.choices,
            "to_draft": sum(counts.get(each, 0) for each in TO_DRAFT),
            "made": sum(counts.get(each, 0) for each in WRITTEN),
            "files_form": FilesForm(),
            "views_form": ViewsForm(),
            "query": f"state={state}&order={order}",
        }


class RunAct(Page, View):
    """A button on the page of a run: POST alone, then back to the page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_run(self.user, pk)
        try:
            messages.success(request, self.act(run))
        except DomainError as error:
            messages.error(request, error.detail)
        return redirect("articles_import_run", run.pk)

    def act(self, run: ImportRun) -> str:
        """What was done, as a message. Raises DomainError."""
        raise NotImplementedError

    def filled(self, form_class: type[AnyForm]) -> AnyForm:
        """The form as it was sent. Raises NotPossible with what is wrong with it."""
        form = form_class(self.request.POST, self.request.FILES)
        if not form.is_valid():
            raise NotPossible(" ".join(str(each) for errors in form.errors.values() for each in errors))
        return form


class Busy(DomainError):
    """The run is working, so this cannot begin now."""

    code = "busy"
    title = "The import is still working."


def require_rest(run: ImportRun) -> None:
    if run.state in BUSY:
        raise Busy(BUSY_NOW)


class DraftAll(RunAct):
    def act(self, run: ImportRun) -> str:
        require_rest(run)
        queue(run, RunState.DRAFTING)
        return "The drafts are being made. You can leave this page and come back."


class Continue(RunAct):
    """Starts a run again whose worker has died."""

    def act(self, run: ImportRun) -> str:
        if is_stalled(run):
            queue(run, run.state)
        return "The import goes on."


class AddFiles(RunAct):
    def act(self, run: ImportRun) -> str:
        if run.state != RunState.READING:
            require_rest(run)
        form = self.filled(FilesForm)
        files = add_files(run, form.uploads())
        return f"{len(files)} file{'s were' if len(files) > 1 else ' was'} added to this import."


class AddViews(RunAct):
    def act(self, run: ImportRun) -> str:
        form = self.filled(ViewsForm)
        count = keep_views(form.cleaned_data["file"].read())
        return f"The views of {count:,} addresses are kept. Choose the order “Most readers first” to use them."


class Progress(Page, View):
    """How far a run is, as JSON, for the progress bar."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return JsonResponse(progress_of(get_run(self.user, pk)))

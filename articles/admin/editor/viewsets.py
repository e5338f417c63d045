"""How Wagtail's admin treats articles: submission stops at blocking findings, signing happens on the sign-off page."""

from typing import ClassVar

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet

from articles.admin.editor.action_menu import ActionMenu
from articles.admin.editor.disabled_actions import ArticleCopyView, ArticleDeleteView, ArticleUnpublishView
from articles.admin.editor.form_guard import require_form
from articles.admin.editor.listing import ArticleIndexView, ArticleUseView
from articles.admin.editor.messages import say_refusal, say_submitted
from articles.admin.editor.new_article import begin
from articles.admin.editor.review_panel import ReviewPanel
from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.authoring.rules import NOT_APPROVED_BY_HAND, SAVED_NOT_PUBLISHED
from articles.authoring.unknown_blocks import require_none_lost
from articles.errors import DomainError, UnknownBlock
from articles.record.vocabulary import ArticleType
from articles.review.submit import begin_anew
from articles.review.workflow import sign_off_url

SIGN_OFF = "sign_off"


class ArticleEditView(EditView):
    """As Wagtail's; refusals of the stages become messages that lead to the block."""

    def dispatch(self, request, page_id, **kwargs):
        try:
            return super().dispatch(request, page_id, **kwargs)
        except UnknownBlock as error:
            return self._refuse_to_open(error)

    def post(self, request, *args, **kwargs):
        require_form(request.POST)
        return super().post(request, *args, **kwargs)

    def get_object(self):
        """Raises UnknownBlock: the form would drop what it does not know."""
        require_none_lost(self.latest_revision.content)
        return super().get_object()

    def save_action(self):
        """Publishing and approving by hand end here too: what was typed is saved, and the person hears so."""
        answer = super().save_action()
        if not self.expects_json_response:
            say_what_was_not_done(self.request)
        return answer

    def submit_action(self):
        """What was sent back starts anew, at the first step that lacks a signature: the text has changed."""

        def submit():
            begin_anew(self.page, self.request.user)
            self.workflow_state = self.page.current_workflow_state
            return super(ArticleEditView, self).submit_action()

        return self._or_say_why(submit)

    def restart_workflow_action(self):
        return self._or_say_why(super().restart_workflow_action)

    def perform_workflow_action(self):
        """Signing happens on its own page; what was typed on the way there is saved first."""
        if self.workflow_action != SIGN_OFF:
            return super().perform_workflow_action()
        if self.has_content_changes:
            self.save_action()
        return redirect(sign_off_url(self.page))

    def get_action_menu(self):
        return ActionMenu(
            self.request, view="edit", page=self.page, lock=self.lock, locked_for_user=self.locked_for_user
        )

    def get_side_panels(self):
        """The panel of a new article comes with its first save; from then on it asks for itself (panel.js)."""
        panels = super().get_side_panels()
        if self.expects_json_response:
            return panels
        return with_review(panels, self)

    def _or_say_why(self, action) -> HttpResponse:
        """Run the action whole; when it is refused, keep what was typed as a draft and say what to do."""
        try:
            with transaction.atomic():
                answer = action()
            say_submitted(self.request, self.page)
            return answer
        except DomainError as error:
            self.page.save_revision(user=self.request.user, log_action=True, clean=False)
            say_refusal(self.request, error, self.page)
            return redirect("wagtailadmin_pages:edit", self.page.pk)

    def _refuse_to_open(self, error: UnknownBlock) -> HttpResponse:
        if self.expects_json_response:
            return JsonResponse({"success": False, "errorCode": error.code, "errorMessage": error.detail}, status=409)
        messages.error(self.request, error.detail)
        return redirect("wagtailadmin_explore", self.real_page_record.get_parent().pk)


def with_review(panels, view: CreateView | EditView) -> MediaContainer:
    """Wagtail's panels and ours, which stands in for *Checks*: one place and one count."""
    kept = [panel for panel in panels if not isinstance(panel, ChecksSidePanel)]
    return MediaContainer([*kept, ReviewPanel(view.page, view.request)])


class ArticleCreateView(CreateView):
    """As Wagtail's; a new article that may not be submitted yet is kept as a draft. It begins with its type."""

    def get(self, request):
        article_type = request.GET.get("type")
        if article_type not in ArticleType.values:
            return redirect(f"{reverse('articles_new')}?folder={self.parent_page.pk}")
        begin(self.page, article_type)
        return super().get(request)

    def post(self, request, *args, **kwargs):
        require_form(request.POST)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        menu = ActionMenu(self.request, view="create", parent_page=self.parent_page, lock=None, locked_for_user=False)
        return super().get_context_data(**kwargs) | {"action_menu": menu}

    def get_side_panels(self):
        return with_review(super().get_side_panels(), self)

    def save_action(self):
        answer = super().save_action()
        if not self.expects_json_response:
            say_what_was_not_done(self.request)
        return answer

    def submit_action(self):
        try:
            answer = super().submit_action()
            say_submitted(self.request, self.page)
            return answer
        except DomainError as error:
            self.subscription.page = self.page
            self.subscription.save()
            say_refusal(self.request, error, self.page)
            return redirect("wagtailadmin_pages:edit", self.page.pk)


def say_what_was_not_done(request) -> None:
    if request.POST.get("action-publish"):
        messages.warning(request, SAVED_NOT_PUBLISHED)
    if request.POST.get("action-workflow-action"):
        messages.warning(request, NOT_APPROVED_BY_HAND)


class ByHandViewSet(PageViewSet):
    """What articles and their folders have in common: refusals in words."""

    copy_view_class = ArticleCopyView
    delete_view_class = ArticleDeleteView
    unpublish_view_class = ArticleUnpublishView


class ArticleViewSet(ByHandViewSet):
    model = ArticlePage
    edit_view_class = ArticleEditView
    add_view_class = ArticleCreateView
    index_view_class = ArticleIndexView
    content_type_use_view_class = ArticleUseView


class ArticleIndexViewSet(ByHandViewSet):
    model = ArticleIndexPage
    parent_models: ClassVar[list] = []  # the list of what stands at the top stays Wagtail's

"""An article's timeline: every event in one list, with a form that downloads an evidence pack."""

from typing import Any, cast

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from articles.admin.evidence.timeline_entries import entries_of, entries_of_editions
from articles.admin.evidence.views import may_download
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_VOID
from articles.record.models import Edition
from articles.review.draft_readers import may_read, may_read_history
from articles.review.mail import recipients

ON_A_PAGE = 100


class TimelineView(WagtailAdminTemplateMixin, TemplateView):
    """For people who may edit the article or read it on its sign-off page. `?everything=1` adds digests and hashes.

    Leads, earlier signers and people on call who may not read the draft do not see entries about the draft.
    """

    template_name = "admin/evidence/timeline.html"
    page_title = "Timeline"
    header_icon = "history"

    def dispatch(self, request, *args, **kwargs):
        if not may_read_history(self.page, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> ArticlePage:
        return get_object_or_404(ArticlePage, pk=self.kwargs["pk"])

    @cached_property
    def can_read_draft(self) -> bool:
        return may_read(self.page, cast(User, self.request.user))

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title() if self.can_read_draft else recipients.name_of(self.page)

    def get_breadcrumbs_items(self):
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, article = cast(User, self.request.user), self.page.article_id
        found = entries_of(self.page, user) if self.can_read_draft else entries_of_editions(self.page, user)
        shown = Paginator(found, ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "name": self.get_page_subtitle(),
            "entries": shown,
            "everything": self.request.GET.get("everything") == "1",
            "can_void": user.has_perm(MAY_VOID),
            "can_download": may_download(self.page, user),
            "editions": list(
                Edition.objects.filter(subject=article).order_by("-number").values_list("number", flat=True)
            ),
        }


def timeline_buttons(page: Page, user) -> list[Button]:
    article = page.specific if isinstance(page.specific, ArticlePage) else None
    if article is None or not may_read_history(article, user):
        return []
    return [Button("Timeline", url=reverse("articles_timeline", args=[page.pk]), icon_name="history", priority=45)]

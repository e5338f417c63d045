"""The buttons that lead from an article or component to its sign-off page and its verbs."""

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_ASSIGN, MAY_EMERGENCY, MAY_REFILE, MAY_SCHEDULE, MAY_WITHDRAW
from articles.authoring.rules import is_read
from articles.review.draft_readers import may_read
from articles.review.roles import roles_of


def article_buttons(page: Page, user) -> list[Button]:
    """Review, publish later, and for what readers get: withdraw now or later, and change address and topics."""
    article = page.specific if isinstance(page.specific, ArticlePage) else None
    if article is None:
        return []
    shown = [_button("Review and sign", "articles_sign_off", ["article", page.pk], "clipboard-list", 5)]
    if user.has_perm(MAY_SCHEDULE):
        shown.append(_button("Publish later", "articles_publish_later", [page.pk], "calendar", 50))
    published = is_read(article)
    if user.has_perm(MAY_ASSIGN):
        shown.append(_button("Reviewers", "articles_assign", ["article", page.pk], "user", 45))
    if user.has_perm(MAY_EMERGENCY):
        shown.append(_button("Publish in an emergency", "articles_emergency", [page.pk], "warning", 80))
    if published and article.has_unpublished_changes:
        shown.append(_button("Correct the published text", "articles_correct", [page.pk], "edit", 55))
    if published and user.has_perm(MAY_REFILE):
        shown.append(_button("Change address and topics", "articles_refile", [page.pk], "folder-open-1", 60))
    if published and user.has_perm(MAY_WITHDRAW):
        shown.append(_button("Withdraw", "articles_withdraw", [page.pk], "no-view", 70))
    if published and user.has_perms([MAY_SCHEDULE, MAY_WITHDRAW]):
        shown.append(_button("Withdraw later", "articles_withdraw_later", [page.pk], "calendar", 75))
    return shown if may_read(article, user) else shown[1:]


def review_buttons(page: Page, user) -> list[Button]:
    """In the header alone: it asks the database what the person may sign."""
    article = page.specific if isinstance(page.specific, ArticlePage) else None
    if article is None or not is_read(article) or not roles_of(user, on=timezone.now().date()):
        return []
    return [_button("Review again", "articles_reaffirm", [page.pk], "rotate", 40)]


def component_buttons(snippet, user) -> list[Button]:
    if not isinstance(snippet, Offer | Disclaimer) or not may_read(snippet, user):
        return []
    key = [snippet.subject_kind, snippet.pk]
    shown = [_button("Review and sign", "articles_sign_off", key, "clipboard-list", 5)]
    if user.has_perm(MAY_WITHDRAW):
        shown.append(_button("Withdraw", "articles_withdraw_component", key, "no-view", 70))
    return shown


def _button(label: str, name: str, args: list, icon: str, priority: int) -> Button:
    return Button(label, url=reverse(name, args=args), icon_name=icon, priority=priority)

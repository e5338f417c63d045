"""The pages that act on everything that a search finds: withdraw it for one reason, or return it unchanged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.passkeys import AsksPasskey, given_in, offer_of_words
from articles.admin.posted import key_of
from articles.admin.publishing.forms import PasswordForm, SearchForm, WithdrawForm
from articles.admin.publishing.views import said_of
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_SCHEDULE, MAY_WITHDRAW
from articles.errors import DomainError
from articles.publishing.notices import language_name
from articles.publishing.recall import returning, selection
from articles.publishing.recall.withdrawing import withdraw_found
from articles.record.compare.differences import Run
from articles.record.site import this_site
from articles.record.vocabulary import Role, WithdrawReason
from articles.review import roles
from articles.review.draft_readers import may_read
from articles.review.roles import printed
from articles.review.signing.meanings import of_a_return

MOST = 1_000  # articles in one act
DONE = "done"  # in the address, once something of this search was done
SHOWN = 200  # withdrawn articles on the page of returns; each is opened to say whether it can come back


@dataclass(frozen=True)
class Row:
    """A line of the results; `value` is posted if it is ticked, `url` is where the text can be read.

    `runs`: the label with what changes marked, if it is a change.
    """

    value: object
    label: str
    note: str
    url: str = ""
    is_ticked: bool = False
    runs: Sequence[Run] = ()


@dataclass(frozen=True)
class Group:
    """Rows with one heading. `name` is that of their ticks; "" if there is nothing to tick. `url`: its article."""

    name: str
    heading: str
    rows: Sequence[Row]
    more: int = 0
    url: str = ""


class ManyView(AsksPasskey, WagtailAdminTemplateMixin, TemplateView):
    """GET with a search lists what matches; POST acts on what is ticked."""

    template_name = "admin/publishing/bulk.html"
    menu_label = ""  # where the title is too long for the menu
    button = ""
    passkey_verb = "Sign"
    explains = ""
    search_button = "Find everything about this"
    nothing = "Nothing contains any of this: no published article, draft, offer or disclaimer."
    ask = "Enter at least one word, code, substance or topic."
    is_ticked_at_first = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_for(cast(User, request.user)):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @classmethod
    def is_for(cls, user: User) -> bool:
        raise NotImplementedError

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    @cached_property
    def search(self) -> SearchForm:
        return SearchForm(self.request.GET or None, auto_id="search-%s")  # the other form has a `text`, too

    @cached_property
    def found(self) -> selection.Found:
        return selection.find(self.search.criteria, may_read=lambda page: may_read(page, self.user))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or self.fill()
        return super().get_context_data(**kwargs) | {
            "search": self.search,
            "is_searched": self.is_searched,
            "groups": [group for group in self.groups() if group.rows],
            "form": form,
            "media": form.media + self.search.media,
            "button": self.button,
            "search_button": self.search_button,
            "nothing": self.nothing if self.search.criteria else self.ask,
            "explains": self.explains,
            "confirm": offer_of_words(self.request) if "password" in form.fields else None,
            "passkey_verb": self.passkey_verb,
        }

    @property
    def is_searched(self) -> bool:
        return bool(self.request.GET)

    def groups(self) -> list[Group]:
        raise NotImplementedError

    def is_ticked(self, name: str, value: object) -> bool:
        """As it was posted; on a new page as the page begins, and nothing once something was done."""
        if self.request.method == "POST":
            return str(value) in self.request.POST.getlist(name)
        return self.is_ticked_at_first and DONE not in self.request.GET

    def articles(self) -> Group:
        """The published articles that were found."""
        rows = [
            Row(
                row.article,
                row.title,
                _note(language_name(row.locale), f"edition {row.edition}", _contains(row.matched)),
                this_site().page_url(row.slug, row.locale),
                is_ticked=self.is_ticked("article", row.article),
            )
            for row in self.found.articles[:MOST]
        ]
        return Group("article", "Published articles", rows, len(self.found.articles) - len(rows))

    def drafts(self) -> Group:
        return Group("", "Drafts, which readers do not have", [_draft(page) for page in self.found.drafts])

    def schedules(self, name: str = "") -> Group:
        rows = []
        pages = {page.article_id: page for page in ArticlePage.objects.filter(article_id__in=self._scheduled())}
        for each in self.found.schedules:
            page = pages.get(each.article)
            title = page.draft_title if page and may_read(page, self.user) else "An article"
            is_ticked = bool(name) and each.is_publication and self.is_ticked(name, each.pk)
            rows.append(Row(each.pk, title, str(each), is_ticked=is_ticked))
        return Group(name, "Schedules, which are cancelled" if name else "Schedules", rows)

    def components(self, name: str = "") -> Group:
        rows = []
        for each in self.found.components:
            url = reverse("articles_sign_off", args=[each.subject_kind, each.pk])
            is_ticked = bool(name) and self.is_ticked(name, each.component_id)
            rows.append(Row(each.component_id, each.name, each.subject_kind, url, is_ticked))
        return Group(name, "Offers and disclaimers", rows)

    def _scheduled(self) -> list[UUID]:
        return [row.article for row in self.found.schedules]

    def fill(self, posted: QueryDict | None = None) -> forms.Form:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.fill(request.POST)
        try:
            if form.is_valid():
                messages.success(request, self.act(form))
                return redirect(f"{request.path}?{self._done()}")
        except DomainError as error:
            form.add_error(None, error.detail)
        return cast(HttpResponse, self.render_to_response(self.get_context_data(form=form), status=422))

    def _done(self) -> str:
        """The same search, once something was done."""
        asked = self.request.GET.copy()
        asked[DONE] = "1"
        return asked.urlencode()

    def act(self, form: forms.Form) -> str:
        """Call the service and return its outcome as a message. Raises DomainError."""
        raise NotImplementedError

    def posted(self, name: str) -> list[UUID]:
        """The ids that were ticked. Values that are no ids did not come from our form and are left out."""
        return read_keys(self.request.POST.getlist(name))


class WithdrawManyView(ManyView):
    page_title = "Withdraw articles"
    header_icon = "no-view"
    button = "Withdraw what is selected"
    passkey_verb = "Withdraw, and sign your explanation"
    explains = (
        "Either everything that is selected is withdrawn, or nothing is. Readers see a standard sentence for the "
        "reason. Drafts do not change. After “safety” or “outdated” the whole text must be signed again; after the "
        "other reasons, an unchanged article can be returned by one signature."
    )

    @classmethod
    def is_for(cls, user: User) -> bool:
        return user.has_perm(MAY_WITHDRAW)

    def groups(self) -> list[Group]:
        schedules = self.schedules("schedule" if self.user.has_perm(MAY_SCHEDULE) else "")
        return [self.articles(), self.components("component"), schedules, self.drafts()]

    def fill(self, posted: QueryDict | None = None) -> forms.Form:
        return WithdrawForm(posted, user=self.user)

    def act(self, form: forms.Form) -> str:
        schedules = list(filter(None, map(key_of, self.request.POST.getlist("schedule")[:MOST])))
        counts = withdraw_found(
            articles=self.posted("article"),
            components=self.posted("component"),
            schedules=schedules,
            by=self.user,
            request=self.request,
            **said_of(form.cleaned_data, self.request),
        )
        articles, components, cancelled = counts
        done = [counted(articles, "article"), counted(components, "offer or disclaimer", "offers and disclaimers")]
        said = f"Withdrawn: {', '.join(filter(None, done))}. Readers see the reason." if any(done) else ""
        dropped = f"Cancelled: {counted(cancelled, 'schedule')}." if cancelled else ""
        return " ".join(filter(None, [said, dropped]))


class ReturnView(ManyView):
    """Without a search, the articles that were withdrawn last."""

    page_title = "Return articles"
    header_icon = "resubmit"
    button = "Sign and return what is selected"
    search_button = "Find withdrawn articles"
    nothing = "No withdrawn article contains any of this."
    ask = "No article is withdrawn."
    is_ticked_at_first = False
    is_searched = True
    explains = (
        f"An article that was withdrawn for the reason {returning.LABELS} can come back unchanged with one clinician's "
        "signature. Its review date stays."
    )

    @classmethod
    def is_for(cls, user: User) -> bool:
        return Role.MEDICAL in roles.roles_of(user, on=timezone.now().date())

    @cached_property
    def candidates(self) -> list[returning.Candidate]:
        if self.search.is_bound and not self.search.criteria:
            return []
        return returning.candidates(selection.withdrawn(self.search.criteria)[:SHOWN], self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        able = [each for each in self.candidates if not each.obstacle]
        return super().get_context_data(**kwargs) | {
            "token": returning.page_token(self.user, able),
            "statement": of_a_return() if able else "",
            "signer": printed(self.user),
        }

    def groups(self) -> list[Group]:
        able = [each for each in self.candidates if not each.obstacle]
        barred = [each for each in self.candidates if each.obstacle]
        return [
            Group("article", "Withdrawn articles that can come back", [self._row(each) for each in able]),
            Group("", "Withdrawn articles that cannot come back this way", [self._row(each) for each in barred]),
        ]

    def _row(self, each: returning.Candidate) -> Row:
        review = each.review
        page = review.target
        url = reverse("articles_sign_off", args=["article", page.pk]) if page and may_read(page, self.user) else ""
        last = review.withdrawal
        assert last is not None
        reason = f"withdrawn on {last.at:%-d %B %Y}, reason: {WithdrawReason(last.data['reason']).label.lower()}"
        is_ticked = not each.obstacle and self.is_ticked("article", review.id)
        return Row(
            review.id, each.title, each.obstacle or _note(language_name(review.language), reason), url, is_ticked
        )

    def fill(self, posted: QueryDict | None = None) -> forms.Form:
        return PasswordForm(posted)

    def act(self, form: forms.Form) -> str:
        signed = returning.return_unchanged(
            user=self.user,
            token=self.request.POST.get("token", ""),
            ticked=self.request.POST.getlist("article"),
            password=given_in(self.request),
            request=self.request,
        )
        for title, why in signed.left_out:
            messages.warning(self.request, f"Not returned: {title}. {why}")
        return f"Returned: {counted(len(signed.signoffs), 'article') or 'nothing'}."


def read_keys(given: Iterable[str]) -> list[UUID]:
    keys = []
    for text in list(given)[:MOST]:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys


def _draft(page: ArticlePage) -> Row:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return Row(page.pk, page.draft_title or page.title, page.locale.language_code, url)


def _contains(matched: Sequence[str]) -> str:
    return f"contains {', '.join(matched)}" if matched else ""


def _note(*said: str) -> str:
    return ", ".join(filter(None, said))


def counted(number: int, one: str, many: str = "") -> str:
    """“1 article”, “3 articles”; "" for none."""
    return f"{number} {one if number == 1 else many or f'{one}s'}" if number else ""

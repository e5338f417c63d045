"""The page of one article: its parts as they were read, each with its kind, and what an editor changes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.views.generic import TemplateView, View

from articles.admin.importing.access import get_article
from articles.admin.importing.confidence import UNSURE, percent, words
from articles.admin.importing.forms import TitleForm
from articles.admin.importing.views import Page
from articles.errors import DomainError
from articles.intake.models import ImportedArticle
from articles.intake.outline import Outline, Part, Role
from articles.intake.outline_json import digest, read_blocks, read_origin, read_outline
from articles.intake.runs import correcting, editing
from articles.intake.runs.comparing import compare, text_of_blocks, text_of_outline
from articles.intake.runs.drafting import try_draft
from articles.intake.states import MAY_BE_DRAFTED, ArticleState
from articles.record.vocabulary import Aspect, SectionKind

SHORT = 60  # words of a part that are shown at once

ROLES = {
    Role.TITLE: "Title",
    Role.CAPTION: "Description of the picture",
    Role.SECTION: "Section",
    Role.SOURCE: "Source",
    Role.LEFT_OUT: "Left out",
}


@dataclass(frozen=True)
class Shown:
    """A part on the page. `at` is its place in the outline, `number` its place on the page, from 1."""

    at: int
    part: Part
    value: str  # of the choice of kinds
    label: str
    confidence: str
    is_unsure: bool
    is_by_hand: bool
    may_merge: bool

    @property
    def number(self) -> int:
        return self.at + 1

    @property
    def name(self) -> str:
        """By which a button says what it acts on."""
        words = (self.part.heading or self.part.text).split()
        return " ".join(words[:8]) + ("…" if len(words) > 8 else "")

    @property
    def beginning(self) -> str:
        words = self.part.text.split()
        return " ".join(words[:SHORT]) + ("…" if len(words) > SHORT else "")

    @property
    def count(self) -> int:
        return len(self.part.text.split())

    @property
    def role(self) -> str:
        return str(self.part.role)


def kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """[(group, [(value, label)])] for the choice of a kind; prose has its aspects: "prose:symptoms"."""
    own = [(str(value), str(label)) for value, label in SectionKind.choices if value != SectionKind.PROSE]
    own = [(value, "Sources, one in each line" if value == SectionKind.SOURCES else label) for value, label in own]
    prose = [(f"prose:{value}", f"Prose: {str(label).lower()}") for value, label in Aspect.choices]
    return [("Kinds of section", own), ("Prose about one aspect", prose)]


def read_kind(value: str) -> tuple[SectionKind, Aspect | None]:
    """Raises NotPossible for a value that no list has."""
    kind, _, aspect = value.partition(":")
    if kind not in SectionKind.values or (aspect and aspect not in Aspect.values):
        raise editing.NotPossible("Choose a kind from the list.")
    return SectionKind(kind), Aspect(aspect) if aspect else None


def value_of(kind: str | None, aspect: str | None) -> str:
    return f"prose:{aspect or Aspect.OTHER}" if kind == SectionKind.PROSE else str(kind or "")


def shown_parts(outline: Outline) -> list[Shown]:
    first = next((at for at, part in enumerate(outline.parts) if part.role is Role.SECTION), 0)
    return [_shown(at, part, may_merge=at > first) for at, part in enumerate(outline.parts)]


def _shown(at: int, part: Part, *, may_merge: bool) -> Shown:
    is_section = part.role is Role.SECTION
    return Shown(
        at=at,
        part=part,
        value=value_of(part.kind, part.aspect) if is_section else "",
        label=ROLES[part.role],
        confidence=f"{words(part.confidence)} ({percent(part.confidence)}%)",
        is_unsure=is_section and part.confidence < UNSURE,
        is_by_hand=editing.is_by_hand(part),
        may_merge=is_section and may_merge,
    )


class ArticleView(Page, TemplateView):
    template_name = "admin/importing/article.html"
    header_icon = "doc-full"

    @cached_property
    def article(self) -> ImportedArticle:
        return get_article(self.user, self.kwargs["pk"])

    def get_page_title(self) -> str:
        return self.article.title or "Untitled"

    def crumbs(self) -> list[tuple[str, str]]:
        run = self.article.run
        return [*super().crumbs(), (reverse("articles_import_run", args=[run.pk]), run.name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        article, said = self.article, super().get_context_data(**kwargs)
        said |= {"article": article, "run": article.run, "origin": read_origin(article.origin)}
        if article.outline is None:
            return said
        outline = read_outline(article.shown)
        original = text_of_blocks(read_blocks(article.blocks))
        return said | {
            "parts": shown_parts(outline),
            "left_out": len(outline.of(Role.LEFT_OUT)),
            "sources": len(outline.of(Role.SOURCE)),
            "kinds": kinds(),
            "shown": digest(article.shown),
            "comparison": compare(original, text_of_outline(outline)),
            "form": TitleForm(initial={"title": article.title, "language": article.language}),
            "may_be_drafted": article.state in MAY_BE_DRAFTED,
            "is_conflict": article.state == ArticleState.CONFLICT,
        }


class Edit(Page, View):
    """One change of the outline, then back to the place on the page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = get_article(self.user, pk)
        at = _number(request.POST.get("part", ""))
        try:
            messages.success(request, self.change(article, at))
        except DomainError as error:
            messages.error(request, error.detail)
        return redirect(f"{reverse('articles_import_article', args=[article.pk])}#part-{at + 1}")

    def change(self, article: ImportedArticle, at: int) -> str:
        """What was done, as a message. Raises DomainError."""
        if article.outline is None:
            raise editing.NotPossible("This article could not be read, so there is nothing to change.")
        given, shown = self.request.POST, self.request.POST.get("shown", "")
        act = given.get("do", "")
        if act == "kind":
            return self._correct(article, shown, at)
        if act.startswith("split-"):
            change: Callable[[Outline], Outline] = partial(editing.split, at=at, block=_number(act[6:]))
        elif act in ACTS:
            change = partial(ACTS[act][0], at=at)
        else:
            raise editing.NotPossible("Choose what to do with the part.")
        correcting.edit(article=article.pk, shown=shown, change=change)
        return ACTS[act][1] if act in ACTS else "The part is split in two. Choose the kind of the new one."

    def _correct(self, article: ImportedArticle, shown: str, at: int) -> str:
        kind, aspect = read_kind(self.request.POST.get("kind", ""))
        by = cast(User, self.request.user)
        others = correcting.correct_kind(article=article.pk, shown=shown, at=at, kind=kind, aspect=aspect, by=by)
        if not others:
            return "The kind is changed."
        return (
            f"The kind is changed, here and in {others:,} other section{'s' if others > 1 else ''} with this heading."
        )


ACTS: dict[str, tuple[Callable[..., Outline], str]] = {
    "merge": (editing.merge, "The part is merged with the section before it."),
    "leave-out": (editing.leave_out, "The part is left out of the draft."),
    "bring-back": (editing.bring_back, "The part is a section of the draft now. Choose its kind."),
}


class Rename(Page, View):
    """The title and the language of the draft."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = get_article(self.user, pk)
        form = TitleForm(request.POST)
        try:
            if not form.is_valid() or article.outline is None:
                raise editing.NotPossible("Write a title of at most 255 characters, and choose a language.")
            self.rename(article, form.cleaned_data["title"], form.cleaned_data["language"])
            messages.success(request, "The title and the language are saved.")
        except DomainError as error:
            messages.error(request, error.detail)
        return redirect("articles_import_article", article.pk)

    def rename(self, article: ImportedArticle, title: str, language: str) -> None:
        if language != article.language:
            article = correcting.set_language(article=article.pk, language=language)
        if title != article.title:
            change = partial(editing.set_title, title=title)
            correcting.edit(article=article.pk, shown=digest(article.shown), change=change)


class Draft(Page, View):
    """Make the draft of one article."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = try_draft(get_article(self.user, pk).pk)
        tell_of_draft(request, article)
        if request.POST.get("back") == "run":
            return redirect("articles_import_run", article.run_id)
        return redirect("articles_import_article", article.pk)


def tell_of_draft(request: HttpRequest, article: ImportedArticle) -> None:
    """The outcome, with the way to the draft."""
    if article.state == ArticleState.FAILED:
        messages.error(request, f"No draft was made. {article.problem}")
        return
    if article.state == ArticleState.CONFLICT:
        url, link = reverse("articles_import_changes", args=[article.pk]), "See what differs"
        said = "Somebody has worked on the draft of this article, so nothing was written over."
    elif article.draft_id:
        url, link = reverse("wagtailadmin_pages:edit", args=[article.draft_id]), "Open it in the editor"
        said = f"{article.get_state_display()}: “{article.title}”."
    else:
        messages.info(request, f"{article.get_state_display()}: there is no draft of this article.")
        return
    level = messages.WARNING if article.state == ArticleState.CONFLICT else messages.SUCCESS
    shown = format_html('{} <a href="{}">{}</a>', said, url, link)
    if article.state != ArticleState.CONFLICT and read_outline(article.shown).of(Role.SOURCE):
        shown += format_html(
            ' <a href="{}">Look up its sources</a>', reverse("articles_look_up_sources", args=[article.draft_id])
        )
    messages.add_message(request, level, shown)


def _number(text: str) -> int:
    """A place in a list; -1, which no list has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1

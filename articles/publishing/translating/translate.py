"""Begins a translation, and marks it as up to date with its original.

The draft stands in the folder of its language and begins with the original's text: the same sections with their ids,
citations, codes and pictures. The folder is made if it is missing, with the rights of the folder that it translates.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone
from wagtail.coreutils import find_available_slug
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission, Locale, Page

from articles.authoring.models import ArticlePage
from articles.authoring.page_form import OF_ONE_CHANGE
from articles.errors import DomainError
from articles.publishing.translating.original import Text, may_read_text, text_of
from articles.review.models import TranslationBase
from articles.review.opening import lock
from articles.review.responses.suggestions import may_decide
from articles.review.translations import originals_of

BEGAN = "wagtail.copy_for_translation"
MARKED = "articles.up_to_date"
# What belongs to the original alone: who locked it, when Wagtail would publish it, how it was imported, what changed.
OWN: dict[str, Any] = {
    "locked": False,
    "locked_at": None,
    "locked_by": None,
    "go_live_at": None,
    "expire_at": None,
    "intake": {},
}


class CannotTranslate(DomainError):
    """There is a translation already, or the person may not write one."""

    code = "cannot-translate"
    title = "The translation was not begun."


class CannotMark(DomainError):
    """The original changed meanwhile, or the person may not edit the translation."""

    code = "cannot-mark"
    title = "The translation was not marked."


def languages() -> dict[str, str]:
    """{code: name} of the languages of articles."""
    return dict(settings.WAGTAIL_CONTENT_LANGUAGES)


def translate(*, page: ArticlePage, language: str, by: User) -> ArticlePage:
    """Make the draft of a translation. Raises CannotTranslate, UnknownBlock, NotRepresentable."""
    if language not in languages():
        raise CannotTranslate(f"“{language}” is not a language of this site: choose one of the list.")
    with transaction.atomic():
        page = lock(page)
        locale = Locale.objects.get_or_create(language_code=language)[0]
        if Page.objects.filter(translation_key=page.translation_key, locale=locale).exists():
            raise CannotTranslate(f"There is an article in {languages()[language]} already: open that one.")
        if not may_read_text(page, by):
            raise CannotTranslate("You may not read the draft of this article, so you cannot translate it.")
        folder, text = _folder_in(locale, page, by), text_of(page)
        made = _copy(page, text, folder, locale, by)
        _note(made, page, text, by, is_first=True)
        return made


def mark_up_to_date(*, page: ArticlePage, original: ArticlePage, shown: str, by: User) -> None:
    """Record that the translation says what the original says now. `shown`: the mark of the text on the screen.

    Raises CannotMark, and NotRepresentable, UnknownBlock if the original is a draft that cannot be rendered.
    """
    with transaction.atomic():
        page = lock(page)
        if not may_decide(page, by):
            raise CannotMark("Only people who may edit the translation can mark it as up to date.")
        if originals_of([page.article_id]).get(page.article_id) != original.article_id:
            raise CannotMark("This is not the article that it was translated from. Open the editor again.")
        text = text_of(original)
        if shown != text.mark or not may_read_text(original, by):
            raise CannotMark("The original has changed meanwhile. Read its changes again before you mark it.")
        _note(page, original, text, by)
        log(instance=page, action=MARKED, user=by, data={"original": original.pk, "edition": text.edition})


def _folder_in(locale: Locale, page: ArticlePage, by: User) -> Page:
    """The folder of that language. Raises CannotTranslate, saying who can help."""
    own = page.get_parent().specific
    folder = own.get_translation_or_none(locale)
    may_add = (folder or own).permissions_for_user(by).can_add_subpage()
    if folder is None and may_add:
        folder = _make_folder(own, locale)
    if folder is None or not may_add:
        said = f"the folder “{folder.title}”" if folder else f"a folder for {languages()[locale.language_code]}"
        raise CannotTranslate(
            f"You may not add articles to {said}. Ask an administrator to give your group that right."
        )
    return folder.specific


def _make_folder(own: Page, locale: Locale) -> Page:
    """In the same place, named after its language, for the groups that have rights in the folder that it translates."""
    title = f"{own.title} ({languages()[locale.language_code]})"
    slug = find_available_slug(own.get_parent(), f"{own.slug}-{locale.language_code}")
    named = {"locale": locale, "slug": slug, "title": title, "draft_title": title, "owner": own.owner}
    made = own.copy(update_attrs=named, copy_revisions=False, keep_live=False, reset_translation_key=False)
    rights = GroupPagePermission.objects.filter(page=own)
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(page=made, group_id=row.group_id, permission_id=row.permission_id) for row in rights
    )
    return made


def _copy(page: ArticlePage, text: Text, folder: Page, locale: Locale, by: User) -> ArticlePage:
    draft = text.revision.as_object()
    own = OWN | OF_ONE_CHANGE | {"translation_key": page.translation_key, "owner": by, "locale": locale}
    return draft.copy(
        to=folder,
        update_attrs=own | {"slug": find_available_slug(folder, page.slug)},
        copy_revisions=False,
        keep_live=False,
        reset_translation_key=False,
        user=by,
        log_action=BEGAN,
    )


def _note(page: ArticlePage, original: ArticlePage, text: Text, by: User, *, is_first: bool = False) -> None:
    TranslationBase.objects.create(
        article=page.article_id,
        original=original.article_id,
        edition=text.edition,
        digests=text.digests,
        texts={} if text.edition else text.values,
        is_first=is_first,
        user_id=by.pk,
        at=timezone.now(),
    )

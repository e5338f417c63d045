"""What the *Review* panel says of translations: of a translation its original, and what changed there; of an original
its translations."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse

from articles.admin import publication_status
from articles.admin.editor.messages import PANELS
from articles.admin.names import names_of
from articles.authoring.models import ArticlePage
from articles.document import stored
from articles.errors import DomainError
from articles.publishing.translating import original
from articles.publishing.translating.untranslated import Place, untranslated
from articles.record.compare.differences import Change
from articles.record.compare.values import label
from articles.record.vocabulary import DocumentKind, SubjectKind
from articles.review.models import TranslationBase
from articles.review.responses.suggestions import may_decide
from articles.review.review import Review
from articles.review.roles import full_name
from articles.review.translations import base_of, originals_of, outdated

MEDICAL = DocumentKind.MEDICAL.value
FIELDS = {label(key): panel for key, panel in PANELS.items()}


@dataclass(frozen=True)
class Row:
    """A change of the original, or a place that is not translated yet, and the fragment that leads there."""

    name: str
    anchor: str
    change: Change | None = None


@dataclass(frozen=True)
class Original:
    """`now`: its text, “edition 3”; `mark` says which. `is_unknown`: what changed cannot be told, since nothing says
    which text was translated, or since it was erased. `problem`: why its draft cannot be compared."""

    pk: int
    title: str
    url: str
    language: str
    code: str
    since: str = ""
    now: str = ""
    mark: str = ""
    changes: list[Row] = field(default_factory=list)
    left: list[Row] = field(default_factory=list)
    is_same: bool = False
    is_unknown: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Other:
    """An article in another language. `url` is its editor, or "" for people who may not edit it."""

    article: UUID
    code: str
    language: str
    title: str
    url: str
    readers_get: str
    is_outdated: bool


def translations_of(page: ArticlePage, user: User, review: Review | None = None) -> dict[str, Any]:
    """{original, others, is_outdated, may_mark} of a saved article; empty if it is in one language. `review`: the open
    review of its draft."""
    others = others_of(page, user)
    if not others:
        return {}
    own = originals_of([page.article_id]).get(page.article_id)
    return {
        "original": next((_original(page, row, user, review) for row in others if row.article == own), None),
        "others": [row for row in others if row.article != own],
        "is_outdated": page.article_id in outdated([page.article_id]),
        "may_mark": may_decide(page, user),
    }


def others_of(page: ArticlePage, user: User) -> list[Other]:
    """The article in other languages, with the titles that the person may see."""
    rows = ArticlePage.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk).order_by("locale", "pk")
    group = list(publication_status.annotate(rows.select_related("locale")))
    keys = [row.article_id for row in group]
    old, names = outdated(keys), names_of([(SubjectKind.ARTICLE.value, key) for key in keys], user)
    return [
        Other(
            row.article_id,
            row.locale.language_code,
            str(row.locale),
            str(names[str(row.article_id)]),
            edit_url(row, user),
            publication_status.of_row(row),
            row.article_id in old,
        )
        for row in group
    ]


def edit_url(page: ArticlePage, user: User) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.permissions_for_user(user).can_edit() else ""


def _original(page: ArticlePage, named: Other, user: User, review: Review | None) -> Original:
    found = ArticlePage.objects.get(article_id=named.article)
    base = base_of(page.article_id)
    where = (found.pk, named.title, named.url, named.language, named.code, _since(base))
    if not original.may_read_text(found, user):
        return Original(*where, problem="You may not read its draft, so its changes are not shown.")
    try:
        now = original.text_of(found)
    except DomainError as error:
        return Original(*where, problem=f"Its draft cannot be compared. {error.detail}")
    changed = original.changes(base, now) if base else None
    return Original(
        *where,
        now.name,
        now.mark,
        [Row(change.place, _anchor(page, change.section, change.place), change) for change in changed or []],
        _left(page, [now.values, *original.all_texts_of(page.article_id)], review),
        is_same=base is not None and base.digests == now.digests and base.edition == now.edition,
        is_unknown=changed is None,
    )


def _since(base: TranslationBase | None) -> str:
    """“Translated from edition 2 on 1 December 2026 by Ann Author.”"""
    if base is None:
        return ""
    by = f" by {full_name(base.user)}" if base.user else ""
    did = "Translated from" if base.is_first else "Marked as up to date with"
    return f"{did} {original.name_of(base.edition)} on {base.at:%-d %B %Y}{by}."


def _left(page: ArticlePage, texts: list[dict[str, Any]], review: Review | None) -> list[Row]:
    """The places with words of the original; none of a draft that cannot be rendered."""
    if review is None:
        return []
    originals = [each[MEDICAL] for each in texts if MEDICAL in each]
    places: list[Place] = untranslated(originals, review.documents[MEDICAL].value)
    return [Row(place.name, _anchor(page, place.section, place.name)) for place in places]


def _anchor(page: ArticlePage, section: str, name: str) -> str:
    """Of the section, if the translation has it, or of the panel of that field."""
    if section:
        content = page.latest_revision.content if page.latest_revision else {}
        is_here = any(block.get("id") == section for block in stored.stream(content.get("body")))
        return f"block-{section}-section" if is_here else ""
    panel = FIELDS.get(name)
    return f"panel-child-{panel}-section" if panel else ""

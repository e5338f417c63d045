"""Ids of the record -> names with links, for one person. Used by the reports, the start page and the timeline.

People who may not edit an article see its title only after it was submitted or published, and then the published title
if there is one. Lists show, search and sort by that title alone, so that nobody finds what they may not read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.db.models import BooleanField, Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from wagtail.permissions import page_permission_policy

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.authoring.permissions import MAY_REPORT
from articles.record.models import Event, Publication, SignOff
from articles.record.vocabulary import EventKind, SubjectKind
from articles.review.models import OpenNeed, Policy
from articles.review.policies.recorded import own_subject
from articles.sources.models import Source

TOLD = (EventKind.SUBMITTED, EventKind.PUBLISHED)
HIDDEN = "an article that has not been submitted yet"
GONE = "a deleted article"
FORMER_USER = "Former user"  # of something that only a person does
UNKNOWN_USER = "Deleted user or system"


@dataclass(frozen=True)
class Named:
    """The name of a thing; `url` is its page in the admin, or empty."""

    name: str
    url: str = ""

    def __str__(self) -> str:
        return self.name


def names_of(subjects: Iterable[tuple[str, UUID]], user: User) -> dict[str, Named]:
    """{id: name}, in one query for each kind of thing and two more for articles."""
    wanted: dict[str, set[UUID]] = {}
    for kind, key in subjects:
        wanted.setdefault(str(kind), set()).add(key)
    found: dict[str, Named] = {}
    for kind, keys in wanted.items():
        found |= _articles(keys, user) if kind == SubjectKind.ARTICLE else _others(kind, keys)
    return found


def visible_articles(user: User) -> QuerySet[ArticlePage]:
    """Articles whose titles the person may see: those they may edit, what was published, and, for people who may see
    reports, what was submitted."""
    kinds = TOLD if user.has_perm(MAY_REPORT) else (EventKind.PUBLISHED,)
    told = Event.objects.filter(subject_kind=SubjectKind.ARTICLE, kind__in=kinds).values("subject")
    return ArticlePage.objects.filter(pk__in=editable(user).values("pk")) | ArticlePage.objects.filter(
        article_id__in=told
    )


def editable(user: User) -> QuerySet:
    """Pages that the person may edit, their own drafts included."""
    return page_permission_policy.instances_user_has_permission_for(user, "change")


def titled(articles: QuerySet[ArticlePage], user: User) -> QuerySet:
    """The articles with `may_edit` and `shown_title`: the draft's title for people who may edit it, else the published
    one, else that of the submitted draft."""
    may_edit = Case(When(pk__in=editable(user).values("pk"), then=True), default=False, output_field=BooleanField())
    draft = Coalesce(NullIf("draft_title", Value("")), F("title"))
    published = Subquery(Publication.objects.filter(article=OuterRef("article_id")).values("title")[:1])
    shown = Case(When(may_edit=True, then=draft), default=Coalesce(NullIf(published, Value("")), draft))
    return articles.annotate(may_edit=may_edit).annotate(shown_title=shown)


def signing_url(row: OpenNeed) -> str:
    """Where the missing signature is given."""
    if row.is_edition:
        return reverse("articles_reaffirm", args=[row.target])
    return reverse("articles_sign_off", args=[row.subject_kind, row.target])


def _articles(keys: set[UUID], user: User) -> dict[str, Named]:
    rows = titled(ArticlePage.objects.filter(article_id__in=keys), user)
    pages = {row[0]: row[1:] for row in rows.values_list("article_id", "pk", "shown_title", "may_edit")}
    seen = set(visible_articles(user).filter(article_id__in=keys).values_list("article_id", flat=True))
    titles = dict(Publication.objects.filter(article__in=keys - set(pages)).values_list("article", "title"))
    own = set(SignOff.objects.filter(user=user.pk, subject__in=keys).values_list("subject", flat=True))
    found = {}
    for key in keys:
        pk, title, may_edit = pages.get(key, (0, titles.get(key, ""), False))
        url = reverse("articles_timeline", args=[pk]) if may_edit or (pk and key in own) else ""
        hidden = HIDDEN if pk and key not in seen else ""
        found[str(key)] = Named(hidden or title or GONE, "" if hidden else url)
    return found


def _others(kind: str, keys: set[UUID]) -> dict[str, Named]:
    """Components, policies, people and sources. A notice has no name."""
    given = {
        SubjectKind.OFFER.value: (Offer, "component_id", "name"),
        SubjectKind.DISCLAIMER.value: (Disclaimer, "component_id", "name"),
        SubjectKind.POLICY.value: (Policy, "policy_id", "name"),
        SubjectKind.PERSON.value: (Person, "person_id", "name"),
        SubjectKind.SOURCE.value: (Source, "source_id", "title"),
    }.get(kind)
    if given is None:
        return {}
    model, field, name = given
    rows = model._default_manager.filter(**{f"{field}__in": keys}).values_list("pk", field, name)
    found = {str(key): Named(words, _url(model, kind, pk)) for pk, key, words in rows}
    return found if model is not Person or len(found) == len(keys) else found | _logins(keys)


def _logins(keys: set[UUID]) -> dict[str, Named]:
    """Logins without a person have an id of their own in the ledger (recorded)."""
    rows = get_user_model()._default_manager.values_list("pk", "username")
    named = {own_subject(pk): Named(name, reverse("wagtailusers_users:edit", args=[pk])) for pk, name in rows}
    return {str(key): named[key] for key in keys if key in named}


def _url(model, kind: str, pk: int) -> str:
    if model in (Offer, Disclaimer):
        return reverse("articles_sign_off", args=[kind, pk])
    return reverse(f"wagtailsnippets_articles_{model._meta.model_name}:edit", args=[pk])

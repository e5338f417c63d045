"""Home: what waits for my signature, the longest waiting first. A fixed number of queries, however much waits.

Nothing is rendered for the list, so a text whose sources or images I changed may stand in it; its sign-off page says
then that somebody else has to sign.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import Revision, TaskState

from articles.admin.home_text import minutes_of
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.record.models import ComponentPublication, Edition, SignOff
from articles.record.vocabulary import DocumentKind, Role, SubjectKind
from articles.review import roles, tasks
from articles.review.models import Assignment, Contribution, Decline, Policy, SignOffTask, Step
from articles.review.policies import Rules, applies, is_of
from articles.review.pool import name_of

LIMIT = 10
MEDICAL, PRESENTATION = DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value


@dataclass
class Candidate:
    """Something to sign. `asked` are the roles that it waits for; `revision` was saved at `saved_at`."""

    kind: str
    pk: int
    subject: UUID
    title: str
    since: datetime
    asked: set[str]
    revision: int
    saved_at: datetime
    chosen: int | None = None
    rows: dict[str, Assignment] = field(default_factory=dict)
    content: dict[str, Any] = field(default_factory=dict)
    mine: list[str] = field(default_factory=list)

    def parts(self, role: str) -> set[str]:
        if self.kind != SubjectKind.ARTICLE:
            return {self.kind}
        return {MEDICAL, PRESENTATION} if role == Role.EDITOR else {MEDICAL}


@dataclass(frozen=True)
class Waiting:
    """A line of the list. `role` is the one to take it in; `taker` is empty where nobody took it."""

    title: str
    url: str
    take_url: str
    role: str
    roles: str
    minutes: int
    policy: str
    since: datetime
    taker: str
    is_mine: bool


class WaitingForMe(Component):
    name = "waiting_for_me"
    template_name = "admin/home_waiting.html"
    order = 100

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        held = roles.roles_of(user, on=timezone.now().date())
        found = waiting_for(user, held) if held else []
        return {
            "is_signer": bool(held),
            "waiting": found[:LIMIT],
            "more": len(found) - LIMIT,
            "csrf_token": parent_context.get("csrf_token", ""),
        }


def waiting_for(user: User, held: set[str]) -> list[Waiting]:
    """Articles and components that this person can sign in a role of `held`."""
    found = [*_articles(held), *_components()]
    _add_assignments(found)
    _keep_mine(found, user, held)
    found = sorted((row for row in found if row.mine), key=lambda row: (row.since, row.title))
    rules = _rules(found)
    _add_contents(found[: 2 * LIMIT])
    person = roles.person_of(user)
    key, specialty = (person.pk, person.specialty) if person else (None, "")
    return [
        _line(row, rules.get(row.subject), user)
        for row in found
        if not _is_author(row, key) and _fits(row, rules.get(row.subject), specialty)
    ]


def _articles(held: set[str]) -> list[Candidate]:
    """Articles whose workflow is at a step of mine."""
    steps = dict(SignOffTask.objects.filter(active=True).values_list("pk", "step"))
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__in=list(steps))
    running = {
        int(key): (started, tasks.ROLES[Step(steps[task])])
        for key, started, task in states.values_list("workflow_state__object_id", "started_at", "task")
    }
    pages = ArticlePage.objects.filter(pk__in=[key for key, (_, asked) in running.items() if asked & held])
    fields = ("pk", "article_id", "draft_title", "latest_revision", "latest_revision__created_at")
    return [
        Candidate("article", pk, article, title, running[pk][0], set(running[pk][1]), revision, saved)
        for pk, article, title, revision, saved in pages.values_list(*fields)
        if revision
    ]


def _components() -> Iterable[Candidate]:
    """Components whose working copy was saved after their current edition."""
    published = dict(ComponentPublication.objects.values_list("component", "published_at"))
    fields = ("pk", "component_id", "name", "latest_revision", "latest_revision__created_at", "policy")
    for model in (Offer, Disclaimer):
        for pk, subject, name, revision, saved, chosen in model.objects.values_list(*fields):
            if saved and (subject not in published or saved > published[subject]):
                yield Candidate(model.subject_kind, pk, subject, name, saved, set(Role.values), revision, saved, chosen)


def _add_assignments(found: list[Candidate]) -> None:
    """Who took what; where it is known which signatures are missing, that alone is asked."""
    open_rows = Assignment.objects.filter(closed_at=None, subject__in=[row.subject for row in found])
    by_subject: dict[UUID, dict[str, Assignment]] = {}
    for assignment in open_rows.select_related("taker__person"):
        by_subject.setdefault(assignment.subject, {})[assignment.role] = assignment
    for row in found:
        row.rows = by_subject.get(row.subject, {})
        row.asked &= row.rows.keys() or row.asked
        row.since = min([row.since, *(each.asked_at for each in row.rows.values())])


def _keep_mine(found: list[Candidate], user: User, held: set[str]) -> None:
    """Notes in `mine` the roles in which this person could sign: four eyes, declined, signed already."""
    subjects = [row.subject for row in found]
    fields = ("subject", "revision", "published_at")
    editions = Edition.objects.filter(subject__in=subjects).order_by("number").values_list(*fields)
    base = {subject: (revision or 0, at) for subject, revision, at in editions}
    wrote = Contribution.objects.filter(user_key=user.pk, subject__in=list(map(str, subjects)))
    changed = {
        (subject, part)
        for subject, part, revision in wrote.values_list("subject", "part", "revision")
        if (revision or 0) > base.get(UUID(subject), (0, None))[0]
    }
    declined = list(Decline.objects.filter(user=user.pk, subject__in=subjects).values_list("subject", "at"))
    signed = list(
        SignOff.objects.filter(user=user.pk, subject__in=subjects).values_list("subject", "role", "signed_at")
    )
    for row in found:
        since = base.get(row.subject, (0, None))[1]
        said_no = any(subject == row.subject and (since is None or at > since) for subject, at in declined)
        done = {role for subject, role, at in signed if subject == row.subject and at > row.saved_at}
        row.mine = [
            role
            for role in Role.values
            if role in held & row.asked - done
            and not said_no
            and any((str(row.subject), part) not in changed for part in row.parts(role))
        ]


def _rules(found: list[Candidate]) -> dict[UUID, Rules]:
    """The policies that apply to each, from all of them: the default, those of type and topic, the chosen one."""
    policies = list(Policy.objects.prefetch_related("topics"))
    pages = {row.pk: row for row in found if row.kind == SubjectKind.ARTICLE}
    fields = ("pk", "latest_revision__content__article_type", "latest_revision__content__policy")
    facts = {pk: (kind, chosen) for pk, kind, chosen in ArticlePage.objects.filter(pk__in=pages).values_list(*fields)}
    topics: dict[int, set[int]] = {}
    for pk, topic in ArticlePage.topics.rel.related_model.objects.filter(page__in=pages).values_list("page", "topic"):
        topics.setdefault(pk, set()).add(topic)
    return {row.subject: _applying(row, policies, *facts.get(row.pk, ("", row.chosen)), topics) for row in found}


def _applying(row: Candidate, policies: list[Policy], article_type: str, chosen, topics) -> Rules:
    is_article = row.kind == SubjectKind.ARTICLE
    kind, given = (MEDICAL, chosen) if is_article else (row.kind, row.chosen)
    under = topics.get(row.pk, set()) if is_article else set()
    return Rules(
        tuple(
            policy
            for policy in policies
            if applies(
                policy,
                kind,
                is_chosen=policy.pk == given,
                article_type=article_type if is_article else "",
                is_under_topic=bool(under & {topic.pk for topic in policy.topics.all()}),
            )
        )
    )


def _add_contents(found: list[Candidate]) -> None:
    contents = Revision.objects.in_bulk([row.revision for row in found])
    for row in found:
        row.content = contents[row.revision].content if row.revision in contents else {}


def _is_author(row: Candidate, person: int | None) -> bool:
    return any(author.get("person") == person for author in row.content.get("authors") or []) if person else False


def _fits(row: Candidate, rules: Rules | None, specialty: str) -> bool:
    """Takes away roles that the policies do not ask for, or ask of another specialty alone."""
    asked = rules.signatures() if rules and rules.policies else {}
    names = rules.specialties if rules else []
    is_other = bool(names) and not any(is_of(specialty, name) for name in names) and asked.get(Role.MEDICAL, 0) <= 1
    row.mine = [
        role
        for role in row.mine
        if (role in asked or (role == Role.EDITOR and row.kind == SubjectKind.ARTICLE))
        and not (role == Role.MEDICAL and is_other)
    ]
    return bool(row.mine)


def _line(row: Candidate, rules: Rules | None, user: User) -> Waiting:
    takers = [each.taker for role in row.mine if (each := row.rows.get(role)) and each.taker]
    return Waiting(
        title=row.title,
        url=reverse("articles_sign_off", args=[row.kind, row.pk]),
        take_url=reverse("articles_take", args=[row.kind, row.pk]),
        role=row.mine[0],
        roles=", ".join(str(Role(role).label).lower() for role in row.mine),
        minutes=minutes_of(row.content),
        policy=", ".join(rules.names) if rules else "",
        since=row.since,
        taker=name_of(takers[0]) if takers else "",
        is_mine=any(taker.pk == user.pk for taker in takers),
    )

"""In which roles a person could sign what waits: four eyes, declines, what they signed already, and the policies.

Nothing is rendered for it, so a text whose sources or images I changed may stand in the list; its page says then that
somebody else has to sign. A fixed number of queries, however much waits.
"""

from collections import defaultdict
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from wagtail.models import Revision

from articles.admin.home.candidates import MEDICAL, Candidate
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import EventKind, Role
from articles.review.models import Contribution, Decline, Policy
from articles.review.policies.rules import Rules, applies, is_of


def keep_mine(found: list[Candidate], user: User, held: set[str]) -> list[Candidate]:
    """Notes in `mine` the roles in which this person could sign; what they could not sign falls away."""
    subjects = [row.subject for row in found]
    changed, signed = _changed(user, subjects), _signed(user, subjects)
    declined = list(Decline.objects.filter(user=user.pk, subject__in=subjects).values_list("subject", "at"))
    for row in found:
        since = row.editions[-1].published_at if row.editions else None
        said_no = any(subject == row.subject and (since is None or at > since) for subject, at in declined)
        wanted = set() if said_no else held & row.asked
        row.mine = [role for role in Role.values if role in wanted and _open_parts(row, role, changed, signed)]
    return [row for row in found if row.mine]


def keep_fitting(found: list[Candidate], rules: dict[UUID, Rules], person: Person | None) -> list[Candidate]:
    """Without texts on whose byline the person stands, and without roles that the policies ask of others alone.

    Notes in `policies` the names of those that apply.
    """
    key, specialty = (person.pk, person.specialty) if person else (None, "")
    for row in found:
        row.policies = rules[row.subject].names
        row.mine = [] if _is_author(row, key) else _fitting(row, rules[row.subject], specialty)
    return [row for row in found if row.mine]


def rules_for(found: list[Candidate]) -> dict[UUID, Rules]:
    """The policies that apply to each, from all of them: the default, those of type and topic, the chosen one.

    Notes in `facts` what its revision says of type, policy and authors.
    """
    policies = list(Policy.objects.prefetch_related("topics"))
    pages = {row.pk: row for row in found if row.is_article}
    names = ("article_type", "policy", "authors")
    revisions = Revision.objects.filter(pk__in=[row.revision for row in pages.values()])
    facts = {pk: said for pk, *said in revisions.values_list("pk", *(f"content__{name}" for name in names))}
    topics: dict[int, set[int]] = {}
    for pk, topic in ArticlePage.topics.rel.related_model.objects.filter(page__in=pages).values_list("page", "topic"):
        topics.setdefault(pk, set()).add(topic)
    for row in pages.values():
        row.facts = dict(zip(names, facts.get(row.revision, ("", None, None)), strict=True))
    return {row.subject: _applying(row, policies, topics) for row in found}


def _applying(row: Candidate, policies: list[Policy], topics: dict[int, set[int]]) -> Rules:
    kind, given = (MEDICAL, row.facts["policy"]) if row.is_article else (row.kind, row.chosen)
    under = topics.get(row.pk, set()) if row.is_article else set()
    return Rules(
        tuple(
            policy
            for policy in policies
            if applies(
                policy,
                kind,
                is_chosen=policy.pk == given,
                article_type=row.facts["article_type"] if row.is_article else "",
                is_under_topic=bool(under & {topic.pk for topic in policy.topics.all()}),
            )
        )
    )


def _changed(user: User, subjects: list[UUID]) -> dict[UUID, list[Contribution]]:
    found: dict[UUID, list[Contribution]] = defaultdict(list)
    for row in Contribution.objects.filter(user_key=user.pk, subject__in=list(map(str, subjects))):
        found[UUID(row.subject)].append(row)
    return found


def _signed(user: User, subjects: list[UUID]) -> dict[UUID, list[SignOff]]:
    """What the person signed and nobody voided."""
    voided = Event.objects.filter(subject__in=subjects, kind=EventKind.VOIDED).values_list("data", flat=True)
    barred = {data.get("signoff") for data in voided}
    found: dict[UUID, list[SignOff]] = defaultdict(list)
    for row in SignOff.objects.filter(user=user.pk, subject__in=subjects):
        if row.pk not in barred:
            found[row.subject].append(row)
    return found


def _open_parts(row: Candidate, role: str, changed: dict, signed: dict) -> set[str]:
    """Parts that the person neither changed nor signed already in this role."""
    wrote = {each.part for each in changed.get(row.subject, []) if _counts(each, row)}
    done = {each.part for each in signed.get(row.subject, []) if each.role == role and _is_done(each, row)}
    return row.parts(role) - wrote - done


def _counts(contribution: Contribution, row: Candidate) -> bool:
    latest = row.editions[-1] if row.is_edition and row.editions else None
    return _is_after(contribution, row.base) and not (latest and _is_after(contribution, latest))


def _is_after(contribution: Contribution, edition: Edition | None) -> bool:
    """By number and by time, as `contributors` asks."""
    if edition is None:
        return True
    return (contribution.revision or 0) > (edition.revision or 0) or contribution.at > edition.published_at


def _is_done(signoff: SignOff, row: Candidate) -> bool:
    if not row.is_edition:
        return signoff.signed_at > row.saved_at
    asked = row.rows.get(signoff.role)
    is_on_it = bool(row.editions) and signoff.digest == row.editions[-1].digests.get(signoff.part)
    return (asked is not None and signoff.signed_at > asked.asked_at) or (is_on_it and not row.is_due)


def _is_author(row: Candidate, person: int | None) -> bool:
    return any(author.get("person") == person for author in row.facts.get("authors") or []) if person else False


def _fitting(row: Candidate, rules: Rules, specialty: str) -> list[str]:
    """Roles that are known to be missing, or asked for by the policies, and not of another specialty alone."""
    asked = rules.signatures() if rules.policies else {}
    names = rules.specialties
    is_other = bool(names) and not any(is_of(specialty, name) for name in names) and asked.get(Role.MEDICAL, 0) <= 1
    return [
        role
        for role in row.mine
        if (role in row.rows or role in asked or (role == Role.EDITOR and row.is_article))
        and not (role == Role.MEDICAL and is_other)
    ]

"""Changes to policies, people, and the topics that policies use. Only medical leads may make them, not superusers.

Each change has its line in the ledger. The admin's forms and the commands call these functions; `by` None is the
system. A signing role does not count until a second lead has confirmed it with the person's signing details.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import LogContext

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.errors import ContentChanged, DomainError, Refused
from articles.record import events
from articles.record.canonical import digest_of, exact_bytes
from articles.record.models import Event
from articles.record.vocabulary import EventKind, SubjectKind
from articles.review import logins
from articles.review.models import Policy
from articles.review.policies import leads, reach
from articles.review.policies.recorded import SIGNING_FACTS, recorded, signing_facts, stored_facts
from articles.review.roles import actor

Governed = Policy | Person | Topic
WHAT = {Policy: "policies", Person: "people and their signing details", Topic: "a topic that a policy uses"}


class PolicyInUse(Refused):
    """Texts would lose a policy that was chosen for them, or the default of its kind."""

    code = "policy-in-use"
    title = "The policy is in use."


class NotVouchedFor(DomainError):
    """A person has a signing role but no verified registration. Source: 21 CFR 11.100(b)."""

    code = "not-vouched-for"
    title = "This person's registration is not verified."
    status = 422


class CannotConfirm(Refused):
    """People may not confirm their own entries or their own signing details. Source: 21 CFR 11.100(b)."""

    code = "cannot-confirm"
    title = "Another medical lead has to confirm this."


def change(row: Governed, *, by: User | None, save: Callable[[], Any] | None = None) -> None:
    """Save the row, new or changed, with its ledger line. `save`: the save method of a form, if there is one.

    Raises what `require_change` raises.
    """
    require_change(row, by=by)
    if isinstance(row, Policy):
        _change_policy(row, save or row.save, by=by)
    elif isinstance(row, Person):
        _change_person(row, save or row.save, by=by)
    else:
        with recorded(*Policy.objects.filter(topics=row.pk), by=by):
            (save or row.save)()


def require_change(row: Governed, *, by: User | None) -> None:
    """Raises NotALead, NotVouchedFor, PolicyInUse, NobodyCanSign if the row may not be saved as it is in memory."""
    if isinstance(row, Topic):
        if _is_renamed(row) and Policy.objects.filter(topics=row.pk).exists():
            leads.require_lead(by, "the name and the slug of a topic that a policy uses")
        return
    leads.require_lead(by, WHAT[type(row)])
    if isinstance(row, Person):
        if by is not None and (missing := row.lacking_to_sign()):
            raise NotVouchedFor(" ".join(missing.values()))
        return
    stored = Policy.objects.filter(pk=row.pk).first() if row.pk else None
    if stored and stored.is_default and (not row.is_default or row.kind != stored.kind):
        raise PolicyInUse(
            f"“{stored}” is the default of its kind. To replace it, make another policy of this kind the default."
        )
    reach.require_signers(row, stored)


def _change_policy(policy: Policy, save: Callable[[], Any], *, by: User | None) -> None:
    """Save the policy. A new default replaces the old one."""
    others = Policy.objects.filter(kind=policy.kind, is_default=True).exclude(pk=policy.pk)
    replaced = list(others) if policy.is_default else []
    with recorded(policy, *replaced, by=by):
        Policy.objects.filter(pk__in=[other.pk for other in replaced]).update(is_default=False)
        save()


def _change_person(person: Person, save: Callable[[], Any], *, by: User | None) -> None:
    """Save the person. Changed signing details must be confirmed again."""
    before = stored_facts(person, person.pk)
    if any(before.get(name) != value for name, value in signing_facts(person).items()):
        person.confirmed_at = None
    with recorded(person, by=by), LogContext(user=by):
        save()


def delete(row: Governed, *, by: User | None) -> None:
    """Delete the row with its ledger line. Raises what `require_deletion` raises."""
    require_deletion(row, by=by)
    if isinstance(row, Topic):
        row.delete()
        return
    with recorded(row, by=by), LogContext(user=by):
        row.delete()


def require_deletion(row: Governed, *, by: User | None) -> None:
    """Raises NotALead, PolicyInUse. A topic that a policy uses cannot be deleted."""
    if not isinstance(row, Topic):
        leads.require_lead(by, WHAT[type(row)])
    if words := why_not_deleted(row):
        raise PolicyInUse(words)


def why_not_deleted(row: Governed) -> str:
    """Why the row cannot be deleted, as a message; "" if it can."""
    if isinstance(row, Topic):
        names = ", ".join(f"“{policy}”" for policy in Policy.objects.filter(topics=row.pk).order_by("name"))
        return f"The topic “{row}” is used by {names}. Ask a medical lead to remove it there first." if names else ""
    if isinstance(row, Person):
        return ""
    if row.is_default:
        return f"“{row}” is the default of its kind, so it cannot be deleted. Make another one the default first."
    if count := _uses(row):
        texts = "1 text" if count == 1 else f"{count} texts"
        return f"“{row}” is chosen for {texts}, so it cannot be deleted. Choose another policy there first."
    return ""


def confirm(person: Person, *, shown: str, by: User) -> None:
    """Confirm a person's signing details as a second lead, so that they count. `shown`: `mark_of` the details read.

    While there are fewer than two leads, a superuser may confirm, and the ledger line says so. Raises NotALead,
    NotVouchedFor, CannotConfirm, ContentChanged.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if mark_of(person) != shown:
            raise ContentChanged("This person was changed while you were reading. Nothing was confirmed.")
        require_confirmation(person, by=by)
        said = {"name": person.name, "confirmed": signing_facts(person)}
        if not leads.is_lead(by):
            said["superuser"] = "There were fewer than two medical leads."
        person.confirmed_at = timezone.now()
        person.save(update_fields=["confirmed_at"])
        events.append(
            EventKind.ROLE_CONFIRMED,
            subject_kind=SubjectKind.PERSON,
            subject=person.person_id,
            actor=actor(by),
            data=said,
            at=person.confirmed_at,
        )


def require_confirmation(person: Person, *, by: User) -> None:
    """Raises NotALead, NotVouchedFor, CannotConfirm."""
    if not (by.is_superuser and by.is_active and not leads.are_enough()):
        leads.require_lead(by, "the confirmation of a signing role")
    if not person.has_any_role:
        raise NotVouchedFor("This person has no signing role, so there is nothing to confirm.")
    if missing := person.lacking_to_sign():
        raise NotVouchedFor(" ".join(missing.values()))
    own = logins.with_other_logins({by.pk})
    if own & ({person.user_id} | logins.logins_of({person.person_id})):
        raise CannotConfirm("You cannot confirm your own signing details. Ask another medical lead.")
    if own & _changed_by(person):
        raise CannotConfirm("You entered or changed this yourself. Ask another medical lead to confirm it.")


def mark_of(person: Person) -> str:
    """A digest of the person's signing details, for forms."""
    return digest_of(exact_bytes(signing_facts(person)))


def confirmation_of(person: Person) -> Event | None:
    """The ledger line of the current confirmation, or None."""
    if person.confirmed_at is None:
        return None
    return Event.objects.filter(subject=person.person_id, kind=EventKind.ROLE_CONFIRMED).order_by("-number").first()


def set_away(*, person: Person, until: date | None, by: User) -> None:
    """Set the last day of the person's absence, during which they are not asked to sign. Raises NotALead for others
    than the person and leads."""
    if person.user_id != by.pk:
        leads.require_lead(by, "another person's absence")
    person.away_until = until
    person.save(update_fields=["away_until"])


def _changed_by(person: Person) -> set[int]:
    """Keys of the logins that changed the person's signing details since the last confirmation."""
    lines = Event.objects.filter(subject=person.person_id)
    last = lines.filter(kind=EventKind.ROLE_CONFIRMED).order_by("-number").first()
    since = lines.filter(kind=EventKind.PERSON_CHANGED, number__gt=last.number if last else 0)
    told = [line for line in since if "login" not in line.data and set(SIGNING_FACTS) & set(line.data["after"])]
    return {line.actor["user"] for line in told if line.actor}


def _is_renamed(topic: Topic) -> bool:
    was = Topic.objects.filter(pk=topic.pk).values("name", "slug").first()
    return was is not None and was != {"name": topic.name, "slug": topic.slug}


def _uses(policy: Policy) -> int:
    """The number of articles and components that name the policy, in the row or in the latest draft."""
    chosen = Q(policy=policy.pk) | Q(latest_revision__content__policy=policy.pk)
    models: tuple[Any, ...] = (ArticlePage, Offer, Disclaimer)
    return sum(model.objects.filter(chosen).count() for model in models)

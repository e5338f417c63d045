"""A topic that a policy goes by is part of the policy: medical leads alone rename it, and the ledger says so.

Else an editor takes the topic out of the policy: by another slug for it, and a new topic of the old one.
"""

from typing import Any

from django.contrib.auth.models import AbstractUser as User

from articles.authoring.topics import Topic
from articles.review.models import Policy
from articles.review.policies.stewardship import NotALead, acting_user, is_lead
from articles.review.policies.stewardship_lines import write_line

NAMES = ("slug", "name")


def why_not_renamed(topic: Topic, *, by: User | None) -> str:
    """Why this person cannot save the topic as it is in memory, in words, or nothing. None is the system."""
    if by is None or is_lead(by) or not _renamed(topic):
        return ""
    policies = ", ".join(f"“{policy}”" for policy in _policies(topic))
    if not policies:
        return ""
    return f"{policies} goes by this topic, so only medical leads change its name and slug. Ask one of them."


def note_before(instance: Topic, raw: bool = False, **_: Any) -> None:
    """Before a topic is saved: refuse, or keep what it was. Raises NotALead."""
    if raw:
        return
    if words := why_not_renamed(instance, by=acting_user()):
        raise NotALead(words)
    instance._was = _stored(instance)  # read by `write_change`, after it was saved


def write_change(instance: Topic, raw: bool = False, **_: Any) -> None:
    """After it was saved: a line for each policy that goes by it, with its topics before and after."""
    was = instance.__dict__.pop("_was", None)
    now = _stored(instance)
    if raw or was is None or now is None or was == now:
        return
    for policy in _policies(instance):
        others = policy.topics.exclude(pk=instance.pk).values_list("slug", flat=True)
        before, after = ({"topics": sorted([*others, said["slug"]]), "topic_name": said["name"]} for said in (was, now))
        write_line(policy, before, after)


def _renamed(topic: Topic) -> bool:
    was = _stored(topic)
    return was is not None and any(was[name] != getattr(topic, name) for name in NAMES)


def _stored(topic: Topic) -> dict[str, str] | None:
    return Topic.objects.filter(pk=topic.pk).values(*NAMES).first() if topic.pk else None


def _policies(topic: Topic) -> list[Policy]:
    return list(Policy.objects.filter(topics=topic.pk).order_by("name"))

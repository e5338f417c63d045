"""What was asked for, in words: the edition's own terms, and the policies as they stood, from the ledger backwards."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from articles.admin.evidence.moment import Live
from articles.record.ledger.sentences import indented, label, moment, one_line
from articles.record.models import Event
from articles.record.vocabulary import AfterGrace, ArticleType, DocumentKind, EventKind, Role, SubjectKind
from articles.review.models import Policy
from articles.review.policies.stewardship_lines import facts_of

Json = dict[str, Any]


def policies_text(live: Live, kinds: Iterable[str]) -> str:
    wanted = set(kinds)
    found = [facts for facts in policies_at(live.at) if facts.get("kind") in wanted]
    parts = [
        _terms(live),
        "THE POLICIES AS THEY STOOD AT THAT MOMENT\n\n" + ("\n".join(map(_policy, found)) or "None.\n"),
    ]
    return "\n".join(parts)


def policies_at(at: datetime) -> list[Json]:
    """Each policy's facts at the moment: as they are now, with every later change taken back."""
    known = {
        policy.policy_id: facts_of(policy) | {"topics": sorted(topic.slug for topic in policy.topics.all())}
        for policy in Policy.objects.prefetch_related("topics").order_by("pk")
    }
    later = Event.objects.filter(kind=EventKind.POLICY_CHANGED, subject_kind=SubjectKind.POLICY, at__gt=at)
    for line in later.order_by("-number"):
        before, after = line.data.get("before") or {}, line.data.get("after") or {}
        if not before:
            known.pop(line.subject, None)
        elif not after:
            known[line.subject] = dict(before)
        else:
            known.setdefault(line.subject, {}).update(before)
    return sorted(known.values(), key=lambda facts: (facts.get("kind", ""), facts.get("name", "")))


def _terms(live: Live) -> str:
    review, standing = live.edition.review, live.standing
    said = [f"WHAT WAS ASKED OF EDITION {live.edition.number}", ""]
    if asked := review.get("signatures"):
        said.append(f"On the medical part: {_signatures(asked)}.")
    if review.get("emergency"):
        reason = indented(str(review["emergency"].get("reason", "")))
        said.append(
            f"Published in an emergency, on one clinician's signature in place of the full set. Reason: {reason}"
        )
    if live.rests_on:
        said.append(
            f"Its changes were found editorial (no word changed its meaning), so editors alone signed them; the "
            f"clinicians' review rests on edition {live.rests_on.number}."
        )
    said.append(f"A review lasts {review['interval_months']} months, with {review['grace_days']} days of grace.")
    said.append(f"After that: {_after(review.get('after_grace', ''))}.")
    said.append(f"Last review of the whole text: {standing.reviewed_on:%-d %B %Y}.")
    said.append(
        f"Next review: {standing.next_review_on:%-d %B %Y}; the grace ended, or ends, on "
        f"{moment(standing.grace_ends_at)}."
    )
    said += _what_ended_it(live)
    return "\n".join(said) + "\n"


def _what_ended_it(live: Live) -> Iterator[str]:
    if live.standing.emergency_since:
        yield "The full set of signatures had not been given yet."
    if live.standing.voided_at:
        since = moment(live.standing.voided_at)
        yield f"A sign-off that it rested on was voided on {since}; the review was due from then."


def _policy(facts: Json) -> str:
    asked = {role: facts.get(role, 0) for role in Role.values if facts.get(role)}
    said = [f"{one_line(facts.get('name', 'A policy'))} ({label(DocumentKind, facts.get('kind')).lower()})"]
    said.append(f"  applies: {_applies(facts)}")
    said.append(
        f"  asks for: {_signatures(asked) or 'nobody'}"
        + (f", clinicians of {facts['specialty']}" if facts.get("specialty") else "")
    )
    said.append(
        f"  review: every {facts.get('interval_months')} months, {facts.get('risk_interval_months')} with medicines; "
        f"{facts.get('grace_days')} days of grace, then: {_after(facts.get('after_grace', ''))}"
    )
    return "\n".join(said) + "\n"


def _applies(facts: Json) -> str:
    types = [label(ArticleType, value).lower() for value in facts.get("article_types") or []]
    said = ["to everything of its kind"] if facts.get("is_default") else ["where it is chosen"]
    said += [f"to articles of the types {', '.join(types)}"] if types else []
    said += [f"under the topics {', '.join(facts['topics'])}"] if facts.get("topics") else []
    return ", ".join(said)


def _signatures(asked: dict[str, int]) -> str:
    return ", ".join(f"{count} × {label(Role, role).lower()}" for role, count in asked.items())


def _after(value: str) -> str:
    return label(AfterGrace, value).lower() or "nothing"

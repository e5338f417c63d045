"""Topics come with policies; an article is filed under them where what readers get satisfies these already.

Its signatures do, on both parts, and so do the terms that its edition was published under, or re-affirmed: how often
it is reviewed and what happens then. Terms are of the medical part's policies; those of others govern no review.
"""

from collections.abc import Sequence

from articles.authoring.topics import Topic
from articles.errors import DomainError
from articles.record.standing import terms_of
from articles.record.vocabulary import AfterGrace
from articles.review.models import Policy
from articles.review.needs.missing import part_label
from articles.review.policies.rules import Rules, is_risky, rules_of, stricter
from articles.review.review import MEDICAL, PRESENTATION, Review


class CannotRefile(DomainError):
    """The address is none, or what readers get does not meet a policy that comes with a topic."""

    code = "cannot-refile"
    title = "The address and topics were not changed."
    status = 422


def require_met(review: Review, topics: Sequence[Topic]) -> None:
    """`subject` is what readers get. Raises CannotRefile, naming the policy and what to do."""
    for part in (MEDICAL, PRESENTATION):
        for policy in _coming(review, part, topics):
            _require_signatures(policy, part, review)
            if part == MEDICAL:
                _require_terms(policy, review)


def _coming(review: Review, part: str, topics: Sequence[Topic]) -> list[Policy]:
    """Policies that do not apply to what readers get yet."""
    kind, named = review.documents[MEDICAL].value["article_type"], [topic.slug for topic in topics]
    rules = rules_of(part, None, article_type=kind, topics=named)
    return [policy for policy in rules.policies if policy not in review.policies[part].policies]


def _require_signatures(policy: Policy, part: str, review: Review) -> None:
    if Rules((policy,), review.rules[part].is_editorial).lacking(review.counting(part)):
        raise CannotRefile(
            f"The policy “{policy.name}” asks for more signatures on the {part_label(part)} than this text has. Set "
            "the topics in the draft, and have it signed; a changed text is then published under them, and for one "
            "that stays you change them here."
        )


def _require_terms(policy: Policy, review: Review) -> None:
    now = terms_of(review.history)
    then = stricter(dict(now), Rules((policy,)).review(is_risky=is_risky(review.documents[MEDICAL].value)))
    said = {
        "interval_months": f"a review every {then['interval_months']} months, not {now['interval_months']}",
        "grace_days": f"{then['grace_days']} days of grace, not {now['grace_days']}",
        "after_grace": f"after that “{AfterGrace(then['after_grace']).label}”",
    }
    if tighter := [words for name, words in said.items() if then[name] != now[name]]:
        raise CannotRefile(
            f"The policy “{policy.name}” asks for {' and '.join(tighter)}, which this text was not published under. "
            "Set the topics in the draft, change its text, and have it signed: it is then published under them."
        )

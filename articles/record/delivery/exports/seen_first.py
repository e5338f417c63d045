"""What readers must see before any of the text: the notices, the review, who paid. Pure.

Source: docs/json.md, *What you must show*.
"""

from collections.abc import Iterator
from typing import Any

from articles.record import words
from articles.record.delivery.content.portable_text import Block, Shown
from articles.record.delivery.exports.lines import line, lines, say, word
from articles.record.vocabulary import Audience, ReviewStatus

Json = dict[str, Any]
SAID_OF_STATUS = (ReviewStatus.OVERDUE, ReviewStatus.EMERGENCY)


def seen_first(article: Json, shown: Shown) -> Iterator[Block]:
    """Paragraphs for above the text of a composed article."""
    yield from _notices(article, shown)
    yield from _review(article, shown)


def _notices(article: Json, shown: Shown) -> Iterator[Block]:
    for notice in article["notices"]:
        kind = word("notice-kind", notice["kind"], shown)
        yield line((f"{kind} ({notice['since']}).", "strong"), (f" {notice['text']}", ""))


def _review(article: Json, shown: Shown) -> Iterator[Block]:
    review, content = article["review"], article["content"]
    if review["status"] in SAID_OF_STATUS:
        label, meaning = words.described("review-status", review["status"], shown.language)
        yield line((f"{label.text}. {meaning.text}", "strong"))
    for row in review["reviewed_by"]:
        yield line((f"{say('medically-reviewed', shown)} ", ""), (_person(row), "strong"))
    dates = (("last-reviewed", "last_reviewed_on"), ("next-review", "next_review_on"))
    yield line((", ".join(f"{say(key, shown)} {review[name]}" for key, name in dates), ""))
    authors = "; ".join(map(_person, content["authors"]))
    is_for_clinicians = content["audience"] == Audience.CLINICIAN
    yield from lines(
        [(f"{say('by', shown)} {authors}" if authors else "", "")],
        [(word("audience", content["audience"], shown) if is_for_clinicians else "", "em")],
    )
    if content["sponsorship"]:
        yield line((say("funding", shown), "strong"), (f" {content['sponsorship']}", ""))
    if declared := content["ai_use"]:
        tool = f" ({declared['tool']})" if declared["tool"] else ""
        yield line((say("use-of-ai", shown), "strong"), (f" {word('ai-use', declared['use'], shown)}{tool}", ""))


def _person(row: Json) -> str:
    specialty = f" ({row['specialty']})" if row.get("specialty") else ""
    return ", ".join(filter(None, (row["name"], row["credentials"]))) + specialty

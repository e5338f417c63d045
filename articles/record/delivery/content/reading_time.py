"""The reading time of an article, from its composed sections. Pure."""

import math
from typing import Any

from articles.record.delivery.content.portable_text import to_plain
from articles.record.documents import ITEM_NAMES

Json = dict[str, Any]
WORDS_A_MINUTE = 200
READ = ("name", "text", "target", "outcome", "statement", "effect", "group", "advice", "question")


def reading_minutes(sections: list[Json]) -> int:
    """At 200 words a minute, at least one. Counts what is read: headings, text, and the kinds' own fields."""
    words = sum(len(_words(section)) for section in sections)
    return max(1, math.ceil(words / WORDS_A_MINUTE))


def _words(section: Json) -> list[str]:
    parts = [section["heading"], to_plain(section["text"])]
    for name in ITEM_NAMES.get(section["kind"], {}):
        parts += _texts(section[name])
    return " ".join(parts).split()


def _texts(rows: list[Any]) -> list[str]:
    plain = [row for row in rows if isinstance(row, str)]
    fields = [row[key] for row in rows if isinstance(row, dict) for key in READ if isinstance(row.get(key), str)]
    answers = [to_plain(row["answer"]) for row in rows if isinstance(row, dict) and "answer" in row]
    return plain + fields + answers

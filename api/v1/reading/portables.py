"""Published articles in their portable form, by their ids, up to date. One query."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from api.protocol import database
from api.v1.reading import stored
from articles.record.delivery.forms import PORTABLE

SQL = (
    "SELECT p.article, p.portable, p.fresh_until, p.grace_ends_at, p.after_grace FROM record_publication p "
    "WHERE p.article IN ({places}) AND p.state = 'published'"
)


def load(articles: Sequence[str], *, now: datetime) -> dict[str, dict[str, Any]]:
    """{id: composed article}. Raises NotRecomposed."""
    if not articles:
        return {}
    ids = [database.uuid_parameter(UUID(article)) for article in articles]
    rows = database.fetch(SQL.format(places=database.places(ids)), ids)
    return {
        database.read_uuid(article): json.loads(
            stored.current(bytes(portable), stored.Clock.of(*clock), form=PORTABLE, now=now)
        )
        for article, portable, *clock in rows
    }

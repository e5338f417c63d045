"""Finds publications that a crash left outdated: something that they depend on was changed after they were composed.

Normally every act recomposes them itself after its commit. After an upgrade they are those of an earlier composer.
"""

from uuid import UUID

from django.db import connection

from articles.record.delivery.compose import VERSION

# A link names its target with dashes; SQLite keeps ids without.
# Publications are read once: what is asked for lies behind their bodies.
SQL = """
WITH publication AS MATERIALIZED (
    SELECT article, translation_key, state, event, read_to FROM record_publication
),
changed AS MATERIALIZED (
    SELECT replace(CAST(article AS text), '-', '') AS target, translation_key, event FROM publication
    UNION ALL
    SELECT replace(CAST(component AS text), '-', ''), NULL, event FROM record_componentpublication
    UNION ALL
    SELECT replace(CAST(subject AS text), '-', ''), NULL, number FROM record_event
    WHERE kind IN ('source-status', 'source-decided')
)
SELECT publication.article
FROM publication
JOIN record_link link ON link.article = publication.article AND link.relation IN ('article', 'component', 'source')
JOIN changed ON changed.target = replace(link.target, '-', '')
WHERE publication.state <> 'withdrawn' AND changed.event > publication.read_to
    AND changed.target <> replace(CAST(publication.article AS text), '-', '')
UNION
SELECT publication.article
FROM publication
JOIN record_link link ON link.article = publication.article AND link.relation = 'translations'
JOIN changed ON replace(CAST(changed.translation_key AS text), '-', '') = replace(link.target, '-', '')
WHERE publication.state <> 'withdrawn' AND changed.event > publication.read_to
    AND changed.target <> replace(CAST(publication.article AS text), '-', '')
UNION
SELECT publication.article
FROM publication
JOIN changed ON changed.translation_key = publication.translation_key
WHERE publication.state <> 'withdrawn' AND changed.event > publication.read_to
    AND changed.target <> replace(CAST(publication.article AS text), '-', '')
UNION
SELECT article FROM record_publication WHERE state <> 'withdrawn' AND composer < %s
ORDER BY 1
"""


def find() -> list[UUID]:
    """Articles composed before something changed that they show or link to, or a translation of it or of theirs."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [VERSION])
        return [UUID(str(article)) for (article,) in cursor.fetchall()]

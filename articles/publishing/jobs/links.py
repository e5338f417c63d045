"""Asks once a day whether the pages that published articles link to still answer. Nothing in an article changes.

A page that fails on two days is listed for editors, with the last day on which it answered.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import F, Q

from articles.publishing.models import OutgoingLink
from articles.record.documents import read_document
from articles.record.models import ComponentPublication, Document, Edition, Link, Publication
from articles.record.vocabulary import SERVED, TargetType
from articles.sources.lookup import pages

EVERY = timedelta(days=1)
BROKEN_AFTER = 2  # failures in a row
LONGEST = 2000  # characters of an address
WEB = ("https://", "http://")


def note_links() -> str:
    """Keep a row for each address that published articles, and the offers that they show, link to."""
    found = _addresses()
    known = {row.address: row for row in OutgoingLink.objects.all()}
    OutgoingLink.objects.filter(address__in=set(known) - set(found)).delete()
    new = [OutgoingLink(address=key, articles=sorted(found[key])) for key in found if key not in known]
    OutgoingLink.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    changed = [row for key, row in known.items() if key in found and row.articles != sorted(found[key])]
    for row in changed:
        row.articles = sorted(found[row.address])
    OutgoingLink.objects.bulk_update(changed, ["articles"], batch_size=500)
    return f"{len(found)} links in published articles"


def check_a_few(now: datetime, *, within_s: float) -> int:
    """Ask what is due for about so many seconds, each host once. Returns how many were asked."""
    if not pages.is_on():
        return 0
    end, hosts, asked = time.monotonic() + within_s, set[str](), 0
    waits = Q(asked_at=None) | Q(asked_at__lte=now - EVERY)
    for row in OutgoingLink.objects.filter(waits).order_by(F("asked_at").asc(nulls_first=True), "pk")[:500]:
        if time.monotonic() >= end:
            break
        host = urlsplit(row.address).netloc
        if host not in hosts:
            hosts.add(host)
            _check(row, now)
            asked += 1
    return asked


def _check(row: OutgoingLink, now: datetime) -> None:
    row.asked_at, row.problem = now, pages.problem_of(row.address)
    row.failures = row.failures + 1 if row.problem else 0
    row.good_at = row.good_at if row.problem else now
    row.save(update_fields=["asked_at", "problem", "failures", "good_at"])


def _addresses() -> dict[str, set[str]]:
    """{address: ids of the articles}."""
    articles: dict[str, set[str]] = defaultdict(set)  # by the digest of what they show
    served = Publication.objects.filter(state__in=SERVED).values_list("article", flat=True)
    latest = dict(Edition.objects.filter(subject__in=served).order_by("number").values_list("subject", "digests"))
    for article, digests in latest.items():
        for digest in digests.values():
            articles[digest].add(str(article))
    components = dict(ComponentPublication.objects.filter(state__in=SERVED).values_list("component", "digest"))
    for article, target in Link.objects.filter(relation="component").values_list("article", "target"):
        if article in latest and (digest := components.get(UUID(target))):
            articles[digest].add(str(article))
    found: dict[str, set[str]] = defaultdict(set)
    for row in Document.objects.filter(digest__in=list(articles)).iterator(chunk_size=100):
        for address in set(addresses_in(read_document(bytes(row.content)))) if row.content else ():
            found[address] |= articles[row.digest]
    return dict(found)


def addresses_in(value: Any) -> Iterator[str]:
    """Web addresses of links in text, of offers, and of sources without a DOI or PMID, which their own page names."""
    if isinstance(value, list):
        for item in value:
            yield from addresses_in(item)
    elif isinstance(value, dict):
        is_named = value.get("doi") or value.get("pmid")
        given = [value.get("href"), None if is_named else value.get("url")]
        given += [value.get("value")] if value.get("type") == TargetType.HTTPS else []
        yield from (
            text for text in given if isinstance(text, str) and text.lower().startswith(WEB) and len(text) <= LONGEST
        )
        for item in value.values():
            yield from addresses_in(item)

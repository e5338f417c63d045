"""The time of an authority on the ledger's head (RFC 3161), once a day where TSA_URL is set.

The authority sees a SHA-256 and nothing else. If it does not answer, the day goes without a stamp: nothing fails.
"""

import urllib.error
import urllib.request
from datetime import datetime

from django.conf import settings
from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder, decode_timestamp_response

from articles.record.models import TreeHead
from articles.record.tree import growth

TIMEOUT_S = 10
MOST_BYTES = 64 * 1024


class NotStamped(Exception):
    """The authority's answer is none to this question; the message says why."""


def stamp_head(now: datetime) -> str:
    """Have the head stamped, if it is not yet. Returns what was done, for the daily run."""
    if not settings.TSA_URL:
        return "skipped: no TSA_URL"
    head = growth.grow(now=now)
    if head is None:
        return "skipped: the ledger is empty"
    if head.stamp:
        return f"head {head.size} has a stamp already"
    try:
        answer = ask(growth.statement_of(head))
    except (OSError, ValueError, NotStamped) as error:
        return f"skipped: {settings.TSA_URL} did not stamp the head ({type(error).__name__}: {error})"
    TreeHead.objects.filter(pk=head.pk).update(stamp=answer)
    return f"head {head.size} stamped by {settings.TSA_URL}"


def ask(content: bytes) -> bytes:
    """The authority's answer about the SHA-256 of the content, DER. Raises NotStamped, OSError, ValueError."""
    builder = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256)
    question = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    request = urllib.request.Request(
        settings.TSA_URL, data=question.as_bytes(), headers={"Content-Type": "application/timestamp-query"}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        stamp = answer.read(MOST_BYTES + 1)
    if len(stamp) > MOST_BYTES:
        raise NotStamped("The answer is too long.")
    told = decode_timestamp_response(stamp)
    if PKIStatus(told.status) not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
        raise NotStamped(f"The authority refused: {', '.join(told.status_string) or PKIStatus(told.status).name}.")
    asked, stamped = question.message_imprint.message, told.tst_info.message_imprint.message
    if (asked, question.nonce) != (stamped, told.tst_info.nonce):
        raise NotStamped("The answer is about something else.")
    return stamp

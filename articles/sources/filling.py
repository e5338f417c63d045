"""Completes a stored source from Crossref and PubMed: what is asked, what differs, and what is taken over.

Nothing is replaced before a person saw what was found beside what the record says.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.log_actions import LogContext

from articles.errors import DomainError
from articles.record.citations.styles import format_ama
from articles.record.vocabulary import StudyDesign
from articles.sources import checking
from articles.sources.lookup.client import is_on
from articles.sources.lookup.records import Record
from articles.sources.models import PRINTED, Source

TAKEN = (*PRINTED, "design")


class SourceChanged(DomainError):
    """The record or what was found is not what was shown; nothing was replaced."""

    code = "source-changed"
    title = "The source changed meanwhile."


class NotFilled(DomainError):
    """The library refuses the details, such as an identifier that another record has."""

    code = "not-filled"
    title = "The details were not taken over."


@dataclass(frozen=True)
class Detail:
    """A field of the record in words: what it says now, and what was found."""

    label: str
    now: str
    found: str

    @property
    def is_new(self) -> bool:
        return bool(self.found) and self.found != self.now


def words_of(source: Source) -> str:
    """What a look-up is asked for: the reference, with the identifiers that the record has."""
    csl = source.csl | ({"type": "article-journal"} if not source.doi else {})  # its address and date say nothing
    numbers = [f"PMID: {source.pmid}" if source.pmid else "", source.pmcid]
    line = format_ama({name: value for name, value in csl.items() if name not in ("URL", "accessed")})
    return " ".join(filter(None, [line, *(numbers if not source.doi else [])]))


def compare(source: Source, record: Record) -> list[Detail]:
    """The details that either has, in the order of the form."""
    found = _stated(record)
    details = [Detail(_label(name), _said(source, name), _said(Source(**found), name, found)) for name in TAKEN]
    return [detail for detail in details if detail.now or detail.found]


def mark_of(source: Source, record: Record) -> str:
    """Of what is shown: another mark means that the record or what was found has changed since."""
    shown = [[getattr(source, name) for name in (*TAKEN, "status", "status_notice")], record.source_fields]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


@transaction.atomic
def fill(source: Source, record: Record, *, shown: str, by: User, now: datetime) -> Source:
    """Take over what was found; what nobody found stays. The status is taken as by the daily check.

    `shown`: the mark of what the person saw. Raises SourceChanged, NotFilled.
    """
    row = Source.objects.select_for_update().get(pk=source.pk)
    if row.merged_into or mark_of(row, record) != shown:
        raise SourceChanged(f"“{row}” has changed meanwhile, so nothing was replaced. Look it up again.")
    for name, value in _stated(record).items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise NotFilled(" ".join(error.messages)) from error
    with LogContext(user=by):
        row.save()
        checking.take(row, record, now=now, is_complete=_have_all_answered(row, record))
        row.save_revision(user=by, log_action=True, clean=False)
    return row


def _stated(record: Record) -> dict[str, str]:
    """{field: what was found}; a kind of study that nobody named is none."""
    found = {name: value for name, value in record.source_fields.items() if name in TAKEN and value}
    return {name: value for name, value in found.items() if (name, value) != ("design", StudyDesign.OTHER)}


def _have_all_answered(source: Source, record: Record) -> bool:
    named = {service.lower() for service, identifier, _ in checking.SERVICES if getattr(source, identifier)}
    return {service for service in named if is_on(service.upper())} <= set(record.asked)


def _label(name: str) -> str:
    label = str(cast(Any, Source._meta.get_field(name)).verbose_name)
    return label[:1].upper() + label[1:]


def _said(source: Source, name: str, found: dict[str, str] | None = None) -> str:
    if found is not None and name not in found:
        return ""
    in_words = getattr(source, f"get_{name}_display", None)
    return str(in_words() if in_words else getattr(source, name))

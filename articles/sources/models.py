"""A source: one bibliographic record, and what kind of study it reports."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.models import RevisionMixin
from wagtail.search import index

from articles.record.vocabulary import SourceDecision, SourceStatus, StudyDesign
from articles.sources.dates import read_date, tidy_date
from articles.sources.duplicates import refusals
from articles.sources.identifiers import normalize_doi, normalize_pmcid, normalize_pmid
from articles.sources.lookup.records import CROSSREF, PUBMED, Record
from articles.sources.names import read_names, tidy_authors


class SourceType(models.TextChoices):
    """CSL item types that medical references use; values are CSL's. Source: CSL 1.0.2, appendix III."""

    ARTICLE_JOURNAL = "article-journal", "Journal article"
    WEBPAGE = "webpage", "Web page"
    BOOK = "book", "Book"
    CHAPTER = "chapter", "Book chapter"
    REPORT = "report", "Report or guideline"
    THESIS = "thesis", "Thesis"
    DATASET = "dataset", "Data set"
    PAPER_CONFERENCE = "paper-conference", "Conference paper"


class Verifier(models.TextChoices):
    """Who a source's details were compared with."""

    CROSSREF = CROSSREF, "Crossref"
    PUBMED = PUBMED, "PubMed"


PRINTED = (
    *("csl_type", "title", "authors", "container_title", "publisher", "issued", "volume", "issue", "pages"),
    *("doi", "pmid", "pmcid"),
)  # what a look-up states and references print
SEARCHED = ("title", "authors", "container_title", "publisher", "issued", "doi", "pmid", "pmcid")


class Source(RevisionMixin, index.Indexed, models.Model):
    """A work that articles cite. One source is one reference, however often it is cited."""

    source_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    csl_type = models.CharField("type", max_length=32, choices=SourceType.choices, default=SourceType.ARTICLE_JOURNAL)
    title = models.CharField(
        max_length=1000, help_text="The title of the work itself, not of the web page that mentions it."
    )
    authors = models.TextField(
        blank=True,
        help_text="Write one author per line: Family, Given names. Write an organization without a comma.",
    )
    container_title = models.CharField(
        "journal or site",
        max_length=500,
        blank=True,
        help_text="The journal, book or website that published the work.",
    )
    publisher = models.CharField(max_length=500, blank=True, help_text="The publisher's name as readers know it.")
    issued = models.CharField(
        "published on",
        max_length=10,
        blank=True,
        help_text="As exactly as you know it: 2015, 2015-10 or 2015-10-13.",
    )
    volume = models.CharField(max_length=32, blank=True)
    issue = models.CharField(max_length=32, blank=True)
    pages = models.CharField(
        max_length=64, blank=True, help_text="The pages or the article number, for example e152-e162."
    )
    doi = models.CharField("DOI", max_length=255, blank=True, db_index=True, help_text="For example 10.1038/srep14959.")
    pmid = models.CharField(
        "PMID", max_length=16, blank=True, db_index=True, help_text="The number in PubMed, for example 26456465."
    )
    pmcid = models.CharField("PMCID", max_length=16, blank=True)
    url = models.URLField("web address", max_length=1000, blank=True, help_text="Needed only if the work has no DOI.")
    accessed_on = models.DateField(null=True, blank=True, help_text="For web pages, the day on which you read it.")
    design = models.CharField(
        "study design",
        max_length=32,
        choices=StudyDesign.choices,
        default=StudyDesign.OTHER,
        help_text="The kind of study. This does not say how certain its findings are.",
    )
    status = models.CharField(max_length=32, choices=SourceStatus.choices, default=SourceStatus.STANDING)
    status_notice = models.CharField(
        "notice",
        max_length=255,
        blank=True,
        help_text="The DOI or PMID of the publisher's notice. If a newer version replaces the work, that version's.",
    )
    status_said_by = models.CharField(max_length=16, blank=True, choices=Verifier.choices, editable=False)
    decision = models.CharField(max_length=16, blank=True, choices=SourceDecision.choices, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    verified_from = models.CharField(max_length=16, blank=True, choices=Verifier.choices, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="merged"
    )

    _verified: tuple[str, ...] | None = None  # the details that `verify` was asked about and nobody has saved yet
    _said: tuple[str, str] | None = None  # the status that `say` took and nobody has saved yet

    search_fields = [
        *(index.SearchField(name) for name in SEARCHED),
        *(index.AutocompleteField(name) for name in SEARCHED),
        index.FilterField("design"),
        index.FilterField("status"),
        index.FilterField("merged_into"),
    ]

    class Meta:
        ordering = ["title", "pk"]
        permissions = [("question_source", "Can say that a source was retracted or is questioned, or stands again")]

    def __str__(self) -> str:
        return f"{self.short}: {self.title}" if self.short else self.title

    def save(self, *args, **kwargs) -> None:
        """Who verified the details is forgotten where they were changed without `verify`, and who said the status
        where it was changed without `say`. A decision holds until the status or its notice changes. What becomes of a
        work becomes of all its records, since signed texts name any of them."""
        stored = self._stored()
        if self.verified_at and self._printed() != self._verified and not self._is_as(stored):
            self.verified_at, self.verified_from = None, ""
        is_same = stored is not None and stored._standing() == self._standing()
        self.decision = stored.decision if stored and is_same else ""
        if self._said != self._standing():
            self.status_said_by = stored.status_said_by if stored and is_same else ""
        if (names := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*names, "verified_at", "verified_from", "decision", "status_said_by"}
        with transaction.atomic():  # with the event of a changed status
            super().save(*args, **kwargs)
            for other in self.merged.all():
                other.follow(self)
        self._verified = self._said = None

    def with_content_json(self, content: dict[str, Any]) -> "Source":
        """An earlier version of the record, which is merged or not as it is today."""
        return cast(Source, super().with_content_json(content | {"merged_into": self.merged_into_id}))

    def clean(self) -> None:
        """Brings what can be read into one form. Raises ValidationError, with an example, at each other field, and at
        an identifier that another record has."""
        super().clean()
        errors: dict[str, str] = {}
        self.status_notice = "" if self.status == SourceStatus.STANDING else self.status_notice
        for field, tidy in TIDY.items():
            try:
                setattr(self, field, tidy(getattr(self, field)))
            except ValueError as error:
                errors[field] = str(error)
        if errors := errors or refusals(self, self._stored()):
            raise ValidationError(errors)

    @property
    def kept(self) -> "Source":
        """The record that stands for this work: this one, or the one that it was merged into."""
        return self.merged_into or self

    @property
    def keys(self) -> set[int]:
        """By which drafts name this work: its own key, and those of the records that were merged into it."""
        return {self.pk, *(row.pk for row in self.merged.all())}

    @property
    def short(self) -> str:
        """“Pasricha 2021, Lancet”, as far as it is known; "" if neither who nor when nor where is."""
        first = next(iter(read_names(self.authors)), {})
        who, where = first.get("family") or first.get("literal", ""), self.container_title or self.publisher
        where = where if where != who else ""
        return ", ".join(filter(None, [f"{who} {self.issued[:4]}".strip(), where.removeprefix("The ")]))

    def verify(self, record: Record, *, at: datetime) -> bool:
        """Whether the details are the record's, as far as it states them; the next save notes that, and since when."""
        stated = {name: value for name, value in record.source_fields.items() if value and name in PRINTED}
        if any(getattr(self, name) != value for name, value in stated.items()):
            return False
        self.verified_at, self.verified_from, self._verified = at, record.origin, self._printed()
        return True

    def say(self, record: Record) -> None:
        """Take the status from a record; the next save notes who said it."""
        self.status, self.status_notice, self.status_said_by = record.status, record.status_notice, record.origin
        self._said = self._standing()

    def follow(self, other: "Source") -> None:
        """Take the status of another record of the same work."""
        if self._standing() != other._standing():
            self.status, self.status_notice, self.status_said_by = (
                other.status,
                other.status_notice,
                other.status_said_by,
            )
            self._said = self._standing()
            self.save(update_fields=["status", "status_notice"])

    @property
    def csl(self) -> dict:
        """The work as a CSL-JSON item; empty fields are left out. Source: CSL-JSON schema 1.0.2."""
        item = {
            "id": str(self.source_id),
            "type": self.csl_type,
            "title": self.title,
            "author": read_names(self.authors),
            "container-title": self.container_title,
            "publisher": self.publisher,
            "issued": _date_parts(self.issued),
            "volume": self.volume,
            "issue": self.issue,
            "page": self.pages,
            "DOI": self.doi,
            "PMID": self.pmid,
            "PMCID": self.pmcid,
            "URL": self.url,
            "accessed": _date_parts(self.accessed_on.isoformat() if self.accessed_on else ""),
        }
        return {key: value for key, value in item.items() if value}

    def _printed(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in PRINTED)

    def _standing(self) -> tuple[str, str]:
        return str(self.status), self.status_notice

    def _is_as(self, row: "Source | None") -> bool:
        """Whether the row has these details, verified by the same at the same time."""
        verified = self.verified_at, self.verified_from
        return row is not None and (row._printed(), row.verified_at, row.verified_from) == (self._printed(), *verified)

    def _stored(self) -> "Source | None":
        return Source.objects.filter(pk=self.pk).first() if self.pk else None


def _date_parts(text: str) -> dict | None:
    parts = read_date(text)
    return {"date-parts": [parts]} if parts else None


def _tidy_doi(text: str) -> str:
    if text and not normalize_doi(text):
        raise ValueError("A DOI begins with 10., for example 10.1038/srep14959.")
    return normalize_doi(text)


def _tidy_pmid(text: str) -> str:
    if text and not normalize_pmid(text):
        raise ValueError("A PMID is a number, for example 26456465.")
    return normalize_pmid(text)


def _tidy_pmcid(text: str) -> str:
    if text and not normalize_pmcid(text):
        raise ValueError("A PMCID is PMC and a number, for example PMC4601261.")
    return normalize_pmcid(text)


def _tidy_notice(text: str) -> str:
    if text and not (tidied := normalize_pmid(text) or normalize_doi(text)):
        raise ValueError("Enter the DOI or the PMID of the notice, for example 10.1038/srep14959 or 26456465.")
    return tidied if text else ""


TIDY: dict[str, Callable[[str], str]] = {
    "authors": tidy_authors,
    "issued": tidy_date,
    "doi": _tidy_doi,
    "pmid": _tidy_pmid,
    "pmcid": _tidy_pmcid,
    "status_notice": _tidy_notice,
}

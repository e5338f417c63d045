"""A source: one bibliographic record, and what kind of study it reports."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.models import RevisionMixin
from wagtail.search import index

from articles.record.vocabulary import SourceStatus, StudyDesign
from articles.sources.identifiers import normalize_doi, normalize_pmid


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

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("authors"),
        index.SearchField("container_title"),
        index.SearchField("publisher"),
        index.FilterField("design"),
        index.FilterField("status"),
    ]

    class Meta:
        ordering = ["title", "pk"]
        permissions = [("question_source", "Can say that a source was retracted or is questioned, or stands again")]

    def __str__(self) -> str:
        label = self.container_title or self.publisher
        return f"{self.title} ({label})" if label else self.title

    def save(self, *args, **kwargs) -> None:
        with transaction.atomic():  # with the event of a changed status
            super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self._clean_identifiers()
        if self.issued and not _is_partial_date(self.issued):
            raise ValidationError({"issued": "Write the date as 2015, 2015-10 or 2015-10-13."})

    def _clean_identifiers(self) -> None:
        if self.doi and not (doi := normalize_doi(self.doi)):
            raise ValidationError({"doi": "A DOI begins with 10., for example 10.1038/srep14959."})
        if self.doi:
            self.doi = doi
        if self.pmid and not (pmid := normalize_pmid(self.pmid)):
            raise ValidationError({"pmid": "A PMID is a number, for example 26456465."})
        if self.pmid:
            self.pmid = pmid

    @property
    def csl(self) -> dict:
        """The work as a CSL-JSON item; empty fields are left out. Source: CSL-JSON schema 1.0.2."""
        item = {
            "id": str(self.source_id),
            "type": self.csl_type,
            "title": self.title,
            "author": [_name(line) for line in self.authors.splitlines() if line.strip()],
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


def _name(line: str) -> dict[str, str]:
    family, comma, given = (part.strip() for part in line.partition(","))
    return {"family": family, "given": given} if comma else {"literal": family}


def _date_parts(text: str) -> dict | None:
    return {"date-parts": [[int(part) for part in text.split("-")]]} if _is_partial_date(text) else None


def _is_partial_date(text: str) -> bool:
    parts = text.split("-")
    return len(parts) <= 3 and len(parts[0]) == 4 and all(part.isdigit() for part in parts)

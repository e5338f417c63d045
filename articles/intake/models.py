"""Tables of *Import in the admin*: a run, its files and articles, what editors taught, and page views.

What editors import is kept here until long after the draft was made: the original bytes, the text as it was read, and
the outline as the program and then the editor saw it. Outlines and blocks are JSON of `outline_json`.
"""

from typing import Any

from django.conf import settings
from django.db import models

from articles.intake.states import ArticleState, FileState, RunState
from articles.record.vocabulary import Aspect, SectionKind


class ImportRun(models.Model):
    """One import by one person: files, where the drafts go, and how fields of the old system are mapped.

    `mapping`: see `runs.mapping.Mapping`. `beat_at`: when the worker last did something for this run.
    """

    name = models.CharField(max_length=255)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    parent = models.ForeignKey("articles.ArticleIndexPage", null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=100)
    format = models.CharField(max_length=32, default="auto")
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.READING)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class ImportFile(models.Model):
    """A file that somebody dropped, or pasted text. `expected`: about how many articles it holds."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=16, choices=FileState.choices, default=FileState.WAITING)
    expected = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ImportChunk(models.Model):
    """A piece of an uploaded file, kept until the file is read: web and worker share no disk, but the database."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="chunks")
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["position"]


class ImportedArticle(models.Model):
    """One article of a file. With a `problem`, a sentence, it could not be read or drafted.

    `key` and `address` name it in the system that it comes from, the same in a later export. `edited` is the outline
    as an editor changed it; null while nobody has. `sections` to `risk` are what lists show and sort by (runs.summary).
    `revision` and `revision_sha256`: what the import wrote last of the draft; `drafted` is the digest of that outline.
    `earlier`: the row of an earlier run that made the draft which this one updates. `links`: paths of the old site to
    which the text links. Of what the import wrote last: `linked`: how many of these lead to articles here; `lacking`:
    how many pictures did not come.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="articles")
    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="articles")
    position = models.PositiveIntegerField()
    origin = models.JSONField(default=dict)
    key = models.CharField(max_length=500, blank=True, db_index=True)
    address = models.CharField(max_length=500, blank=True, db_index=True)
    original = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    blocks = models.JSONField(default=list)
    outline = models.JSONField(null=True)
    edited = models.JSONField(null=True)
    title = models.CharField(max_length=255, blank=True)
    language = models.CharField(max_length=100)
    warnings = models.JSONField(default=list)
    shortcodes = models.JSONField(default=list)
    links = models.JSONField(default=list)
    linked = models.PositiveIntegerField(default=0)
    lacking = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=16, choices=ArticleState.choices, default=ArticleState.READ)
    problem = models.TextField(blank=True)
    sections = models.PositiveIntegerField(default=0)
    lowest = models.FloatField(default=1.0)
    doses = models.PositiveIntegerField(default=0)
    substances = models.PositiveIntegerField(default=0)
    risk = models.FloatField(default=0.0)
    draft = models.ForeignKey("articles.ArticlePage", null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveBigIntegerField(null=True)
    revision_sha256 = models.CharField(max_length=64, blank=True)
    drafted = models.CharField(max_length=64, blank=True)
    earlier = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["file", "position"]
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="imported_article_once")]
        indexes = [models.Index(fields=["run", "state"], name="imported_article_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def shown(self) -> Any:
        """The outline that counts, as JSON."""
        return self.edited or self.outline


class ImportedHeading(models.Model):
    """A section's heading in the outline that counts: for finding the same heading elsewhere, and for counting.

    `is_by_hand`: an editor changed this very part.
    """

    article = models.ForeignKey(ImportedArticle, on_delete=models.CASCADE, related_name="headings")
    key = models.CharField(max_length=255)
    text = models.CharField(max_length=255)
    kind = models.CharField(max_length=16, choices=SectionKind.choices)
    aspect = models.CharField(max_length=16, choices=Aspect.choices, blank=True)
    confidence = models.FloatField()
    is_by_hand = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["key"], name="imported_heading_key")]


class ImportedPicture(models.Model):
    """An image that came with the article. `name` is what a block's `picture` says."""

    article = models.ForeignKey(ImportedArticle, on_delete=models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=1000)
    data = models.BinaryField()


class SentPicture(models.Model):
    """A picture that lies beside the texts of a run, by its path in a ZIP file. `name`: see `beside.name_of`."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="sent")
    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="sent")
    path = models.CharField(max_length=1000)
    name = models.CharField(max_length=255)
    data = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["run", "name"], name="sent_picture_name")]


class TaughtHeading(models.Model):
    """The kind that an editor gave to a heading of this house: right the next time, in this language."""

    key = models.CharField(max_length=255)
    language = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=SectionKind.choices)
    aspect = models.CharField(max_length=16, choices=Aspect.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["language", "key"]
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="taught_heading_once")]


class PageViews(models.Model):
    """How often readers opened an old address: {path: views}, for the order of the queue."""

    address = models.CharField(max_length=500, unique=True)
    views = models.PositiveBigIntegerField()

    class Meta:
        verbose_name_plural = "page views"

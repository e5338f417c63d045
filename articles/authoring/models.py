"""The article as editors write it: fields and panels, no rules. What may be published is decided elsewhere."""

import uuid
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import Textarea
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, Revision
from wagtail.search import index

from articles.authoring.blocks.article import ArticleBody
from articles.authoring.blocks.codes import CodeBlock, SubstanceBlock
from articles.authoring.blocks.media import DECORATIVE
from articles.authoring.characters import clean_words
from articles.authoring.guarded import Guarded
from articles.authoring.images import copy_words_of_pictures
from articles.authoring.page_form import ArticleForm
from articles.authoring.unknown_blocks import require_none_lost
from articles.record.models import SignOff
from articles.record.vocabulary import AiUse, ArticleType, Audience

# What an article says, beside its rows: cleaned of invisible characters whenever it is saved.
WORDS = (
    *("title", "synonyms", "summary", "sponsorship", "ai_tool", "change_note", "seo_title", "search_description"),
    *("hero_alt", "hero_credit", "social_image_alt", "social_image_credit"),
)
STREAMS = ("body", "codes", "substances")


LONGEST_SYNONYM = 120


def require_short_lines(text: str) -> None:
    """Raises ValidationError naming the line that is no name any more."""
    for line in text.splitlines():
        if len(line.strip()) > LONGEST_SYNONYM:
            raise ValidationError(f"Shorten “{line.strip()[:40]}…” to {LONGEST_SYNONYM} characters.")


class ArticleIndexPage(Guarded):
    """The folder that articles stand in. It has no content of its own."""

    subpage_types = ["articles.ArticlePage"]
    parent_page_types = ["wagtailcore.Page"]
    settings_panels: ClassVar[list] = []
    preview_modes: ClassVar[list] = []

    class Meta:
        verbose_name = "article index"


class ArticlePage(Guarded):
    """One article in one language. Readers never get this row: they get what was signed (articles.record)."""

    article_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article_type = models.CharField(
        max_length=16,
        choices=ArticleType.choices,
        default=ArticleType.EXPLAINER,
        help_text="What the article covers, such as a condition or a medicine. Policies and apps use this.",
    )
    audience = models.CharField(max_length=16, choices=Audience.choices, default=Audience.PATIENT)
    summary = models.TextField(
        max_length=300,
        blank=True,
        help_text="The main message in one or two sentences. Lists and search results show it.",
    )
    synonyms = models.TextField(
        blank=True,
        validators=[require_short_lines],
        help_text="Other names that readers may type to find this article, one on each line: everyday names, "
        "abbreviations, brand names, common misspellings. For alopecia areata, for example: spot baldness. "
        "Search treats them like the title.",
    )
    codes = StreamField([("code", CodeBlock())], blank=True, help_text="Codes for what the article is about.")
    substances = StreamField(
        [("substance", SubstanceBlock())],
        blank=True,
        help_text="The medicines and supplements that the article is about.",
    )
    sponsorship = models.TextField(
        max_length=600,
        blank=True,
        help_text="Name everyone who paid for the article or supplied something for it. Readers see this text. "
        "Leave empty if there was no sponsor.",
    )
    ai_use = models.CharField(
        "use of AI",
        max_length=16,
        choices=AiUse.choices,
        blank=True,
        help_text="How AI tools were used for this text. The clinician signs it, and readers see it.",
    )
    ai_tool = models.CharField(
        "AI tool",
        max_length=120,
        blank=True,
        help_text="The tool and its version, if one was used. Readers see it.",
    )
    hero = models.ForeignKey(
        "articles.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="hero image",
    )
    hero_decorative = models.BooleanField("the hero image is decorative", default=False, help_text=DECORATIVE)
    hero_alt = models.CharField(
        "alternative text of the hero image",
        max_length=255,
        blank=True,
        help_text="Describe the picture for people who cannot see it. Copied from the image library when you choose "
        "the picture.",
    )
    hero_credit = models.CharField("credit of the hero image", max_length=255, blank=True)
    policy = models.ForeignKey(
        "articles.Policy",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"kind": "medical"},
        help_text="The policy decides who must sign the medical part. Leave empty to use the default policy.",
    )
    social_image = models.ForeignKey(
        "articles.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    social_image_alt = models.CharField("alternative text of the social image", max_length=255, blank=True)
    social_image_credit = models.CharField("credit of the social image", max_length=255, blank=True)
    change_note = models.CharField(
        max_length=500,
        blank=True,
        help_text="From the second edition on, tell readers what changed, for example “Adds a 2025 trial.” "
        "A change with a note is a material change.",
    )
    is_correction = models.BooleanField(
        "this is a correction",
        default=False,
        help_text="Tick this if the published article was wrong. "
        "The change note then appears above the article, with its date.",
    )
    is_editorial = models.BooleanField(
        "only the wording changed",
        default=False,
        help_text="Tick this to propose an editorial change. Readers are not told about it, so leave the change note "
        "empty. A clinician must still sign the text and this choice, but no editor has to sign the medical part.",
    )
    intake = models.JSONField(default=dict, blank=True, editable=False)
    # Where an imported article was before: {key, address, slug, published_at, modified_at, authors, categories, …}.
    legacy = models.JSONField(default=dict, blank=True, editable=False)
    body = StreamField(ArticleBody(), blank=True)

    parent_page_types = ["articles.ArticleIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    exclude_fields_in_copy = ["article_id", "legacy", "ai_use", "ai_tool"]  # of a copy it is declared anew
    base_form_class = ArticleForm
    template = "articles/preview.html"

    search_auto_update = False  # the worker writes the index (admin/editor/search.py)
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("synonyms", heading="Other names", widget=Textarea(attrs={"rows": 3})),
        FieldPanel("body"),
    ]
    facts_panels = [
        MultiFieldPanel([FieldPanel("article_type"), FieldPanel("audience")], "Kind"),
        FieldPanel("codes"),
        FieldPanel("substances"),
        FieldPanel("sponsorship"),
        MultiFieldPanel([FieldPanel("ai_use"), FieldPanel("ai_tool")], "Use of AI"),
        FieldPanel("policy"),
        MultiFieldPanel(
            [FieldPanel("change_note"), FieldPanel("is_correction"), FieldPanel("is_editorial")],
            "What changes for readers",
        ),
    ]
    presentation_panels = [
        MultiFieldPanel(
            [FieldPanel("hero"), FieldPanel("hero_decorative"), FieldPanel("hero_alt"), FieldPanel("hero_credit")],
            "Hero image",
        ),
        MultipleChooserPanel("authors", chooser_field_name="person", label="Author", heading="Byline"),
        MultipleChooserPanel("disclaimers", chooser_field_name="disclaimer", label="Disclaimer", heading="Disclaimers"),
        MultipleChooserPanel("related", chooser_field_name="article", label="Article", heading="Related articles"),
        MultiFieldPanel(
            [
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("social_image"),
                FieldPanel("social_image_alt"),
                FieldPanel("social_image_credit"),
            ],
            "Search engines and social networks",
        ),
    ]
    filing_panels = [
        FieldPanel("slug"),
        MultipleChooserPanel("topics", chooser_field_name="topic", label="Topic", heading="Topics"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading="Article"),
            ObjectList(facts_panels, heading="Facts"),
            ObjectList(presentation_panels, heading="Presentation"),
            ObjectList([*filing_panels, CommentPanel()], heading="Filing"),
        ]
    )

    class Meta:
        verbose_name = "article"
        permissions = [
            ("withdraw_article", "Can withdraw an article"),
            ("refile_article", "Can change an article's address and topics for readers"),
            ("schedule_article", "Can schedule when an article is published or withdrawn"),
            ("emergency_article", "Can publish an article in an emergency, by a clinician's signature alone"),
            ("notice_article", "Can put a safety notice on articles, and lift it"),
            ("void_article", "Can void a sign-off of an article"),
            ("assign_article", "Can ask a reviewer to sign an article"),
            ("report_article", "Can see reports on reviews, sign-offs and the ledger"),
        ]

    def __init__(self, *args, **kwargs):
        """A new article is a draft: Wagtail's own default is live. Rows of the database come as positional values."""
        super().__init__(*args, **({} if args else {"live": False}) | kwargs)

    @transaction.atomic
    def save_revision(self, *args, overwrite_revision=None, **kwargs):
        """As Wagtail's, but what is or was under review, or was signed, is never overwritten in place.

        The page is locked before its revisions, as publishing does it, so that nobody waits in a circle.

        Raises UnknownBlock where saving would lose a block that this version does not know.
        """
        locked = ArticlePage.objects.select_for_update().filter(pk=self.pk)
        locked.values_list("pk", "title").first()  # of both tables
        before = self.latest_revision.content if self.latest_revision_id else {}
        if before:
            require_none_lost(before)
        if overwrite_revision is not None and self._is_kept(overwrite_revision):
            overwrite_revision = None
        clean_words(self, WORDS, STREAMS)
        copy_words_of_pictures(self, before)
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    def _is_kept(self, revision: Revision) -> bool:
        """Whether somebody was asked to sign this saved state, reads it now, or may have signed it."""
        if self.workflow_in_progress or revision.task_states.exists():
            return True
        return SignOff.objects.filter(subject=self.article_id, signed_at__gte=revision.created_at).exists()


class ArticleAuthor(Orderable):
    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey("articles.Person", on_delete=models.CASCADE, related_name="+")


class ArticleDisclaimer(Orderable):
    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="disclaimers")
    disclaimer = models.ForeignKey("articles.Disclaimer", on_delete=models.PROTECT, related_name="+")


class ArticleTopic(Orderable):
    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="topics")
    topic = models.ForeignKey("articles.Topic", on_delete=models.CASCADE, related_name="+")


class RelatedArticle(Orderable):
    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related")
    article = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="+")

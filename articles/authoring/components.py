"""Components: small texts that many articles share, signed on their own. The row is the working copy;
readers get the component's current edition from the record."""

import uuid
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import Truncator
from wagtail.blocks import CharBlock, ChoiceBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import RevisionMixin
from wagtail.search import index

from articles.authoring.blocks.codes import CodeBlock
from articles.authoring.characters import clean_words
from articles.authoring.rich_text.features import COMPONENT_FEATURES
from articles.authoring.rules import require_not_read
from articles.record.delivery.content.section_media import offer_href
from articles.record.vocabulary import Purpose, RegulatoryStatus, TargetType

LONGEST_SHOWN = 40  # characters of a target in a chooser
TARGET_PREFIX = {TargetType.HTTPS: "https://", TargetType.TEL: "+", TargetType.MAILTO: "", TargetType.APP: ""}


class Component(RevisionMixin, index.Indexed, models.Model):
    """What both kinds have: an id that stays, and a name for editors."""

    words: ClassVar[tuple[str, ...]] = ()  # the fields that readers see

    component_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=255, help_text="A name for editors to find it by. Readers never see it.")
    policy = models.ForeignKey(
        "articles.Policy",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The policy decides who must sign this. Leave empty to use the default policy.",
    )

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        abstract = True
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        clean_words(self, self.words)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Raises StillRead while articles that readers get show it."""
        require_not_read(self)
        return super().delete(*args, **kwargs)


class Offer(Component):
    """A call to action that articles show in their slots (`cta` sections)."""

    subject_kind = "offer"
    words = ("label", "text", "disclosure")

    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.CONSULTATION)
    label = models.CharField(
        max_length=80, blank=True, help_text="The text of the button, for example “Book a consultation”."
    )
    target_type = models.CharField(max_length=8, choices=TargetType.choices, default=TargetType.HTTPS)
    target = models.CharField(
        max_length=1000,
        blank=True,
        help_text="Where the button leads: https://…, +44 20 …, an email address, or a screen of the app.",
    )
    text = models.TextField(
        max_length=600,
        blank=True,
        help_text="One or two sentences shown beside the button. Make no medical claims here.",
    )
    disclosure = models.TextField(
        max_length=600,
        blank=True,
        help_text="Say who makes this offer and who profits from it. Required for prescription products.",
    )
    is_prescription = models.BooleanField(
        "prescription product",
        default=False,
        help_text="Tick this if the offer leads to a medicine that needs a prescription.",
    )
    scope_codes = StreamField(
        [("code", CodeBlock())],
        blank=True,
        verbose_name="codes",
        help_text="Show the offer only in articles with one of these codes. Leave empty to allow any code.",
    )
    scope_statuses = StreamField(
        [("status", ChoiceBlock(choices=RegulatoryStatus.choices))],
        blank=True,
        verbose_name="regulatory statuses",
        help_text="Show the offer only in articles whose substances all have one of these statuses. "
        "Leave empty to allow any status.",
    )
    scope_markets = StreamField(
        [("market", CharBlock(max_length=2, help_text="Two-letter country code, for example US."))],
        blank=True,
        verbose_name="markets",
        help_text="Only readers in these markets get the offer, and only in articles about them. Leave empty to allow "
        "all markets.",
    )

    def __str__(self) -> str:
        """Its name, and by what people tell it from another of that name: its purpose, and where it leads."""
        leads_to = Truncator(self.target.removeprefix(TARGET_PREFIX[TargetType.HTTPS])).chars(LONGEST_SHOWN)
        return f"{self.name} ({', '.join(filter(None, [self.get_purpose_display().lower(), leads_to]))})"

    def clean(self) -> None:
        super().clean()
        prefix = TARGET_PREFIX[TargetType(self.target_type)]
        if self.target and not self.target.startswith(prefix):
            raise ValidationError({"target": f"A target of this type must begin with {prefix}"})
        if self.target and not offer_href({"type": self.target_type, "value": self.target}):
            raise ValidationError(
                {"target": "This is not a valid address of that type. Write it in full, without spaces."}
            )


class Disclaimer(Component):
    """A text that must stand beside articles, for example: general information, no medical advice."""

    subject_kind = "disclaimer"
    words = ("text",)

    text = RichTextField(features=COMPONENT_FEATURES, help_text="The text as readers see it. A clinician must sign it.")

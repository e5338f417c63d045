"""Who must sign, who contributed, what was asked and answered: tables only."""

import uuid

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst

from articles.record.vocabulary import (
    AfterGrace,
    ArticleType,
    DeclineReason,
    DocumentKind,
    Role,
    SubjectKind,
    SuggestionState,
)

GOVERNED = [choice for choice in DocumentKind.choices if choice[0] != DocumentKind.NOTICE]


class ChoicesField(models.JSONField):
    """Several values of a closed list, as a JSON list; ticked in forms."""

    def formfield(self, **options):
        return forms.MultipleChoiceField(
            choices=ArticleType.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=options.get("label", capfirst(self.verbose_name)),
            help_text=str(self.help_text),
        )


class Policy(models.Model):
    """Which signatures a part or a component needs, and how long a review lasts.

    It applies as the default of its kind, by an article's type or topic, or by choice; of several the strictest wins.
    Only the group Medical leads edits policies. The database refuses a policy that asks for nobody,
    and one for medical text that asks for no clinician.
    """

    policy_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=255, unique=True)
    kind = models.CharField(
        "for", max_length=16, choices=GOVERNED, help_text="The kind of text that this policy is for."
    )
    is_default = models.BooleanField("default of its kind", default=False)
    article_types = ChoicesField(
        "article types", default=list, blank=True, help_text="The policy applies to every article of these types."
    )
    topics = models.ManyToManyField(
        "articles.Topic",
        blank=True,
        related_name="+",
        verbose_name="topics",
        help_text="The policy applies to every article under one of these topics.",
    )
    editor = models.PositiveSmallIntegerField("editors", default=1, help_text="How many editors must sign.")
    medical = models.PositiveSmallIntegerField(
        "medical reviewers", default=0, help_text="How many clinicians must sign."
    )
    legal = models.PositiveSmallIntegerField("legal reviewers", default=0)
    commercial = models.PositiveSmallIntegerField("commercial reviewers", default=0)
    specialty = models.CharField(
        max_length=255,
        blank=True,
        help_text="Only clinicians of this specialty count. Separate several with semicolons; any of them counts. "
        "Leave empty to accept every clinician.",
    )
    is_one_enough = models.BooleanField(
        "one clinician is enough for editorial changes",
        default=False,
        help_text="If only the wording changed, one clinician of any specialty signs, and nobody else.",
    )
    interval_months = models.PositiveSmallIntegerField(
        "months between reviews", default=36, help_text="For articles that name no medicine or treatment."
    )
    risk_interval_months = models.PositiveSmallIntegerField(
        "months between reviews, with medicines",
        default=12,
        help_text="For articles that name a medicine or treatment.",
    )
    grace_days = models.PositiveSmallIntegerField(
        "grace period in days", default=90, help_text="Days after the review date before the consequence below applies."
    )
    after_grace = models.CharField(
        "after the grace period", max_length=16, choices=AfterGrace.choices, default=AfterGrace.BANNER
    )
    escalate_days = models.PositiveSmallIntegerField(
        "days until escalation",
        default=3,
        help_text="The leads are notified when nobody has taken a review for this many days.",
    )

    class Meta:
        ordering = ["kind", "name"]
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(
                condition=Q(editor__gt=0) | Q(medical__gt=0) | Q(legal__gt=0) | Q(commercial__gt=0),
                name="policy_asks_for_somebody",
                violation_error_message="A policy needs at least one signature.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[DocumentKind.MEDICAL, DocumentKind.DISCLAIMER]) | Q(medical__gt=0),
                name="policy_of_medical_text_asks_for_a_clinician",
                violation_error_message="Medical text needs at least one clinician's signature.",
            ),
            models.CheckConstraint(
                condition=Q(interval_months__gte=1) & Q(risk_interval_months__gte=1),
                name="policy_review_lasts_a_month",
                violation_error_message="A review lasts at least one month.",
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(is_default=True), name="policy_one_default_of_a_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    def signatures(self) -> dict[str, int]:
        """{role: how many}, only roles that are asked for, editors first."""
        return {role: count for role in Role.values if (count := getattr(self, role))}


class Contribution(models.Model):
    """Somebody changed what a part, a component or a note to readers says, or what is printed of a source, an image or
    a person (`part` is empty): they may not sign it (four_eyes).

    `subject`: a UUID, or an image's SHA-256. `digest`: of what they left. `user_key` is None for the system.
    """

    subject = models.CharField(max_length=72)
    part = models.CharField(max_length=16, blank=True)
    user_key = models.PositiveBigIntegerField(null=True)
    revision = models.PositiveBigIntegerField(null=True)
    digest = models.CharField(max_length=72, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(F("subject"), F("part"), F("id"), name="contribution_lookup")]


class WrittenPiece(models.Model):
    """Somebody worked on a part when a piece of it was written: where the piece comes back, they may not sign it.

    `mark`: a hash or a key (four_eyes); no word stands here.
    """

    subject = models.CharField(max_length=72)
    part = models.CharField(max_length=16)
    mark = models.CharField(max_length=72, db_index=True)
    user_key = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "part", "mark", "user_key"], name="written_piece_once")
        ]


class OpenNeed(models.Model):
    """A role whose signature a text lacks and is asked for; a pool of people can give it, until somebody takes it.

    `lacking`: [{part, specialty, count, barred: [keys of logins that are not asked]}]. `is_edition`: it is about the
    edition that readers get, not the draft. `obstacle`: why nobody can sign the text as it is. `uses`: ids of the
    sources, images and people that it names. `target`: key of the page or component. Only needs/table.py writes it.
    """

    subject_kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    subject = models.UUIDField()
    role = models.CharField(max_length=16, choices=Role.choices)
    is_edition = models.BooleanField(default=False)
    target = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=16, blank=True)
    title = models.CharField(max_length=255, blank=True)
    minutes = models.PositiveIntegerField(default=1)
    policies = models.JSONField(default=list)
    lacking = models.JSONField(default=list)
    uses = models.JSONField(default=list)
    obstacle = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    escalate_days = models.PositiveSmallIntegerField(default=0)
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "role"], condition=Q(closed_at=None), name="open_need_one_of_a_role"
            )
        ]

    @property
    def key(self) -> tuple[uuid.UUID, str]:
        return self.subject, self.role


class Decline(models.Model):
    """Somebody was asked and said no, why, and about which text (`digests`: {part: digest})."""

    subject_kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    subject = models.UUIDField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices)
    reason = models.CharField(max_length=32, choices=DeclineReason.choices)
    comment = models.TextField(blank=True, max_length=1000)
    digests = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class ChangeRequest(models.Model):
    """A reviewer asks for changes: why, and about which text (`digests`: {part: digest})."""

    subject_kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    subject = models.UUIDField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices)
    reason = models.TextField(max_length=4000)
    digests = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Suggestion(models.Model):
    """Other words for a passage. An editor's acceptance makes them the editor's change, not the reviewer's.

    `section` is the block's id; `before` stands in it once, as people read it.
    """

    article = models.UUIDField(db_index=True)
    section = models.CharField(max_length=64)
    before = models.TextField()
    after = models.TextField(blank=True)
    comment = models.TextField(blank=True, max_length=1000)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]


class Mail(models.Model):
    """A letter, written with what it tells of, in the same transaction, and sent after it (outbox).

    `key` says what it is about and to whom; a second one of the same key is not written. The letters of one `batch`
    are sent by one task. `failure`: why it was not sent yet.
    """

    key = models.CharField(max_length=255, unique=True)
    batch = models.UUIDField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.EmailField()
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, db_index=True)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]


class Reminder(models.Model):
    """A step before or after the day on which a review falls due was reminded of, or overtaken by a later one.

    `step`: days from the due day, negative before it: -30, -7, 0, 7, 14, …
    """

    article = models.UUIDField()
    due_on = models.DateField()
    step = models.SmallIntegerField()
    is_overtaken = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["article", "due_on", "step"], name="reminder_once")]


class Step(models.TextChoices):
    EDITORIAL = "editorial", "Editorial check: editors sign"
    MEDICAL = "medical", "Medical review: clinicians and others sign"

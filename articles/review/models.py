"""The tables of the review: policies, contributions, open needs, answers of reviewers, translations, mail."""

import uuid

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractUser
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
    """Several values of a closed list, stored as a JSON list and shown as checkboxes."""

    def formfield(self, **options):
        return forms.MultipleChoiceField(
            choices=ArticleType.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=options.get("label", capfirst(self.verbose_name)),
            help_text=str(self.help_text),
        )


class Policy(models.Model):
    """The signatures that a part or a component needs, and how long a review lasts.

    A policy applies as the default of its kind, by an article's type or topic, or by choice. If several apply, the
    strictest wins. Only the group Medical leads edits policies. The database refuses a policy that requires no
    signature, and a policy for medical text that requires no clinician.
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
    needs_passkey = models.BooleanField(
        "medical reviewers need a passkey",
        default=False,
        help_text="A password is not enough for a medical reviewer's signature.",
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
        """{role: number of required signatures}, editors first, without roles that are not required."""
        return {role: count for role in Role.values if (count := getattr(self, role))}


class Contribution(models.Model):
    """A change of a part, a component or a note to readers, or (`part` is empty) of what is printed of a source, an
    image or a person. Its user may not sign the text (four_eyes).

    `subject`: a UUID, or an image's SHA-256. `digest`: after the change. `user_key` is None for the system.
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
    """A user worked on a part when a piece of it was written. If the piece is restored, the user may not sign it.

    `mark`: a hash or a key (four_eyes), never the text itself.
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
    """A missing signature in one role that is requested from a pool of people, or from the one assigned (`taker`).

    `lacking`: [{part, specialty, count, barred: [keys of logins that are not asked]}]. `is_edition`: it concerns the
    published edition, not the draft. `obstacle`: what keeps everyone from signing the text. `uses`: ids of the
    sources, images and people that it names. `target`: key of the page or component. `asked`: the person to whom the
    request was sent first, by rota or by who assigned it (needs/rota.py). Only needs/table.py writes the rest.
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
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    person_asked_at = models.DateTimeField(null=True)
    pool_told_at = models.DateTimeField(null=True)
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
    """A requested signature that a user declined, with the reason and the text (`digests`: {part: digest})."""

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
    """A reviewer's request for changes, with the reason and the text (`digests`: {part: digest})."""

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
    """Another value for a field, or something that is missing. If an editor accepts it, it is the editor's change.

    `section` is the block's id, "" for the article's own fields; `key` names the field in it (responses.fields), and
    `where` says the same in words. `before` and `after` are for people.

    `data` is empty for words: the field contains `before` exactly once. {from, to} are values as a form posts them, of
    a choice, a number or a tick. {add: {field: value}, id} is what is missing.
    """

    article = models.UUIDField(db_index=True)
    section = models.CharField(max_length=64, blank=True)
    key = models.TextField(blank=True)
    where = models.TextField(blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    comment = models.TextField(blank=True, max_length=1000)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    @property
    def is_words(self) -> bool:
        return not self.data

    @property
    def is_missing(self) -> bool:
        return "add" in self.data


class CommentedWords(models.Model):
    """The words that a comment of the sign-off page is about. Wagtail's comment has its text, author, time and answers,
    and says whether it is resolved, so that editors answer and resolve it in the editor.

    `section` is the block's id, "" for the article's own fields. Without `words` it is about the whole section.
    """

    # Without a way back: Wagtail saves a comment by the names of all fields that it sees.
    comment = models.OneToOneField("wagtailcore.Comment", on_delete=models.CASCADE, related_name="+")
    section = models.CharField(max_length=64, blank=True)
    words = models.TextField(blank=True)


class TranslationBase(models.Model):
    """The text of the original that a translation is up to date with: the one that it was made from, or with which
    somebody marked it as up to date. The latest row of a translation counts; none is changed.

    `article` and `original`: ids of articles. `is_first`: the translation was made from that text. `edition`: the
    number of the original's edition, or 0 for a draft of it. `digests`: {part: digest} of that text. `texts`: {part:
    document} of a draft; those of an edition are in the record.
    """

    article = models.UUIDField(db_index=True)
    original = models.UUIDField()
    edition = models.PositiveIntegerField(default=0)
    digests = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    is_first = models.BooleanField(default=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Mail(models.Model):
    """A letter, written in the transaction of the event that it reports, and sent after it (outbox).

    `key` identifies the topic and the recipient, and is unique, so no letter is written twice. One task sends the
    letters of one `batch`. `failure`: why the letter has not been sent.

    A letter without urgency has no batch. It waits until it becomes an item of a `digest`, which is the letter that is
    sent; its `text` holds the item's lines. `need` and `subject`: what it is about, to see whether that still holds.
    """

    key = models.CharField(max_length=255, unique=True)
    batch = models.UUIDField(null=True, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.EmailField()
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField(blank=True)
    link = models.TextField(blank=True)
    subject = models.UUIDField(null=True)
    need = models.ForeignKey(OpenNeed, null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="items")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, db_index=True)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["user"], condition=Q(batch=None, digest=None, failure=""), name="mail_waiting_for_digest"
            )
        ]


class LetterChoice(models.Model):
    """The topics (`LetterTopic`) that a person does not want in the daily digest. Without a row, all are wanted."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letter_choice")
    unwanted = models.JSONField(default=list)

    @classmethod
    def unwanted_by(cls, user: AbstractUser) -> list[str]:
        choice = getattr(user, "letter_choice", None)
        return choice.unwanted if choice else []


class Reminder(models.Model):
    """A reminder of a due review that was sent, or overtaken by a later one.

    `step`: days from the due date, negative before it: -30, -7, 0, 7, 14, …
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

"""Who must sign, who contributed, and the workflow's steps."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from wagtail.models import Task

from articles.record.vocabulary import AfterGrace, DocumentKind, Role, SubjectKind


class Policy(models.Model):
    """Which signatures a part or a component needs, and how long a review lasts.

    Only the group Medical leads edits policies. The database refuses a policy that asks for nobody,
    and one for medical text that asks for no clinician.
    """

    name = models.CharField(max_length=255, unique=True)
    kind = models.CharField("for", max_length=16, choices=DocumentKind.choices, help_text="Which document it governs.")
    is_default = models.BooleanField("default of its kind", default=False)
    editor = models.PositiveSmallIntegerField("editors", default=1, help_text="How many editors must sign.")
    medical = models.PositiveSmallIntegerField(
        "medical reviewers", default=0, help_text="How many clinicians must sign."
    )
    legal = models.PositiveSmallIntegerField("legal reviewers", default=0)
    commercial = models.PositiveSmallIntegerField("commercial reviewers", default=0)
    specialty = models.CharField(
        max_length=255, blank=True, help_text="Only clinicians of this specialty count. Empty: any."
    )
    interval_months = models.PositiveSmallIntegerField(
        "months between reviews", default=36, help_text="Where no medicine or treatment is named."
    )
    risk_interval_months = models.PositiveSmallIntegerField(
        "months between reviews, with medicines",
        default=12,
        help_text="Where substances or treatments are named.",
    )
    grace_days = models.PositiveSmallIntegerField(
        default=90, help_text="How long after the review date nothing happens."
    )
    after_grace = models.CharField(max_length=16, choices=AfterGrace.choices, default=AfterGrace.BANNER)

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
            models.UniqueConstraint(fields=["kind"], condition=Q(is_default=True), name="policy_one_default_of_a_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    def signatures(self) -> dict[str, int]:
        """{role: how many}, only roles that are asked for, editors first."""
        return {role: count for role in Role.values if (count := getattr(self, role))}


class Contribution(models.Model):
    """Somebody changed a part, a component, a source or an image: they may not vouch for it.

    `state` is a hash of what they left, so that the next change is seen as one.
    """

    subject_kind = models.CharField(max_length=16, choices=[*SubjectKind.choices, ("image", "Image")])
    subject = models.CharField(max_length=72)
    part = models.CharField(max_length=16, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    user_key = models.PositiveBigIntegerField(null=True)
    revision = models.PositiveBigIntegerField(null=True)
    state = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(F("subject"), F("part"), F("id"), name="contribution_lookup")]


class Step(models.TextChoices):
    EDITORIAL = "editorial", "Editorial check: editors sign"
    MEDICAL = "medical", "Medical review: clinicians and others sign"


class SignOffTask(Task):
    """A step of the workflow that ends when the signatures it stands for count. Nobody can approve it by hand."""

    step = models.CharField(max_length=16, choices=Step.choices, default=Step.MEDICAL)

    admin_form_fields = [*Task.admin_form_fields, "step"]

    class Meta:
        verbose_name = "sign-off"

    def start(self, workflow_state, user=None):
        from articles.review import tasks

        return tasks.start(self, super().start(workflow_state, user=user))

    def on_action(self, task_state, user, action_name, **kwargs):
        from articles.review import tasks

        return tasks.act(self, task_state, user, action_name, **kwargs)

    def get_actions(self, obj, user):
        from articles.review import tasks

        return tasks.actions(self, user)

    def user_can_access_editor(self, obj, user):
        from articles.review import tasks

        return tasks.is_for(self, user)

    def locked_for_user(self, obj, user):
        """Editors may still mend what is in medical review; the digests that were signed then no longer fit."""
        return False

    def get_task_states_user_can_moderate(self, user, **kwargs):
        from articles.review import tasks

        return tasks.waiting_for(self, user)

    @classmethod
    def get_description(cls):
        return "People of the role sign exactly what readers will get"

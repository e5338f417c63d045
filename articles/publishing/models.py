"""The schedule: articles to be published or withdrawn at an instant. And the links of published articles."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.authoring.permissions import MAY_SCHEDULE, MAY_WITHDRAW
from articles.publishing.scheduling.instants import in_words
from articles.record.vocabulary import ScheduledAction, ScheduleState, WithdrawReason


class Schedule(models.Model):
    """“Publish this text on 3 December 2026, 09:00 (Europe/Berlin)”, and its outcome.

    It refers to the article by the record's id, so that it outlives a deleted page and can report it.
    `digests`: {part: digest} of the text that it was made for; empty for a withdrawal.
    `zone`: the IANA time zone that the instant was given in. `outcome`: the result, as a message.
    """

    article = models.UUIDField()
    action = models.CharField(max_length=16, choices=ScheduledAction.choices)
    digests = models.JSONField(default=dict)
    instant = models.DateTimeField()
    zone = models.CharField(max_length=64)
    reason = models.CharField(max_length=16, choices=WithdrawReason.choices, blank=True)
    replacement = models.UUIDField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=ScheduleState.choices, default=ScheduleState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["instant", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "action"],
                condition=Q(state=ScheduleState.WAITING),
                name="schedule_one_waiting_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(action=ScheduledAction.WITHDRAW) | ~Q(reason=""),
                name="schedule_withdraws_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "instant"], name="schedule_due")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} on {self.moment}"

    @property
    def moment(self) -> str:
        return in_words(self.instant, self.zone)

    @property
    def is_publication(self) -> bool:
        return self.action == ScheduledAction.PUBLISH

    @property
    def permissions(self) -> tuple[str, ...]:
        """What whoever it runs in the name of must be permitted to do, when it is made and when it runs."""
        return (MAY_SCHEDULE,) if self.is_publication else (MAY_SCHEDULE, MAY_WITHDRAW)


class OutgoingLink(models.Model):
    """A web page that published articles (ids) link to. `problem`: why it could not be read when it was last asked;
    `failures`: how often in a row that failed; `good_at`: when it last answered."""

    address = models.CharField(max_length=2000, unique=True)
    articles = models.JSONField(default=list)
    asked_at = models.DateTimeField(null=True, db_index=True)
    good_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

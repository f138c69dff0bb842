"""What the Slack app keeps: events that came in, who is who, questions, messages behind pauses, what is watched."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from notifications.sealing import SealedAddressField, SealedTextField
from projects.models import Pause, PauseUpdate, Project, User


class InboundState(models.TextChoices):
    """How far an event has come."""

    RECEIVED = "received", _("Received")
    WORKED = "worked", _("Worked on, answers to be sent")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class InboundEvent(models.Model):
    """One thing Slack told us, kept once; what it says is encrypted, and erased when it is answered."""

    unique_id = models.CharField(max_length=200, unique=True)
    signature = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=60)
    team_id = models.CharField(max_length=20)
    payload = EncryptedTextField(null=True, blank=True)
    calls = EncryptedTextField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=InboundState, default=InboundState.RECEIVED)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("Slack event")
        indexes = [
            models.Index(
                fields=["due_at"],
                name="slack_event_to_do",
                condition=Q(state__in=[InboundState.RECEIVED, InboundState.WORKED]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=InboundState.values), name="slack_event_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=InboundState.DONE) | Q(payload__isnull=True, calls__isnull=True),
                name="done_slack_event_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.unique_id})"


class SlackAccount(models.Model):
    """Who a member of a workspace is here, confirmed by somebody who was signed in."""

    team_id = models.CharField(max_length=20)
    slack_user_id = SealedAddressField(max_length=70)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="slack_accounts")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team_id", "slack_user_id"], name="slack_account_once"),
            models.UniqueConstraint(fields=["team_id", "user"], name="one_slack_account_a_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}/{self.slack_user_id}"


class Question(models.Model):
    """A reply under the notice of a pause, kept until a lead has answered it or said that it asks nothing."""

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="slack_questions")
    team_id = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    thread_ts = models.CharField(max_length=20)
    ts = models.CharField(max_length=20)
    asker = SealedAddressField(max_length=70)
    text = SealedTextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    update = models.ForeignKey(PauseUpdate, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["team_id", "channel", "ts"], name="slack_question_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(answer=""), name="answered_slack_question_is_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["pause"], name="slack_question_open", condition=Q(closed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"Question {self.pk} on pause {self.pause_id}"


class Sighting(models.Model):
    """A message that a pause was or may be opened from: pressed by a lead, or noticed by the watcher."""

    team_id = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    ts = models.CharField(max_length=20)
    author = SealedAddressField(max_length=70, blank=True)
    text = SealedTextField()
    seen_at = models.DateTimeField()
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    proposed_on = models.DateField(null=True, blank=True, help_text=_("The day the watcher proposed it."))
    pause = models.OneToOneField(Pause, on_delete=models.SET_NULL, null=True, related_name="slack_source")

    class Meta:
        verbose_name = _("Slack message behind a pause")
        verbose_name_plural = _("Slack messages behind pauses")
        constraints = [
            models.UniqueConstraint(fields=["team_id", "channel", "ts"], name="slack_sighting_once"),
            # One proposal a project and day: a watcher that nags is switched off.
            models.UniqueConstraint(fields=["project", "proposed_on"], name="one_proposal_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.ts}"

    @property
    def address(self) -> str:
        """Where the message stands, for somebody who may read it."""
        return f"https://slack.com/archives/{self.channel}/p{self.ts.replace('.', '')}"


class WatchedWorkspace(models.Model):
    """A workspace whose project channels are watched for words that mean a pause; without a row nothing is read."""

    team_id = models.CharField(max_length=20, unique=True)
    since = models.DateTimeField()
    switched_on_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.team_id

"""Saved reports that are sent by the clock: what, to whom, when, and what became of each time."""

import uuid

from django.db import models
from django.db.models import Q

from projects.models.people import User
from projects.models.reports import ReportRun


class ReportSchedule(models.Model):
    """A report with its parameters that goes to named people each day, week or month, at an hour in UTC."""

    class Every(models.TextChoices):
        """How often."""

        DAY = "day", "Every day"
        WEEK = "week", "Every week"
        MONTH = "month", "Every month"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=120)
    report = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    every = models.CharField(max_length=10, choices=Every)
    weekday = models.PositiveSmallIntegerField(null=True, help_text="0 is Monday.")
    day = models.PositiveSmallIntegerField(null=True, help_text="Of the month, 1 to 28.")
    hour = models.PositiveSmallIntegerField(help_text="UTC.")
    recipients = models.ManyToManyField(User, related_name="report_schedules")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="schedule_has_an_hour"),
            models.CheckConstraint(
                condition=Q(every="day", weekday__isnull=True, day__isnull=True)
                | Q(every="week", weekday__lte=6, day__isnull=True)
                | Q(every="month", weekday__isnull=True, day__gte=1, day__lte=28),
                name="schedule_says_which_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> str:
        """How other rooms name this schedule."""
        return f"schedule:{self.pk}"


class ReportSending(models.Model):
    """One time that a schedule was due: sent to so many people, or failed and why."""

    class State(models.TextChoices):
        """What became of it."""

        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    schedule = models.ForeignKey(ReportSchedule, on_delete=models.CASCADE, related_name="sendings")
    due_at = models.DateTimeField()
    as_of = models.DateField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    run = models.ForeignKey(ReportRun, on_delete=models.PROTECT, null=True, related_name="+")
    people = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["schedule", "due_at"], name="sent_once_a_due_time")]

    def __str__(self) -> str:
        return f"{self.schedule_id} due {self.due_at}"

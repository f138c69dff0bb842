"""Closed periods: whole weeks whose figures are booked once, and the lines that were booked."""

import uuid

from django.db import models
from django.db.models import F, Q

from projects.models.estimates import EstimateRun
from projects.models.pauses import Pause
from projects.models.people import User
from projects.models.work import Engagement


class AccountingPeriod(models.Model):
    """The weeks from the Monday `first_week` to that of `last_week`, both included, closed for good."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first_week = models.DateField(unique=True)
    last_week = models.DateField(unique=True)
    as_of = models.DateField()
    closed_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checksum = models.CharField(max_length=64)

    class Meta:
        ordering = ["-first_week"]
        constraints = [
            models.CheckConstraint(condition=Q(last_week__gte=F("first_week")), name="period_has_weeks"),
        ]

    def __str__(self) -> str:
        return f"{self.first_week} to {self.last_week}"

    @property
    def ref(self) -> str:
        """How other rooms name this period."""
        return f"period:{self.pk}"


class PeriodLine(models.Model):
    """What a period books of one week of one estimate: its own week, or what has moved in a week closed before."""

    period = models.ForeignKey(AccountingPeriod, on_delete=models.PROTECT, related_name="lines")
    pause = models.ForeignKey(Pause, on_delete=models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(EstimateRun, on_delete=models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    week_starts_on = models.DateField()
    is_adjustment = models.BooleanField()
    expected_seconds = models.BigIntegerField()
    expected_minor = models.BigIntegerField()
    earned_minor = models.BigIntegerField()
    recovered_minor = models.BigIntegerField()
    standby_minor = models.BigIntegerField()
    lost_minor = models.BigIntegerField()

    class Meta:
        ordering = ["period", "pause", "engagement", "currency", "week_starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["pause", "engagement", "currency", "week_starts_on", "period"],
                name="week_booked_once_a_period",
            ),
            models.CheckConstraint(
                condition=Q(
                    lost_minor=F("expected_minor")
                    - F("earned_minor")
                    - F("recovered_minor")
                    - F("standby_minor")
                ),
                name="booked_lost_is_what_remains",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} week of {self.week_starts_on} in period {self.period_id}"

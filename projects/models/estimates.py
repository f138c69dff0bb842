"""Estimates: immutable runs, what each engagement lost with its range, and the weeks and lines that explain it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.pauses import Pause
from projects.models.work import Engagement


class RunState(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being computed")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class EstimateRun(models.Model):
    """One computation of what one pause costs, as of one day; never changed once it is done."""

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="estimate_runs")
    as_of = models.DateField()
    method_version = models.CharField(max_length=30)
    policy = models.CharField(
        max_length=50, blank=True, help_text=_("The policy reference pay was reckoned by; empty: none was.")
    )
    guaranteed_share_bp = models.PositiveIntegerField(default=10_000)
    monthly_cap_minor = models.PositiveBigIntegerField(null=True, blank=True)
    monthly_cap_currency = models.CharField(max_length=3, blank=True)
    inputs_fingerprint = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    reason = models.CharField(max_length=30, default="opened")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    chunks_total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    context = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["pause", "state", "-asked_at"], name="runs_of_a_pause")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="run_done_has_finished"
            ),
        ]

    def __str__(self) -> str:
        return f"Estimate of pause {self.pause_id} as of {self.as_of}"


class EstimateChunk(models.Model):
    """Some hundreds of contractors of a run: what one task computes, once."""

    run = models.ForeignKey(EstimateRun, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    first_contractor_id = models.BigIntegerField()
    last_contractor_id = models.BigIntegerField()
    done_at = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="chunk_numbered_once"),
            models.CheckConstraint(
                condition=Q(last_contractor_id__gte=F("first_contractor_id")), name="chunk_is_a_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class LostIncomeEstimate(models.Model):
    """What one engagement loses through one pause, in minor units of its currency, with its range."""

    run = models.ForeignKey(EstimateRun, on_delete=models.CASCADE, related_name="estimates", db_index=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="estimates")
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    ends_on = models.DateField()
    expected_seconds = models.BigIntegerField()
    expected_minor = models.BigIntegerField()
    earned_minor = models.BigIntegerField(default=0)
    recovered_minor = models.BigIntegerField(default=0)
    standby_minor = models.BigIntegerField(default=0)
    lost_minor = models.BigIntegerField()
    low80_minor = models.BigIntegerField()
    high80_minor = models.BigIntegerField()
    low95_minor = models.BigIntegerField()
    high95_minor = models.BigIntegerField()
    weekly_expected_minor = models.BigIntegerField(
        default=0, help_text=_("A usual week without the pause, in minor units.")
    )
    spread_minor = models.BigIntegerField(
        default=0,
        help_text=_("Standard deviation of the person's own luck; ranges of sums are reckoned from it."),
    )
    reference_minor = models.BigIntegerField(
        null=True,
        blank=True,
        help_text=_("Reference pay of the paused days by the run's policy; empty where it does not fit."),
    )
    guaranteed_minor = models.BigIntegerField(null=True, blank=True)
    usual_weekly_seconds = models.BigIntegerField(default=0)
    is_provisional = models.BooleanField(default=False)
    reasons = models.JSONField(default=list, help_text=_("Why the estimate is provisional."))
    lines = models.JSONField(default=list)
    inputs_fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["run", "engagement"]
        constraints = [
            models.UniqueConstraint(fields=["run", "engagement", "currency"], name="estimated_once_a_run"),
            models.CheckConstraint(
                condition=Q(
                    lost_minor=F("expected_minor")
                    - F("earned_minor")
                    - F("recovered_minor")
                    - F("standby_minor")
                ),
                name="lost_is_what_remains",
            ),
            models.CheckConstraint(
                condition=Q(low95_minor__lte=F("low80_minor"), low80_minor__lte=F("high80_minor"))
                & Q(high80_minor__lte=F("high95_minor")),
                name="ranges_nest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} in run {self.run_id}"


class EstimateWeek(models.Model):
    """One week of an estimate; the weeks add up to the estimate to the cent.

    Weeks are written with their estimate, in one transaction, and by nobody else: PostgreSQL is spared a look at the
    estimate for every week of 100,000 people.
    """

    estimate = models.ForeignKey(
        LostIncomeEstimate,
        on_delete=models.CASCADE,
        related_name="weeks",
        db_index=False,
        db_constraint=False,
    )
    week_starts_on = models.DateField(_("Monday of the week"))
    expected_seconds = models.BigIntegerField()
    expected_minor = models.BigIntegerField()
    earned_minor = models.BigIntegerField(default=0)
    recovered_minor = models.BigIntegerField(default=0)
    standby_minor = models.BigIntegerField(default=0)
    lost_minor = models.BigIntegerField()

    class Meta:
        ordering = ["estimate", "week_starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["estimate", "week_starts_on"], name="week_estimated_once"),
            models.CheckConstraint(
                condition=Q(
                    lost_minor=F("expected_minor")
                    - F("earned_minor")
                    - F("recovered_minor")
                    - F("standby_minor")
                ),
                name="week_lost_is_what_remains",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.estimate_id} week of {self.week_starts_on}"

"""Hours: what was worked when, where the record came from, and the days that were leave."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.pauses import Pause
from projects.models.people import Contractor, User
from projects.models.work import Engagement, Rate

TOTAL_OF_A_DAY = "day_total"
"""The source of an entry that stands for all entries of its day since they were compacted."""


class HoursImport(models.Model):
    """One file of hours that was taken in, and what became of its rows."""

    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64, db_index=True)
    format = models.CharField(max_length=30)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Since then some of its days are kept as totals: it cannot be undone."),
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rows_read = models.PositiveIntegerField(default=0)
    rows_added = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(default=0)
    rows_replaced = models.PositiveIntegerField(default=0)
    rows_unmatched = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.format})"


class HoursEntry(models.Model):
    """Work on one local date of one engagement; taken in once, whatever is imported again."""

    # No index of its own: both below begin with it.
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="hours", db_index=False)
    worked_on = models.DateField(_("worked on"))
    started_at = models.DateTimeField(_("began"), null=True, blank=True)
    seconds = models.PositiveIntegerField(_("seconds"))
    tasks = models.PositiveIntegerField(_("tasks"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=30)
    content_hash = models.CharField(max_length=64)
    rate = models.ForeignKey(Rate, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_in_by = models.ForeignKey(
        HoursImport, on_delete=models.CASCADE, null=True, blank=True, related_name="entries"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        ordering = ["engagement", "worked_on"]
        indexes: ClassVar[list[models.Index]] = [
            # Holds every column an estimate reads, so that years of hours are read from the index alone.
            models.Index(
                fields=["engagement", "worked_on", "seconds", "tasks"], name="hours_by_engagement_day"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "content_hash"], name="hours_taken_in_once"),
            models.CheckConstraint(condition=Q(seconds__lte=90_000), name="hours_fit_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.worked_on}"


class HoursDecision(models.Model):
    """What a lead decided about hours logged inside a pause: paid, not paid, or worked on another day."""

    class Finding(models.TextChoices):
        """How such hours stand before anybody has decided."""

        BEFORE_NOTICE = "before_notice", _("Worked before the notice")
        AFTER_NOTICE = "after_notice", _("Worked after the notice")
        WRONGLY_DATED = "wrongly_dated", _("Dated after the day they were logged")

    class Verdict(models.TextChoices):
        """What was decided."""

        PAYABLE = "payable", _("Paid")
        NOT_PAYABLE = "not_payable", _("Not paid")
        REDATED = "redated", _("Moved to the day they were worked")

    entry = models.OneToOneField(HoursEntry, on_delete=models.CASCADE, related_name="decision")
    pause = models.ForeignKey(Pause, on_delete=models.PROTECT, related_name="hours_decisions")
    finding = models.CharField(_("finding"), max_length=20, choices=Finding)
    verdict = models.CharField(_("decision"), max_length=20, choices=Verdict)
    dated_on = models.DateField(_("logged under"))
    reason = models.TextField(_("reason, in words the contractor may read"))
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pause", "dated_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="hours_decision_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(finding="before_notice", verdict="not_payable"),
                name="hours_before_the_notice_are_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.get_verdict_display()}"


class Leave(models.Model):
    """Days on which somebody was away by agreement, `[starts_on, ends_on)`: never taken for their usual week."""

    class Kind(models.TextChoices):
        """Why somebody was away."""

        LEAVE = "leave", _("Leave")
        SICKNESS = "sickness", _("Sickness")
        OTHER = "other", _("Other absence")

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="leave")
    kind = models.CharField(max_length=10, choices=Kind)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("first day back"))

    class Meta:
        ordering = ["contractor", "starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="leave_ends_after_start"),
            models.UniqueConstraint(fields=["contractor", "starts_on", "kind"], name="leave_starts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contractor} {self.starts_on}"

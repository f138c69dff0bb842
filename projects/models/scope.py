"""Scope reassessments: a client thinks again about what it wants, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.pauses import Pause
from projects.models.people import User
from projects.models.work import Project


class ScopeOutcome(models.TextChoices):
    """What came of a reassessment."""

    PENDING = "pending", _("Being reassessed")
    UNCHANGED = "unchanged", _("Unchanged")
    REDUCED = "reduced", _("Reduced")
    EXPANDED = "expanded", _("Expanded")
    CANCELLED = "cancelled", _("Cancelled")


class ScopeReassessment(models.Model):
    """One reassessment of one project's scope, with its outcome and new terms."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reassessments")
    pause = models.ForeignKey(
        Pause, on_delete=models.PROTECT, null=True, blank=True, related_name="reassessments"
    )
    outcome = models.CharField(max_length=10, choices=ScopeOutcome, default=ScopeOutcome.PENDING)
    what_it_means = models.TextField(_("What does it mean for contractors?"))
    confidential_note = models.TextField(blank=True)
    next_update_by = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    effective_on = models.DateField(null=True, blank=True)
    new_weekly_seconds = models.PositiveIntegerField(null=True, blank=True)
    new_rate_millionths = models.BigIntegerField(null=True, blank=True)
    new_rate_currency = models.CharField(max_length=3, blank=True)
    new_end_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(outcome="pending"), name="one_pending_reassessment_a_project"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", decided_at__isnull=True, next_update_by__isnull=False)
                | (~Q(outcome="pending") & Q(decided_at__isnull=False)),
                name="reassessment_decided_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(new_rate_millionths__isnull=True, new_rate_currency="")
                | (Q(new_rate_millionths__isnull=False) & ~Q(new_rate_currency="")),
                name="reassessed_rate_has_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"Scope of {self.project.code}: {self.get_outcome_display()}"

    @property
    def ref(self) -> str:
        """How other rooms name this reassessment."""
        return f"scope:{self.pk}"

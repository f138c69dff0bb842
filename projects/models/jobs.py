"""Job runs: long work that somebody is waiting for, and how far it has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.people import User


class JobRun(models.Model):
    """One long piece of work: an import, a report, a fan-out."""

    class State(models.TextChoices):
        """Where the work stands."""

        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True, blank=True, help_text="The latest sign of life.")
    finished_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    parameters = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
